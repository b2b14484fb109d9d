// The time of one server in one call. Several exchanges, one after another; the one with the least delay counts.

import { resolveHost, type LookupOptions, type ResolvedAddress } from '@plainwire/socket-utils/connect'
import { formatEndpoint, parseEndpoint, type TcpEndpoint } from '@plainwire/socket-utils/endpoint'
import { NetworkError, quoted, WireError } from '@plainwire/socket-utils/errors'
import { anchoredClock, type Clock } from './clock.ts'
import { summaryOf } from './failure-summary.ts'
import { type Authenticator } from './protocol/authentication.ts'
import { answerTimeoutMs, leastDelay } from './protocol/clock-filter.ts'
import { Drops } from './protocol/drops.ts'
import { type DropReason } from './protocol/exchange.ts'
import { isKissOfDeath } from './protocol/kiss-of-death.ts'
import { within } from './pause.ts'
import { queryResult, type QueryResult } from './query-result.ts'
import { exchangeOverUdp, type NtpExchange } from './udp-exchange.ts'

/** One server, asked several times under one deadline. RangeError for a number out of range. */
export interface QueryOptions {
  /** Exchanges to make, 1 to 64; default 4. */
  readonly samples?: number
  /** For the whole query, name lookup included; default 5000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** The local clock that the server is compared with; by default the wall clock, finer than Date.now(). */
  readonly clock?: Clock
  /** Finds a name's addresses; default resolveHost, the system's look-up. */
  readonly resolve?: (host: string, options: LookupOptions) => Promise<readonly ResolvedAddress[]>
  /** Proves who answers, such as `authenticateWith(key)`; whatever it does not prove is dropped. */
  readonly authenticator?: Authenticator | undefined
  /** Told of each answered exchange as soon as it is over: its bytes and timestamps, to show them. */
  readonly onExchange?: (exchange: NtpExchange) => void
}

/** One address of the server, and until when it may be asked: by the monotonic clock, in ms. */
interface Target {
  readonly host: string
  readonly address: string
  readonly port: number
  readonly startedAt: number
  readonly deadline: number
}

const MOST_SAMPLES = 64
const MOST_TIMEOUT_MS = 2 ** 31 - 1

/**
 * Asks `server` for the time: `host`, `host:port`, `[v6]:port`, or one of them after `ntp://`; the port is 123 unless given.
 * Where a name has several addresses they are tried in the system's order, each with its share of the time, until one
 * answers; a kiss-o'-death is an answer, too.
 *
 * TypeError or RangeError for wrong arguments. NetworkError `lookup-failed`, `connect-refused`, `timed-out` (whose message
 * tells what arrived and why it was ignored) and the like. ProtocolError `ntp/kiss-of-death` or `ntp/unsynchronized` when
 * the server answers that it gives no time; the former carries the server's `kissCode` (see isKissOfDeath). An abort rejects with the signal's reason.
 */
export async function query(server: string, options: QueryOptions = {}): Promise<QueryResult> {
  const { samples = 4, timeoutMs = 5000, signal, resolve = resolveHost } = options
  const { host, port } = parseServer(server)
  if (!(Number.isInteger(samples) && samples >= 1 && samples <= MOST_SAMPLES)) {
    throw new RangeError(`samples must be a whole number from 1 to ${MOST_SAMPLES}, got ${quoted(samples)}`)
  }
  checkTimeout(timeoutMs)
  signal?.throwIfAborted()

  const startedAt = performance.now()
  const addresses = await within(
    resolve(host, signal ? { timeoutMs, signal } : { timeoutMs }),
    timeoutMs,
    signal,
    () => {
      return new NetworkError('timed-out', `look up ${quoted(host)}: timed out after ${timeoutMs} ms`)
    },
  )
  const clock = options.clock ?? anchoredClock()
  const failures: WireError[] = []
  for (const [index, { address }] of addresses.entries()) {
    const now = performance.now()
    const deadline = now + (startedAt + timeoutMs - now) / (addresses.length - index)
    try {
      return await queryAddress({ host, address, port, startedAt, deadline }, { ...options, samples, clock })
    } catch (error) {
      if (!(error instanceof WireError) || signal?.aborted) throw error
      failures.push(error)
      // The other addresses may be the same machine's.
      if (isKissOfDeath(error)) break
    }
  }
  const nobody = new NetworkError('lookup-failed', `look up ${quoted(host)}: no address for this name`)
  throw summaryOf(failures) ?? nobody
}

async function queryAddress(
  target: Target,
  options: QueryOptions & { readonly samples: number; readonly clock: Clock },
): Promise<QueryResult> {
  const { samples, clock, signal, onExchange, authenticator } = options
  const { host, address, port, deadline } = target
  const operation = operationOn(target)
  const drops = new Drops<DropReason>()
  const exchanges: NtpExchange[] = []
  const finish = (stoppedBy?: WireError): QueryResult => {
    if (exchanges.length === 0) throw stoppedBy ?? timedOut(target, drops)
    return queryResult(exchanges, {
      server: { host, address, port },
      dropped: drops.counts(),
      stoppedBy,
    })
  }

  // Until there is an answer, a question that is lost costs none of the samples, only its share of the time.
  for (let left = samples; left > 0; left -= exchanges.length === 0 ? 0 : 1) {
    const remainingMs = deadline - performance.now()
    if (remainingMs <= 0) break
    const waitMs = answerTimeoutMs(remainingMs, leastDelay(exchanges))
    let exchange: NtpExchange | undefined
    try {
      exchange = await exchangeOverUdp({ operation, address, port, waitMs, clock, signal, drops, authenticator })
    } catch (error) {
      if (!(error instanceof WireError) || signal?.aborted) throw error
      return finish(error)
    }
    if (exchange === undefined) {
      if (waitMs === remainingMs) break // it had all the time that was left
      continue
    }
    exchanges.push(exchange)
    onExchange?.(exchange)
  }
  return finish()
}

export function checkTimeout(timeoutMs: number): void {
  if (typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= MOST_TIMEOUT_MS) return
  throw new RangeError(`timeoutMs must be above 0 and at most ${MOST_TIMEOUT_MS}, got ${quoted(timeoutMs)}`)
}

function parseServer(server: string): TcpEndpoint {
  if (typeof server !== 'string') throw new TypeError(`server must be text such as host:port, got ${quoted(server)}`)
  const endpoint = parseEndpoint(server, { defaultPort: 123 })
  if ('path' in endpoint || (endpoint.scheme ?? 'ntp') !== 'ntp') {
    throw new TypeError(`${quoted(server)} is no NTP server: write host:port or ntp://host:port`)
  }
  if (endpoint.port === 0) throw new RangeError(`port must be 1 to 65535, got ${quoted(server)}`)
  return endpoint
}

function operationOn({ host, address, port }: Target): string {
  const server = formatEndpoint({ host, port })
  return host === address ? `query ${server}` : `query ${server} (${address})`
}

function timedOut(target: Target, drops: Drops<DropReason>): NetworkError {
  const afterMs = Math.round(target.deadline - target.startedAt)
  return new NetworkError('timed-out', `${operationOn(target)}: timed out after ${afterMs} ms; ${drops.toString()}`)
}
