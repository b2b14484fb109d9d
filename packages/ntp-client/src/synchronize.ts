// The time of several servers in one call: asked side by side, believed as far as a majority of them agrees.

import { isIP, SocketAddress } from 'node:net'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { NetworkError, ProtocolError, quoted, WireError } from '@plainwire/socket-utils/errors'
import { checkTimeout, query, type QueryOptions } from './client.ts'
import { anchoredClock } from './clock.ts'
import { summaryOf } from './failure-summary.ts'
import { type Authenticator } from './protocol/authentication.ts'
import { agree, type Agreement, type Candidate } from './protocol/agreement.ts'
import { estimate } from './protocol/estimate.ts'
import { isKissOfDeath } from './protocol/kiss-of-death.ts'
import { KissMemory } from './protocol/kiss-memory.ts'
import { type NtpErrorCode } from './protocol/packet.ts'
import { type QueryResult } from './query-result.ts'
import { pause } from './pause.ts'

/** As for query, for each server, all at the same time; `timeoutMs` is for the whole. */
export interface SynchronizeOptions extends Omit<QueryOptions, 'onExchange' | 'authenticator'> {
  /**
   * How many servers must agree; default more than half of those asked. Fewer is a risk: whoever silences the others
   * decides. Never fewer than more than half of those that answered.
   */
  readonly quorum?: number
  /** The orders of servers to ask less often or never again: hand the same one to every call, and they are obeyed. */
  readonly kisses?: KissMemory
  /** Proves who answers for `server`, as the caller wrote it; undefined where nothing does. */
  readonly authenticatorFor?: (server: string) => Authenticator | undefined
}

/** One server's part, and its result as `query` gave it. */
export interface ServerVerdict {
  /** As the caller wrote it. */
  readonly server: string
  readonly result: QueryResult
}

/** A server that gave no sample, and why. */
export interface ServerFailure {
  readonly server: string
  readonly error: WireError
}

/** What a majority of the servers agrees on, RFC 5905 §11.2, and what became of each. */
export interface SynchronizeResult {
  /** Add to the local clock to agree with the majority: positive where the local clock is behind. Θ, RFC 5905 §11.2.3. */
  readonly offsetMs: number
  readonly offsetNs: bigint
  /** The true offset lies within offsetMs ± maxErrorMs if fewer than half of all servers lie, whatever they say. */
  readonly maxErrorMs: number
  /** How much the survivors differ, root mean square. */
  readonly jitterMs: number
  /** What more than half of the survivors say: 1 or 2 where a leap second is due, else 0. */
  readonly leap: number
  /** How many servers had to agree. */
  readonly quorum: number
  /** Those whose offsets were combined, the best first. */
  readonly survivors: readonly ServerVerdict[]
  /** Those that may be right, but are further off than the survivors. */
  readonly outliers: readonly ServerVerdict[]
  /** Those that cannot be right if the majority is. */
  readonly falsetickers: readonly ServerVerdict[]
  /** Those that gave no time. */
  readonly failures: readonly ServerFailure[]
}

/** Too few servers agree to believe any: what each said stands beside the error's `code`. */
export type NoMajority = ProtocolError<'ntp/no-majority'> & {
  /** Those that gave a time. */
  readonly answers: readonly ServerVerdict[]
  readonly failures: readonly ServerFailure[]
  readonly quorum: number
}

/** Tells a disagreement of the servers from one server's fault. */
export function isNoMajority(error: unknown): error is NoMajority {
  return error instanceof ProtocolError && error.code === 'ntp/no-majority' && 'answers' in error
}

type Standing = ServerVerdict & Candidate

/** Once a majority agrees the others get as long again, and at least this, to be heard, too. */
const LEAST_GRACE_MS = 250

/**
 * Asks all `servers` at once, each as `query` does, and combines what a majority agrees on (RFC 5905 §11.2). A name is one
 * vote, however many addresses it has, and an address is one vote, however many names it has.
 *
 * ProtocolError `ntp/no-majority` where too few agree, a NoMajority that has what each one said. Where no server answers at
 * all, their own errors in one, with the last one's code. TypeError or RangeError for wrong arguments. An abort rejects
 * with the signal's reason.
 */
export async function synchronize(
  servers: readonly string[],
  options: SynchronizeOptions = {},
): Promise<SynchronizeResult> {
  const { timeoutMs = 5000, signal, kisses = new KissMemory() } = options
  if (!Array.isArray(servers)) throw new TypeError(`servers must be a list of names, got ${quoted(servers)}`)
  if (servers.length === 0) throw new RangeError('servers must be one or more, got none')
  const { quorum = majorityOf(servers.length) } = options
  if (!(Number.isInteger(quorum) && quorum >= 1 && quorum <= servers.length)) {
    throw new RangeError(`quorum must be a whole number from 1 to ${servers.length}, got ${quoted(quorum)}`)
  }
  checkTimeout(timeoutMs)
  signal?.throwIfAborted()

  const startedAt = performance.now()
  const clock = options.clock ?? anchoredClock()
  const others = new AbortController()
  const cancel = (): void => others.abort(signal?.reason)
  signal?.addEventListener('abort', cancel)
  let grace: NodeJS.Timeout | undefined
  const answers: ServerVerdict[] = []
  const failures: ServerFailure[] = []
  const asked = { ...options, clock, timeoutMs, kisses, startedAt, signal: others.signal }

  const tasks = servers.map(async (server) => {
    try {
      const result = await askServer(server, asked)
      const same = answers.find((answer) => addressOf(answer.result) === addressOf(result))
      if (same) failures.push({ server, error: sameServer(server, same) })
      else answers.push({ server, result })
      if (grace === undefined && agreement(answers, servers.length, quorum) !== undefined) {
        const graceMs = Math.max(LEAST_GRACE_MS, performance.now() - startedAt)
        const late = new NetworkError('timed-out', `no answer by ${Math.round(graceMs)} ms after a majority agreed`)
        grace = setTimeout(() => others.abort(late), graceMs)
      }
    } catch (error) {
      if (!(error instanceof WireError) || signal?.aborted) {
        others.abort(error)
        throw error
      }
      failures.push({ server, error })
    }
  })
  try {
    const outcomes = await Promise.allSettled(tasks)
    signal?.throwIfAborted()
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  } finally {
    clearTimeout(grace)
    signal?.removeEventListener('abort', cancel)
  }
  const agreed = agreement(answers, servers.length, quorum)
  if (agreed === undefined) throw disagreement(answers, failures, quorum)
  return resultOf(agreed, failures, quorum)
}

