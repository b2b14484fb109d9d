// What connect costs beside net.connect: connections to a server on loopback, by name and by address, one after the
// other, each closed with a reset so that no port is left waiting. Shows wall time and CPU time of this process for each
// connection, and ratios.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { connect } from '@plainwire/socket-utils'

const ROUNDS = 11
const WARM_UP_ROUNDS = 4 // for the compiler
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

const reset = (socket: net.Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.resetAndDestroy().once('close', () => resolve())
  })

const contestants: Readonly<Record<string, (host: string) => Promise<void>>> = {
  async 'net.connect'(host) {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject)
    })
    await reset(socket)
  },
  /** What a careful program writes for itself. */
  async 'net.connect with a deadline'(host) {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true })
    // Not AbortSignal.timeout: its timers would live for their 10 seconds, and end in somebody else's round.
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), 10_000)
    await once(socket, 'connect', { signal: controller.signal })
    clearTimeout(timer)
    await reset(socket)
  },
  async connect(host) {
    const { socket } = await connect({ host, port })
    await reset(socket)
  },
}

interface Round {
  readonly wall: number
  readonly cpu: number
}

async function measure(once: () => Promise<void>): Promise<Round> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
  for (let count = 0; count < CONNECTIONS; count++) await once()
  const { user, system } = process.cpuUsage(cpu)
  return { wall: ((performance.now() - startedAt) * 1000) / CONNECTIONS, cpu: (user + system) / CONNECTIONS }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

async function compare(host: string): Promise<void> {
  const rounds = new Map<string, Round[]>(Object.keys(contestants).map((name) => [name, []]))
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const [name, contestant] of Object.entries(contestants)) {
      const result = await measure(() => contestant(host))
      if (round >= 0) rounds.get(name)?.push(result)
    }
  }
  console.log(`connect to ${host}: medians of ${ROUNDS} interleaved rounds of ${CONNECTIONS}, for each connection`)
  const base = rounds.get('net.connect') ?? []
  for (const [name, results] of rounds) {
    // The ratio of each round, so that what slows the machine down slows both.
    const show = (of: keyof Round): string => {
      const ratio = median(results.map((result, round) => result[of] / (base[round]?.[of] ?? NaN)))
      return `${of} ${median(results.map((result) => result[of]))
        .toFixed(1)
        .padStart(6)} µs  ${ratio.toFixed(2)}x`
    }
    console.log(`  ${name.padEnd(28)} ${show('wall')}   ${show('cpu')}`)
  }
}

await compare('localhost')
await compare('127.0.0.1')
server.stdin.end()
