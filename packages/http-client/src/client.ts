// One call, one exchange: look up, connect, send, receive, close. With options, more of each.

import { type Deadline, startDeadline } from '@plainwire/socket-utils/connect'
import { NetworkError, quoted } from '@plainwire/socket-utils/errors'
import type { ConnectionPool } from './connection-pool.ts'
import { exchange, type ExchangeWatch } from './exchange.ts'
import type { ExchangeRecorder, ExchangeTrace } from './exchange-trace.ts'
import { follow } from './follow-redirects.ts'
import { checkPhaseLimits, type PhaseLimits } from './phase-timeouts.ts'
import { ResponseParser, type LeniencyOptions, type ParserLimits } from './parser.ts'
import { planAgain } from './recent-plans.ts'
import { planRequest, type RequestMessage, type RequestPlan } from './request-plan.ts'
import type { OnStep } from './request-step.ts'
import { HttpResponse, type Redirect } from './response.ts'
import { BY_THE_LETTER, type Reading } from './spare-parsers.ts'
import { checkStopAfter, exchangeUntil, type StopAfter, type StoppedExchange } from './stopped-exchange.ts'
import { readProxy, type TransportOptions } from './transport.ts'

/** Of one request, all of them optional: without any it is HTTP/1.0, on a connection of its own. */
export interface RequestOptions extends RequestMessage, TransportOptions, LeniencyOptions {
  /** For everything, from the look-up to the end of the body, redirects included; Infinity: no limit. Default 30_000. */
  readonly timeoutMs?: number
  /** For parts of it. Default: none but the whole. */
  readonly phaseTimeoutsMs?: PhaseLimits
  /** For everything, too: after the response has come it still ends the body. */
  readonly signal?: AbortSignal
  /**
   * A longer body, decoded if it is to be, is refused with `http/body-too-large`, before reading it where it is announced.
   * Default: no limit; with `decompress` 256 MiB.
   */
  readonly maxBodyBytes?: number
  /** For the head of the response and its trailers. */
  readonly limits?: ParserLimits
  /** Take a response without a head for one of HTTP/0.9, all body. Default false, and true for a request in HTTP/0.9. */
  readonly http09?: boolean
  /** Where connections come from, and rest afterwards. Default: one of its own for each exchange. */
  readonly pool?: ConnectionPool
  /** How many redirects are followed. Default 0: a redirect is a response like any other. */
  readonly maxRedirects?: number
  /** Keep every byte in `response.exchange`. Default false. */
  readonly trace?: boolean
  /** Called as each step ends. */
  readonly onStep?: OnStep
  /**
   * Called with the record of each exchange as it begins, before anything is opened: of a request that fails it holds what
   * was done up to there, with `trace` every byte. With redirects, and after a connection that turned out to be dead, there
   * are several; the last one is `response.exchange`. What it throws, untouched, is the outcome of the request.
   */
  readonly onExchange?: (exchange: ExchangeTrace) => void
}

const MOST_DECODED = 256 << 20
const NO_REDIRECTS: readonly Redirect[] = []

/**
 * Sends one request and resolves when the head of the response is there; the body follows as it is read. Any status
 * code is a response, a redirect too.
 *
 * Rejects with TypeError or RangeError for a wrong URL, port or option; NetworkError `lookup-failed`, `connect-refused`,
 * `timed-out`, `connection-reset`, `connection-closed` (an empty reply), `certificate-invalid` and the like; ProtocolError
 * with a RequestErrorCode; the signal's reason, untouched; what a streamed body throws, untouched. In every such case the
 * connection is closed by then.
 *
 * With `stopAfter` it goes only so far, closes, and resolves to what the steps gave: the socket is created first, and
 * connects to the first address of its family (IPv4 unless `family` or the host says otherwise).
 */
export function request<S extends StopAfter>(
  url: string | URL,
  options: RequestOptions & { readonly stopAfter: S },
): Promise<StoppedExchange<S>>
export function request(url: string | URL, options?: RequestOptions): Promise<HttpResponse>
export function request(
  url: string | URL,
  options: RequestOptions & { readonly stopAfter?: StopAfter } = {},
): Promise<HttpResponse | StoppedExchange> {
  return perform(url, { ...options })
}

