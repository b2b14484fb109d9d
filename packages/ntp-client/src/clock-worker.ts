// The thread in which an NtpClock keeps its time: asks the servers again and again, and publishes what follows from it.

import { parentPort, workerData } from 'node:worker_threads'
import { setTimeout } from 'node:timers/promises'
import { ProtocolError, WireError } from '@plainwire/socket-utils/errors'
import { writeClock } from './clock-memory.ts'
import { type ClockMessage, type ClockWorkerData, type Failure } from './clock-worker-data.ts'
import { discipline, remember, type ClockSample, type Discipline } from './protocol/discipline.ts'
import { KissMemory } from './protocol/kiss-memory.ts'
import { isKissOfDeath } from './protocol/kiss-of-death.ts'
import { authenticateWith } from './symmetric-keys.ts'
import { synchronize, type SynchronizeResult } from './synchronize.ts'

const data = workerData as ClockWorkerData
const authenticators = new Map(Object.entries(data.keys).map(([server, key]) => [server, authenticateWith(key)]))
// Any constant will do: only the difference of two readings of the monotonic clock counts.
const aheadNs = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint()
const options = {
  samples: data.samples,
  timeoutMs: data.timeoutMs,
  ...(data.quorum !== undefined && { quorum: data.quorum }),
  clock: () => process.hrtime.bigint() + aheadNs,
  kisses: new KissMemory(),
  authenticatorFor: (server: string) => authenticators.get(server),
}

const NO_CLOCK_IN_COMMON =
  'NtpClock: the threads of this runtime have no monotonic clock in common, as those of Node have'

// Here and not from outside: a thread that is ended in the middle of writing would leave every reader waiting.
parentPort?.once('message', () => process.exit())

let samples: ClockSample[] = []
let current: Discipline | undefined
let leap = 0
// Bun's and Deno's threads each count from their own start: what one publishes would be wrong in another by as long as
// that took. Node's count from one origin.
if (performance.timeOrigin === data.timeOrigin) await keepTime()
else tell({ type: 'failure', failure: { kind: 'network', code: 'unsupported', message: NO_CLOCK_IN_COMMON } })

async function keepTime(): Promise<never> {
  for (let intervalMs = data.minIntervalMs; ; intervalMs = Math.min(2 * intervalMs, data.maxIntervalMs)) {
    try {
      const result = await synchronize(data.servers, options)
      follow(result)
    } catch (error) {
      writeClock(data.memory, 'holdover', leap)
      tell({ type: 'failure', failure: failureOf(error) })
    }
    await setTimeout(intervalMs)
  }
}

function follow(result: SynchronizeResult): void {
  const latest = [...result.survivors, ...result.outliers, ...result.falsetickers].flatMap(({ result }) =>
    result.samples.map(({ t4Ns }) => t4Ns),
  )
  const atNs = latest.reduce((last, t4Ns) => (t4Ns > last ? t4Ns : last))
  samples = remember(samples, {
    localNs: atNs - aheadNs,
    timeNs: atNs + result.offsetNs,
    maxErrorNs: result.maxErrorMs * 1e6,
  })
  current = discipline(samples, current, process.hrtime.bigint(), data)
  leap = result.leap
  writeClock(data.memory, 'synchronized', leap, current)
  const names = (all: readonly { readonly server: string }[]): string[] => all.map(({ server }) => server)
  tell({
    type: 'update',
    correctionMs: current.correctionNs / 1e6,
    stepped: current.stepped,
    leap,
    survivors: names(result.survivors),
    falsetickers: names(result.falsetickers),
  })
}

function tell(message: ClockMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(message)
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof WireError)) {
    return error instanceof Error
      ? { kind: 'caller', code: error.name, message: error.message }
      : { kind: 'caller', code: '', message: String(error) }
  }
  const { code, message } = error
  if (!isKissOfDeath(error)) return { kind: error instanceof ProtocolError ? 'protocol' : 'network', code, message }
  return { kind: 'protocol', code, message, kiss: { kissCode: error.kissCode, poll: error.poll } }
}
