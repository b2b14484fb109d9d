// What a connection, a message and a newcomer cost, side by side: ours with all features on, bare node:net, node:cluster,
// Python's thread for each client, Go, socat, and as the limit a C program. The load comes from a C program. Every server
// is started fresh in every round, the rounds take turns, and what is printed are the medians of the rounds.
//
//   pnpm bench [rounds, default 3] [seconds of each measurement, default 2] [phases, as small,newcomers] [contenders, as handlers,bare]

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { temporaryDirectory } from '@plainwire/testing'
import { type Contender, type Phase, prepare, type Started, start } from './contenders.ts'
import { cpuSecondsOf, residentBytesOf } from './process-tree.ts'

const rounds = Number(process.argv[2] ?? 3)
const seconds = process.argv[3] ?? '2'
const only = process.argv[4]?.split(',')
/** Parts of their names; bare node:net takes part in any case. */
const among = process.argv[5]?.split(',')
const BASELINE = 'Node, bare net'

using directory = temporaryDirectory()
const { load, contenders, missing } = await prepare(directory.path)
console.log(`Node ${process.version}, ${process.platform}, load ${loadavg()[0]?.toFixed(2)}, ${rounds} rounds`)
for (const program of missing) console.log(`!!! MISSING: ${program} is not installed, and not compared`)

interface LoadResult {
  readonly seconds: number
  readonly busyReplies: number
  readonly measured: number
  readonly p50us: number
  readonly p99us: number
  readonly errors: number
  readonly unserved: number
}

interface Load extends LoadResult {
  /** What the server's processes spent meanwhile, its new connections apart if they were there before. */
  readonly cpuSeconds: number
}

async function runLoad(server: Started, ...args: readonly (string | number)[]): Promise<Load> {
  const [mode = '', ...rest] = args.map(String)
  const child = spawn(load, [mode, String(server.port), ...rest], { stdio: ['pipe', 'pipe', 'inherit'] })
  const timeout = setTimeout(() => child.kill('SIGKILL'), 120_000)
  try {
    const pid = server.process.pid ?? 0
    let before = 0
    for await (const line of createInterface({ input: child.stdout })) {
      if (line !== 'ready') return { ...(JSON.parse(line) as LoadResult), cpuSeconds: cpuSecondsOf(pid) - before }
      before = cpuSecondsOf(pid)
      child.stdin.write('\n')
    }
    throw new Error(`load ${args.join(' ')} ended without a result`)
  } finally {
    clearTimeout(timeout)
  }
}

type Figures = Readonly<Record<string, number>>

interface Measurement {
  readonly title: string
  /** Which figure the ratio to bare node:net is made of. */
  readonly ratio: string
  readonly measure: (contender: Contender) => Promise<Figures>
}

const messages =
  (connections: number, bytes: number) =>
  async (contender: Contender): Promise<Figures> => {
    await using server = await start(contender)
    await runLoad(server, 'echo', Math.min(connections, 64), bytes, 0.5) // until its code is compiled
    const result = await runLoad(server, 'echo', connections, bytes, seconds)
    return {
      'CPU µs/msg': (result.cpuSeconds * 1e6) / result.busyReplies,
      'msg/s': result.busyReplies / result.seconds,
      'p50 ms': result.p50us / 1000,
      'p99 ms': result.p99us / 1000,
      errors: result.errors,
      'never served': result.unserved,
    }
  }

const IDLE_CONNECTIONS = 10_000

async function idle(contender: Contender): Promise<Figures> {
  await using server = await start(contender)
  const pid = server.process.pid ?? 0
  await runLoad(server, 'echo', 64, 64, 0.5)
  const before = residentBytesOf(pid)
  const holder = spawn(load, ['idle', String(server.port), String(IDLE_CONNECTIONS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  const bytes = residentBytesOf(pid) - before
  holder.stdin.end()
  await once(holder, 'exit')
  return { 'KB/connection': bytes / 1024 / IDLE_CONNECTIONS }
}

async function accept(contender: Contender): Promise<Figures> {
  await using server = await start(contender)
  await runLoad(server, 'churn', 8, 0, 0.5)
  const result = await runLoad(server, 'churn', 8, 0, seconds)
  return {
    'CPU µs/connection': (result.cpuSeconds * 1e6) / result.measured,
    'new/s': result.measured / result.seconds,
    errors: result.errors,
  }
}

async function newcomers(contender: Contender): Promise<Figures> {
  await using server = await start(contender)
  await runLoad(server, 'echo', 64, 64, 0.5)
  const result = await runLoad(server, 'churn', 100, 200, seconds)
  return {
    'new/s': result.measured / result.seconds,
    'p50 ms': result.p50us / 1000,
    'p99 ms': result.p99us / 1000,
    'busy msg/s': result.busyReplies / result.seconds,
    errors: result.errors,
    'never served': result.unserved,
  }
}

const MEASUREMENTS: Readonly<Record<Phase, Measurement>> = {
  small: { title: '64 B echo, 64 connections', ratio: 'CPU µs/msg', measure: messages(64, 64) },
  large: { title: '64 KiB echo, 1,000 connections', ratio: 'CPU µs/msg', measure: messages(1000, 65536) },
  idle: { title: '10,000 idle connections', ratio: 'KB/connection', measure: idle },
  accept: {
    title: '8 clients that come, have 64 B echoed and reset, over and over',
    ratio: 'CPU µs/connection',
    measure: accept,
  },
  newcomers: { title: '100 clients that come and go among 200 busy ones', ratio: 'p99 ms', measure: newcomers },
  many: { title: '64 B echo, 10,000 connections', ratio: 'msg/s', measure: messages(10_000, 64) },
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN

for (const [phase, { title, ratio, measure }] of Object.entries(MEASUREMENTS)) {
  if (only && !only.includes(phase)) continue
  const isWanted = (name: string): boolean => name === BASELINE || !among || among.some((part) => name.includes(part))
  const taking = contenders.filter(({ name, phases }) => phases.includes(phase as Phase) && isWanted(name))
  const seen = new Map<string, Figures[]>(taking.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of taking) {
      try {
        seen.get(contender.name)?.push(await measure(contender))
      } catch (error) {
        console.log(`!!! FAILED: ${contender.name}, ${title}: ${String(error)}`)
      }
    }
  }
  const baseline = seen.get(BASELINE) ?? []
  console.log(`\n${title} (load ${loadavg()[0]?.toFixed(2)})`)
  console.table(
    Object.fromEntries(
      [...seen].map(([name, figures]) => {
        const names = Object.keys(figures[0] ?? {})
        const medians = names.map((name) => [name, round(median(figures.map((one) => one[name] ?? NaN)))])
        // Round by round, so that what else the machine did at the time weighs on both.
        const ratios = figures.map((one, index) => (one[ratio] ?? NaN) / (baseline[index]?.[ratio] ?? NaN))
        return [name, { ...Object.fromEntries(medians), [`${ratio}, × bare`]: round(median(ratios)) }]
      }),
    ),
  )
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
