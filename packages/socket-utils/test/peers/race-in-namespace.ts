// Runs inside the namespace that network-namespace.test.ts makes: races connect, and Node's own net.connect beside it,
// and prints what came of it as JSON. `node race-in-namespace.ts silent|late|aborted|probed`

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { connect, type ConnectStep, probePort, WireError } from '@plainwire/socket-utils'

const run = promisify(execFile)

const STATES: Readonly<Record<string, string>> = { '01': 'established', '02': 'syn-sent', '03': 'syn-received' }

/** The namespace's TCP sockets that are open, both ends, without the listening ones. */
function openSockets(): string[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => STATES[line.trim().split(/\s+/)[3] ?? ''])
      .filter((state) => state !== undefined),
  )
}

/** The open sockets once there are so many of them, or as they are after two seconds. */
async function socketsSettled(count: number): Promise<string[]> {
  for (const end = performance.now() + 2000; openSockets().length !== count && performance.now() < end;) await sleep(5)
  return openSockets()
}

const attempts = (steps: readonly ConnectStep[]): string[] =>
  steps.flatMap((step) => (step.step === 'attempt' ? [`${step.address} ${step.error?.code ?? 'connected'}`] : []))

interface Result {
  readonly end: string
  readonly elapsedMs: number
  readonly attempts?: readonly string[]
  readonly sockets?: readonly string[]
}

async function ours(host: string, port: number): Promise<Result> {
  const startedAt = performance.now()
  const { socket, address, steps } = await connect({ host, port })
  const elapsedMs = performance.now() - startedAt
  const sockets = await socketsSettled(2)
  socket.destroy()
  await socketsSettled(0)
  return { end: address, elapsedMs, attempts: attempts(steps), sockets }
}

async function nodesOwn(host: string, port: number): Promise<Result> {
  const startedAt = performance.now()
  const socket = net.connect({ host, port, autoSelectFamily: true })
  const end = await once(socket, 'connect').then(
    () => socket.remoteAddress ?? '',
    (error: NodeJS.ErrnoException) => error.code ?? '',
  )
  const elapsedMs = performance.now() - startedAt
  socket.destroy()
  await socketsSettled(0)
  return { end, elapsedMs }
}

async function listen(host: string): Promise<net.Server & AsyncDisposable> {
  const server = net.createServer((client) => client.on('error', () => {}).resume())
  await once(server.listen({ port: 0, host, ipv6Only: true }), 'listening')
  return server
}

const portOf = (server: net.Server): number => (server.address() as net.AddressInfo).port

async function silent(): Promise<unknown> {
  await using server = await listen('10.7.0.1')
  const results: { ours: Result[]; node: Result[] } = { ours: [], node: [] }
  for (let round = 0; round < 5; round++) {
    results.ours.push(await ours('silent-then-open.test', portOf(server)))
    results.node.push(await nodesOwn('silent-then-open.test', portOf(server)))
  }
  return results
}

/** Nothing listens on 10.7.0.1; the first address is nowhere for 1.2 s and then here, so that the next SYN is answered. */
async function late(): Promise<unknown> {
  await using server = await listen('::')
  const appear = async (address: string): Promise<void> => {
    await sleep(1200)
    await run('ip', ['addr', 'add', `${address}/128`, 'dev', 'lo', 'nodad'])
  }
  const [mine] = await Promise.all([ours('late-then-refused.test', portOf(server)), appear('2001:db8:7::3')])
  const [nodes] = await Promise.all([nodesOwn('late-then-refused-2.test', portOf(server)), appear('2001:db8:7::4')])
  return { ours: mine, node: nodes }
}

async function aborted(): Promise<unknown> {
  const controller = new AbortController()
  const steps: ConnectStep[] = []
  const connecting = connect({
    host: 'both-silent.test',
    port: 9,
    signal: controller.signal,
    onStep: (step) => steps.push(step),
  })
  const failed = connecting.then(
    () => 'connected',
    (reason: unknown) => (reason instanceof WireError ? reason.code : String(reason)),
  )
  const during = await socketsSettled(2)
  controller.abort('mine')
  return { end: await failed, during, after: await socketsSettled(0), attempts: attempts(steps) }
}

/** A port that nobody listens on, an address that nobody has, one that there is no route to, one that a router refuses. */
async function probed(): Promise<unknown> {
  const probe = async (host: string): Promise<string> => {
    const result = await probePort({ host, port: 9, timeoutMs: 300 })
    return result.state === 'open' ? 'open' : `${result.state} ${result.error.message}`
  }
  const hosts = ['10.7.0.1', '10.7.0.2', '192.0.2.7', '198.51.100.7', '2001:db8:7::2']
  return Object.fromEntries(await Promise.all(hosts.map(async (host) => [host, await probe(host)])))
}

const scenario = { silent, late, aborted, probed }[process.argv[2] ?? '']
if (scenario === undefined) throw new TypeError('usage: race-in-namespace.ts silent|late|aborted|probed')
process.stdout.write(`${JSON.stringify(await scenario())}\n`)
