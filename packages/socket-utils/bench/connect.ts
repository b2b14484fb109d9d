// What connect costs beside net.connect: connections to a server on loopback, one after the other, each closed with a
// reset so that no port is left waiting. Shows wall time and CPU time of this process for each connection, and ratios.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { connect } from '@plainwire/socket-utils'

const ROUNDS = 11
const CONNECTIONS = 1000

// A process of its own, so that its work is not counted as ours.
const server = spawn(
  process.execPath,
  [
    '--eval',
    `const server = require('node:net').createServer((client) => client.on('error', () => {}).resume())
     server.listen(0, '127.0.0.1', 511, () => console.log(server.address().port))
     process.stdin.resume().on('end', () => process.exit())`,
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
)
const port = Number(String((await once(server.stdout, 'data'))[0]))
const host = '127.0.0.1'

const plain = async (): Promise<void> => {
  const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject)
  })
  socket.resetAndDestroy()
}

/** What a careful program writes for itself: the same, with a deadline. */
const careful = async (): Promise<void> => {
  const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true })
  await once(socket, 'connect', { signal: AbortSignal.timeout(10_000) })
  socket.resetAndDestroy()
}

const ours = async (): Promise<void> => {
  const { socket } = await connect({ host, port })
  socket.resetAndDestroy()
}

const contestants = { 'net.connect': plain, 'net.connect, once, AbortSignal.timeout': careful, connect: ours }

interface Round {
  readonly wallUs: number
  readonly cpuUs: number
}

async function measure(once: () => Promise<void>): Promise<Round> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
  for (let count = 0; count < CONNECTIONS; count++) await once()
  const { user, system } = process.cpuUsage(cpu)
  return { wallUs: ((performance.now() - startedAt) * 1000) / CONNECTIONS, cpuUs: (user + system) / CONNECTIONS }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

const rounds = new Map<string, Round[]>(Object.keys(contestants).map((name) => [name, []]))
for (let round = -2; round < ROUNDS; round++) {
  for (const [name, once] of Object.entries(contestants)) {
    const result = await measure(once)
    if (round >= 0) rounds.get(name)?.push(result) // those before warm the compiler up
  }
}
server.stdin.end()

const base = rounds.get('net.connect') ?? []
console.log(`connect on loopback: medians of ${ROUNDS} interleaved rounds of ${CONNECTIONS}, µs for each connection`)
for (const [name, results] of rounds) {
  // The ratio of each round, so that what slows the machine down slows both.
  const ratio = (of: (round: Round) => number): string =>
    median(results.map((result, round) => of(result) / of(base[round] ?? result))).toFixed(2)
  const wall = median(results.map(({ wallUs }) => wallUs)).toFixed(1)
  const cpu = median(results.map(({ cpuUs }) => cpuUs)).toFixed(1)
  console.log(
    `${name.padEnd(38)} wall ${wall} (${ratio(({ wallUs }) => wallUs)}x)  CPU ${cpu} (${ratio(({ cpuUs }) => cpuUs)}x)`,
  )
}
