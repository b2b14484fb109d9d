// What serveNtp is worth as a server: how far off `chronyd -Q` and ntpdig find it, and how many replies it gives a second,
// in a thread of its own, beside chronyd. The client that asks is the same for both, and on two cores as likely to be the limit.
//
//   pnpm bench:server [runs of chronyd -Q, default 50]

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { Worker } from 'node:worker_threads'
import { encodePacket } from '@plainwire/ntp-client/packet'
import { findProgram, temporaryDirectory } from '@plainwire/testing'
import { outcome, startChronydServer } from '../test/peers/chronyd.ts'
import { chronydOnce, ntpdigs, serverPort } from './contenders.ts'

const OUTSTANDING = 64
const SECONDS = 3
const ROUNDS = 3

const runs = Number(process.argv[2] ?? 50)
const program = findProgram('chronyd')
if (program === undefined) throw new Error('chronyd is not installed')
using directory = temporaryDirectory()
const port = await serverPort()
await using chronyd = startChronydServer(program, directory.path, port, ['local stratum 1'])
await outcome(chronyd, `127.0.0.1:${port}`)
const thread = new Worker(new URL('server-thread.ts', import.meta.url), { workerData: port })
await once(thread, 'message')

const readers = [chronydOnce(program, directory.path), ...ntpdigs(port)]
const servers = [
  { name: 'serveNtp', host: '127.0.0.2', repliesPerSecond: [] as number[] },
  { name: 'chronyd', host: '127.0.0.1', repliesPerSecond: [] as number[] },
]
const found = readers.flatMap((reader) => servers.map((server) => ({ reader, server, errorsUs: [] as number[] })))
for (let run = 0; run < runs; run++) {
  for (const { reader, server, errorsUs } of found) {
    errorsUs.push(Math.abs(await reader.offsetMs(server.host, port)) * 1000)
  }
}
for (let round = 0; round < ROUNDS; round++) {
  for (const { host, repliesPerSecond } of servers) repliesPerSecond.push(await throughput(host))
}
console.log(`Node ${process.version}, load ${loadavg()[0]}; by how many µs a reader finds a server off, ${runs} runs:`)
console.table(
  found.map(({ reader, server, errorsUs }) => {
    const sorted = errorsUs.toSorted((a, b) => a - b)
    const quantile = (part: number): number =>
      Math.round(sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN)
    return {
      reader: reader.name,
      server: server.name,
      median: quantile(0.5),
      p95: quantile(0.95),
      max: quantile(1),
    }
  }),
)
for (const { name, repliesPerSecond } of servers) {
  console.log(`${name}: ${Math.round(Math.max(...repliesPerSecond))} replies/s, the best of ${ROUNDS} rounds`)
}
await thread.terminate()

/** A new request for each reply, so many at a time; what is lost is sent again when all the others are lost, too. */
async function throughput(host: string): Promise<number> {
  await using socket = createSocket('udp4')
  socket.connect(port, host)
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
