// What connect costs beside net.connect: connections to a server on loopback, by name and by address, one after the
// other, each closed with a reset so that no port is left waiting. Shows wall time and CPU time for each connection,
// and ratios. It wants two cores, one for the server.

import { type ChildProcess, fork } from 'node:child_process'
import { on, once } from 'node:events'
import net from 'node:net'
import { connect } from '@plainwire/socket-utils'

const ROUNDS = 41
// The compiler takes some 25,000 connections before it has seen enough of each function.
const WARM_UP_ROUNDS = 40
const CONNECTIONS = 1000

type Connect = (host: string, port: number) => Promise<net.Socket>

const contestants: Readonly<Record<string, Connect>> = {
  'net.connect': (host, port) =>
    new Promise((resolve, reject) => {
      const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true })
      socket.once('connect', () => resolve(socket)).once('error', reject)
    }),
  /** What a careful program writes for itself. */
  async 'net.connect with a deadline'(host, port) {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true })
    // Not AbortSignal.timeout: its timers would live for their 10 seconds, and end in a later round.
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), 10_000)
    await once(socket, 'connect', { signal: controller.signal })
    clearTimeout(timer)
    return socket
  },
  connect: async (host, port) => (await connect({ host, port })).socket,
}

interface Round {
  readonly wall: number
  readonly cpu: number
}

async function measure(connectTo: () => Promise<net.Socket>): Promise<Round> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
  for (let count = 0; count < CONNECTIONS; count++) {
    const socket = await connectTo()
    await new Promise((resolve) => socket.resetAndDestroy().once('close', resolve))
  }
  const { user, system } = process.cpuUsage(cpu)
  return { wall: ((performance.now() - startedAt) * 1000) / CONNECTIONS, cpu: (user + system) / CONNECTIONS }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

/** Each contestant in a process of its own, as a program has one of them: side by side they spoil each other's caches. */
async function compare(host: string, server: ChildProcess): Promise<void> {
  const [port] = await tell(server, 'port')
  const children = Object.keys(contestants).map((name) => [name, fork(import.meta.filename, [name])] as const)
  const rounds = new Map<string, Round[]>(Object.keys(contestants).map((name) => [name, []]))
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const [name, child] of children) {
      const [result] = (await tell(child, { host, port })) as [Round]
      if (round >= 0) rounds.get(name)?.push(result)
    }
  }
  for (const [, child] of children) child.disconnect()

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

async function tell(child: ChildProcess, message: object | string): Promise<unknown[]> {
  child.send(message)
  return await once(child, 'message')
}

const role = process.argv[2]
if (role === 'server') {
  const server = net.createServer((client) => client.on('error', () => {}).resume())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  // It never sleeps: to wake it costs the client's own core 2 µs, which only those pay who give it the time to fall asleep.
  const stayAwake = (): void => void setImmediate(stayAwake)
  stayAwake()
  process.on('message', () => process.send?.((server.address() as net.AddressInfo).port))
  process.once('disconnect', () => process.exit())
} else if (role !== undefined) {
  const connectTo = contestants[role]
  if (!connectTo) throw new Error(`no contestant ${role}`)
  for await (const [{ host, port }] of on(process, 'message', { close: ['disconnect'] })) {
    process.send?.(await measure(() => connectTo(host, port)))
  }
} else {
  const server = fork(import.meta.filename, ['server'])
  await compare('localhost', server)
  await compare('127.0.0.1', server)
  server.disconnect()
}
