// What serveNtp is worth as a server: how far off `chronyd -Q` finds it, and how many replies it gives a second, in a thread
// of its own, beside chronyd. The client that asks is the same for both, and on two cores as likely to be the limit.
//
//   pnpm bench:server [runs of chronyd -Q, default 50]

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { Worker } from 'node:worker_threads'
import { encodePacket } from '@plainwire/ntp-client/packet'
import { findProgram, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { outcome, startChronydServer } from '../test/peers/chronyd.ts'
import { chronydOnce } from './contenders.ts'

const OUTSTANDING = 64
const SECONDS = 3
const ROUNDS = 3

const runs = Number(process.argv[2] ?? 50)
const program = findProgram('chronyd')
if (program === undefined) throw new Error('chronyd is not installed')
using directory = temporaryDirectory()
const chronydPort = await unusedPort()
await using chronyd = startChronydServer(program, directory.path, chronydPort, ['local stratum 1'])
await outcome(chronyd, `127.0.0.1:${chronydPort}`)
const thread = new Worker(new URL('server-thread.ts', import.meta.url))
const [ourPort] = (await once(thread, 'message')) as [number]

const chronydQ = chronydOnce(program, directory.path)
const servers = [
  { name: 'serveNtp', port: ourPort, errorsUs: [] as number[], repliesPerSecond: 0 },
  { name: 'chronyd', port: chronydPort, errorsUs: [] as number[], repliesPerSecond: 0 },
]
for (let run = 0; run < runs; run++) {
  for (const { port, errorsUs } of servers) errorsUs.push(Math.abs(await chronydQ.offsetMs('127.0.0.1', port)) * 1000)
}
for (let round = 0; round < ROUNDS; round++) {
  for (const server of servers)
    server.repliesPerSecond = Math.max(server.repliesPerSecond, await throughput(server.port))
}
console.log(`Node ${process.version}, load ${loadavg()[0]}; chronyd -Q finds them off by, in µs:`)
console.table(
  servers.map(({ name, errorsUs, repliesPerSecond }) => {
    const sorted = errorsUs.toSorted((a, b) => a - b)
    const quantile = (part: number): number => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN
    return {
      server: name,
      runs: sorted.length,
      median: quantile(0.5),
      p95: quantile(0.95),
      max: quantile(1),
      'replies/s': Math.round(repliesPerSecond),
    }
  }),
)
await thread.terminate()

/** A new request for each reply, so many at a time; what is lost is sent again when all the others are lost, too. */
async function throughput(port: number): Promise<number> {
  await using socket = createSocket('udp4')
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const request = encodePacket({ version: 4, mode: 3, transmitTimestamp: 0x1234_5678n })
  const fill = (): void => {
    for (let count = 0; count < OUTSTANDING; count++) socket.send(request)
  }
  let replies = 0
  let heard = 0
  socket.on('message', () => {
    replies++
    socket.send(request)
  })
  const refill = setInterval(() => {
    if (replies === heard) fill()
    heard = replies
  }, 50)
  const startedAt = performance.now()
  fill()
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000))
  clearInterval(refill)
  return (replies / (performance.now() - startedAt)) * 1000
}
