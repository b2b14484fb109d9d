// One call, one connection, one exchange: look up, connect, send, receive, close.

import { connect, startDeadline } from '@plainwire/socket-utils'
import { NetworkError, quoted } from '@plainwire/socket-utils/errors'
import { ClientConnection } from './client-connection.ts'
import { ExchangeRecorder } from './exchange-trace.ts'
import { ResponseParser } from './protocol/response-parser.ts'
import type { ParserLimits } from './protocol/head-lines.ts'
import { planRequest, type RequestMessage } from './request-plan.ts'
import { endsOf, noteConnectStep, type OnStep } from './request-step.ts'
import { HttpResponse, IncomingResponse, type ReceivedHead } from './response.ts'
import { checkStopAfter, exchangeUntil, type StopAfter, type StoppedExchange } from './stopped-exchange.ts'

export interface RequestOptions extends RequestMessage {
  /** Addresses of this family alone. */
  readonly family?: 4 | 6
  /** For the whole exchange, from the look-up to the end of the body. Default 30_000. */
  readonly timeoutMs?: number
  /** For the whole exchange, too: after the response has come it still ends the body. */
  readonly signal?: AbortSignal
  /** A longer body is refused with `http/body-too-large`, before reading it where it is announced. Default: no limit. */
  readonly maxBodyBytes?: number
  /** For the head of the response and its trailers. */
  readonly limits?: ParserLimits
  /** Keep every byte in `response.exchange`. Default false. */
  readonly trace?: boolean
  /** Called as each step ends. */
  readonly onStep?: OnStep
}

/**
 * Sends one request and resolves when the head of the response is there; the body follows as it is read. Any status
 * code is a response, a redirect too.
 *
 * Rejects with TypeError or RangeError for a wrong URL, port or option; NetworkError `lookup-failed`, `connect-refused`,
 * `timed-out`, `connection-reset`, `connection-closed` (an empty reply), `unsupported` (https) and the like; ProtocolError
 * with an HttpErrorCode; the signal's reason, untouched. In every such case the connection is closed by then.
 *
 * With `stopAfter` it goes only so far, closes, and resolves to what the steps gave: the socket is created first, and
 * connects to the first address of its family (IPv4 unless `family` or the host says otherwise).
 */
export function request<S extends StopAfter>(
  url: string | URL,
  options: RequestOptions & { readonly stopAfter: S },
): Promise<StoppedExchange<S>>
export function request(url: string | URL, options?: RequestOptions): Promise<HttpResponse>
export async function request(
  url: string | URL,
  options: RequestOptions & { readonly stopAfter?: StopAfter } = {},
): Promise<HttpResponse | StoppedExchange> {
  const { timeoutMs = 30_000, stopAfter, maxBodyBytes = Infinity, onStep } = options
  const plan = planRequest(url, options)
  if (stopAfter !== undefined) checkStopAfter(stopAfter)
  if (!(maxBodyBytes >= 0)) throw new RangeError(`maxBodyBytes must be 0 or more, got ${quoted(maxBodyBytes)}`)
  const { method, operation } = plan
  const parser = new ResponseParser({ ...options.limits, method })
  const recorder = new ExchangeRecorder(options.trace ?? false)
  const deadline = startDeadline(
    timeoutMs,
    options.signal,
    () => new NetworkError('timed-out', `${operation}: timed out after ${timeoutMs} ms ${recorder.phase}`),
  )
  try {
    if (stopAfter !== undefined)
      return await exchangeUntil(stopAfter, plan, { ...options, timeoutMs }, deadline, recorder)

    const connected = await connect({
      host: plan.host,
      port: plan.port,
      timeoutMs,
      signal: deadline.signal,
      ...(options.family && { family: options.family }),
      onStep: (step) => noteConnectStep(step, recorder, onStep),
    })
    const connection = new ClientConnection(connected.socket, deadline, recorder, operation)
    try {
      onStep?.({ step: 'connect', ...endsOf(connected) })
      const incoming = new IncomingResponse(connection, parser, recorder, { method, operation, maxBodyBytes })
      const received = await sendAndReceive(plan.bytes, connection, incoming, onStep)
      return new HttpResponse(received, incoming, recorder, recorder.trace(connected))
    } catch (error) {
      connection.close()
      await connection.closed()
      throw error
    }
  } catch (error) {
    deadline[Symbol.dispose]()
    throw error
  }
}

/** Not one after the other: a server may answer, and stop reading, before it has all of the request. */
async function sendAndReceive(
  bytes: Uint8Array,
  connection: ClientConnection,
  incoming: IncomingResponse,
  onStep: OnStep | undefined,
): Promise<ReceivedHead> {
  const sent = connection.send(bytes).then(() => onStep?.({ step: 'send', bytes, bytesSent: bytes.length }))
  const onlyToFail = sent.then(() => new Promise<never>(() => {}))
  const received = await Promise.race([incoming.head(), onlyToFail])
  onStep?.({ step: 'receive', statusCode: received.head.statusCode })
  return received
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
  return request(url, { ...options, method: 'GET' })
}

export type GetOptions = Omit<RequestOptions, 'method' | 'body'>