/** `options` are nobody else's: they are looked at again while others may change what they gave. */
async function perform(
  url: string | URL,
  options: RequestOptions & { readonly stopAfter?: StopAfter },
): Promise<HttpResponse | StoppedExchange> {
  const { stopAfter, decompress, maxRedirects } = options
  const reading = readingOf(options)
  checkOptions(options)
  const decoding = decompress ? await import('./content-decoding.ts') : undefined
  const plan = planFor(url, options, decoding?.acceptEncoding)
  const watch = new RequestWatch(plan, options)
  try {
    if (stopAfter !== undefined) return await exchangeUntil(stopAfter, plan, options, watch)
    const { started, last, redirects } = maxRedirects
      ? await follow(plan, options, options, reading, watch, planFor)
      : { started: await exchange(plan, options, reading, watch), last: plan, redirects: NO_REDIRECTS }
    const { received, incoming, recorder } = started
    try {
      // What has no body has nothing to be decoded, whatever its head says of it.
      const isDecoded = decoding !== undefined && !incoming.over
      const content = isDecoded
        ? decoding.decoded(incoming, received.head.headers.get('content-encoding'), {
            operation: last.operation,
            maxBytes: reading.maxBodyBytes,
          })
        : incoming
      return new HttpResponse({ received, incoming, exchange: recorder, redirects, content })
    } catch (error) {
      incoming.close()
      throw error
    }
  } catch (error) {
    watch.finished()
    throw error
  }
}

/** The deadline of one request, redirects included, which says what the request was about when it came. */
class RequestWatch implements ExchangeWatch {
  readonly deadline: Deadline
  #recorder: ExchangeRecorder | undefined

  constructor({ operation }: RequestPlan, { timeoutMs = 30_000, signal }: RequestOptions) {
    this.deadline = startDeadline(timeoutMs, signal, () => {
      const what = `timed out after ${timeoutMs} ms ${this.#recorder?.phase}`
      return new NetworkError('timed-out', `${operation}: ${what}`)
    })
  }

  begun(recorder: ExchangeRecorder): void {
    this.#recorder = recorder
  }

  finished(): void {
    this.deadline[Symbol.dispose]()
  }
}

function planFor(url: string | URL, options: RequestOptions, acceptEncoding: string | undefined): RequestPlan {
  const { pool, proxy } = options
  const proxyUrl = proxy === undefined ? undefined : readProxy(options)
  const route = { persistent: pool !== undefined, tunnel: options.tunnel ?? false, proxy: proxyUrl, acceptEncoding }
  return planAgain(url, options, route) ?? planRequest(url, options, route)
}

/** Limits and leniencies are checked before anything is opened. */
function readingOf(options: RequestOptions): Reading {
  const { limits, leniency, version, http09 = version === '0.9' || undefined } = options
  const { decompress, maxBodyBytes = decompress ? MOST_DECODED : Infinity } = options
  if (!(maxBodyBytes >= 0)) throw new RangeError(`maxBodyBytes must be 0 or more, got ${quoted(maxBodyBytes)}`)
  if (!limits && leniency === undefined && http09 === undefined) return { parsing: BY_THE_LETTER, maxBodyBytes }
  const parsing = { ...limits, ...(leniency !== undefined && { leniency }), ...(http09 !== undefined && { http09 }) }
  void new ResponseParser(parsing)
  return { parsing, maxBodyBytes }
}

function checkOptions(options: RequestOptions & { readonly stopAfter?: StopAfter }): void {
  const { stopAfter, maxRedirects = 0, phaseTimeoutsMs } = options
  if (!(maxRedirects >= 0)) throw new RangeError(`maxRedirects must be 0 or more, got ${quoted(maxRedirects)}`)
  if (phaseTimeoutsMs) checkPhaseLimits(phaseTimeoutsMs)
  if (options.tunnel && options.pool) throw new TypeError('tunnel needs a connection of its own, got pool beside it')
  if (stopAfter === undefined) return
  checkStopAfter(stopAfter)
  for (const other of ['pool', 'proxy', 'socketPath'] as const) {
    if (options[other] !== undefined)
      throw new TypeError(`stopAfter shows a connection of its own, got ${other} beside it`)
  }
}

/** `request` with the method GET and without a body. */
export function get<S extends StopAfter>(
  url: string | URL,
  options: GetOptions & { readonly stopAfter: S },
): Promise<StoppedExchange<S>>
export function get(url: string | URL, options?: GetOptions): Promise<HttpResponse>
export function get(
  url: string | URL,
  options: GetOptions & { readonly stopAfter?: StopAfter } = {},
): Promise<HttpResponse | StoppedExchange> {
  return perform(url, { ...options, method: 'GET' })
}

/** Those of `request` but for the method, which is GET, and the body, which a GET has not. */
export type GetOptions = Omit<RequestOptions, 'method' | 'body'>