interface Asking extends SynchronizeOptions {
  readonly timeoutMs: number
  readonly startedAt: number
  readonly kisses: KissMemory
  readonly signal: AbortSignal
}

/** Asks as soon as it is allowed, again where that comes within the time; throws the kiss where it does not. */
async function askServer(server: string, options: Asking): Promise<QueryResult> {
  const { timeoutMs, startedAt, kisses, signal } = options
  const authenticator = options.authenticatorFor?.(server)
  const deadline = startedAt + timeoutMs
  for (;;) {
    const now = performance.now()
    const permission = kisses.permission(server, now)
    if (permission.name === 'refused') throw permission.kiss
    if (permission.name === 'later') {
      if (permission.atMs >= deadline) throw permission.kiss
      await pause(permission.atMs - now, signal)
    }
    try {
      const remainingMs = Math.max(1, deadline - performance.now())
      const result = await query(server, { ...options, timeoutMs: remainingMs, signal, authenticator })
      if (isKissOfDeath(result.stoppedBy)) kisses.obey(server, result.stoppedBy, performance.now())
      else kisses.forgive(server)
      return result
    } catch (error) {
      if (signal.aborted || !isKissOfDeath(error)) throw error
      kisses.obey(server, error, performance.now())
      if (kisses.permission(server, performance.now()).name === 'granted') throw error
    }
  }
}

/** All answers brought to the local time of the last of them, and judged together. */
function agreement(answers: readonly ServerVerdict[], asked: number, quorum: number): Agreement<Standing> | undefined {
  const last = answers.flatMap(({ result }) => result.samples.map(({ t4Ns }) => t4Ns))
  const nowNs = last.reduce((latest, t4Ns) => (t4Ns > latest ? t4Ns : latest), last[0] ?? 0n)
  const candidates = answers.map(({ server, result }): Standing => {
    const { offsetNs, stratum, samples } = result
    return { server, result, offsetNs, stratum, ...estimate(samples, nowNs) }
  })
  return agree(candidates, {
    quorum: Math.max(quorum, majorityOf(candidates.length)),
    liars: asked - majorityOf(asked),
  })
}

function resultOf(agreed: Agreement<Standing>, failures: readonly ServerFailure[], quorum: number): SynchronizeResult {
  const { offsetNs, maxErrorMs, jitterMs, survivors, outliers, falsetickers } = agreed
  return {
    offsetMs: Number(offsetNs) / 1e6,
    offsetNs,
    maxErrorMs,
    jitterMs,
    leap:
      [1, 2].find((leap) => survivors.filter(({ result }) => result.leap === leap).length * 2 > survivors.length) ?? 0,
    quorum,
    survivors: survivors.map(verdict),
    outliers: outliers.map(verdict),
    falsetickers: falsetickers.map(verdict),
    failures,
  }
}

function verdict({ server, result }: Standing): ServerVerdict {
  return { server, result }
}

function disagreement(
  answers: readonly ServerVerdict[],
  failures: readonly ServerFailure[],
  quorum: number,
): WireError {
  const errors = failures.map(({ error }) => error)
  const nobody = answers.length === 0 ? summaryOf(errors) : undefined
  if (nobody) return nobody
  const said = answers.map(({ server, result }) => {
    const { offsetMs, maxErrorMs } = result
    return `${server} says ${offsetMs.toFixed(3)} ± ${maxErrorMs.toFixed(3)} ms`
  })
  const all = answers.length + failures.length
  const message = `synchronize: ${quorum} of ${all} servers must agree: ${[...said, ...errors.map((error) => error.message)].join('; ')}`
  const error = new ProtocolError<NtpErrorCode>('ntp/no-majority', message, { cause: new AggregateError(errors) })
  return Object.assign(error, { answers, failures, quorum })
}

/** The smallest number that is more than half. */
function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1
}

/** As the system writes it: an address has several spellings, and an IPv4 one has some as IPv6, too. */
function addressOf({ server: { address, port } }: QueryResult): string {
  if (isIP(address) !== 6) return formatEndpoint({ host: address, port })
  const [numbers = '', zone] = address.split('%')
  const canonical = new SocketAddress({ address: numbers, family: 'ipv6' }).address
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(canonical) ?? []
  return formatEndpoint({ host: mapped ?? (zone === undefined ? canonical : `${canonical}%${zone}`), port })
}

function sameServer(server: string, { server: other, result }: ServerVerdict): WireError {
  const message = `query ${server}: ${addressOf(result)} has its vote as ${other} already`
  return new ProtocolError<NtpErrorCode>('ntp/same-server', message)
}
