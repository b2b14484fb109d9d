// What a handler answered, as the bytes of a response that cannot be misread: with its length, and with the truth
// about what happens to the connection.

import { quoted } from '@plainwire/socket-utils/errors'
import { encodeResponse } from './protocol/encoder.ts'
import { listMembers } from './protocol/grammar.ts'
import type { HeaderLine, HeaderList } from './protocol/headers.ts'
import { reasonPhraseOf } from './protocol/reason-phrases.ts'
import type { RequestHead } from './protocol/request-parser.ts'
import type { HttpErrorCode, HttpProtocolError } from './protocol/violation.ts'
import { joined } from './message-body.ts'
import { lengthLine, outgoingBody, piecesOf, type RequestBody } from './outgoing-body.ts'
import { headerList, type HeadersInput } from './request-plan.ts'

/** What a handler answers with; for what cannot be sent `serveHttp` rejects with TypeError or RangeError. */
export interface OriginResponse {
  /** 200 to 999. Default 200. */
  readonly statusCode?: number
  /** Default: the status code's usual one. */
  readonly reasonPhrase?: string
  /** Sent as given; Content-Length and Connection are added, Transfer-Encoding is refused. */
  readonly headers?: HeadersInput
  /**
   * Text is sent as UTF-8. To a HEAD only its length is sent. A stream is sent in chunks, or to HTTP/1.0 until close,
   * unless Content-Length is given.
   */
  readonly body?: RequestBody
}

/** Faults on command: these bytes as they are, whatever they are, and then nothing more. */
export interface OriginBytes {
  readonly raw: string | Uint8Array
}

export interface Answer {
  readonly bytes: Uint8Array
  /** To be written after them. */
  readonly rest?: AsyncIterable<Uint8Array>
  /** Whether the connection goes on after it. */
  readonly keep: boolean
}

/** Errors by the code that tells a client most; the rest is 400. */
const REFUSALS: Partial<Record<HttpErrorCode, number>> = {
  'http/body-too-large': 413,
  'http/line-too-long': 431,
  'http/head-too-large': 431,
  'http/too-many-headers': 431,
  'http/bad-version': 505,
}

/** `keep`: whether the request allows another one. TypeError or RangeError for an answer that is no response. */
export function encodeAnswer(
  request: Pick<RequestHead, 'method' | 'version'>,
  response: OriginResponse | OriginBytes,
  options: { readonly keep: boolean; readonly date?: Date | undefined },
): Answer {
  if ('raw' in response) return { bytes: bytesOf(response.raw), keep: false }
  const { statusCode = 200 } = response
  if (statusCode < 200) throw new RangeError(`status code of an answer must be 200 to 999, got ${quoted(statusCode)}`)
  const given = headerList(response.headers)
  let lines: HeaderLine[] = [...given]
  if (options.date && !given.has('date')) lines.push(['Date', options.date.toUTCString()])
  const content = contentOf(request, statusCode, given, response.body)
  lines.push(...content.lines)

  const connection = listMembers(given.get('connection') ?? '')
  const keep = options.keep && !connection.includes('close') && !content.untilClose
  const word = keep ? 'keep-alive' : 'close'
  // What the handler wished and cannot have is not promised.
  const isRefused = !keep && connection.includes('keep-alive')
  if (isRefused) lines = lines.filter(([name]) => name.toLowerCase() !== 'connection')
  // Persisting is what HTTP/1.1 does anyway.
  if (isRefused || (!connection.includes(word) && !(keep && request.version === '1.1')))
    lines.push(['Connection', word])

  const reasonPhrase = response.reasonPhrase ?? reasonPhraseOf(statusCode)
  const head =
    request.version === '0.9'
      ? new Uint8Array(0)
      : encodeResponse({ version: request.version, statusCode, reasonPhrase, headers: lines })
  if (request.method === 'HEAD' || !hasBody(statusCode)) return { bytes: head, keep }
  const { bytes, rest } = content
  return { bytes: bytes ? joined([head, bytes]) : head, keep, ...(rest && { rest }) }
}

interface AnswerContent {
  readonly lines: readonly HeaderLine[]
  readonly untilClose?: boolean
  readonly bytes?: Uint8Array | undefined
  readonly rest?: AsyncIterable<Uint8Array>
}

/** How the body is sent, and what the head says about it. */
function contentOf(
  { method, version }: Pick<RequestHead, 'method' | 'version'>,
  statusCode: number,
  given: HeaderList,
  body: RequestBody | undefined,
): AnswerContent {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = body === undefined ? undefined : bytesOf(body)
    return { lines: lengthOf(method, statusCode, given, bytes?.length ?? 0), bytes }
  }
  if (version !== '1.1' && !given.has('content-length')) return { lines: [], untilClose: true, rest: body }
  const outgoing = outgoingBody(body, '1.1', given)
  return { lines: hasBody(statusCode) ? lengthLine(outgoing, method, given) : [], rest: piecesOf(outgoing) }
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body
}

export function encodeContinue(): Uint8Array {
  return encodeResponse({ version: '1.1', statusCode: 100, reasonPhrase: reasonPhraseOf(100), headers: [] })
}

/** The last thing that a client hears which broke the protocol: what was wrong, in the body. */
export function encodeRefusal(fault: HttpProtocolError): Uint8Array {
  const statusCode = REFUSALS[fault.code] ?? 400
  const headers = { 'Content-Type': 'text/plain; charset=utf-8' }
  const answer = { statusCode, headers, body: `${fault.code}: ${fault.message}\n` }
  return encodeAnswer({ method: 'GET', version: '1.1' }, answer, { keep: false }).bytes
}

function lengthOf(method: string, statusCode: number, given: HeaderList, bodyLength: number): HeaderLine[] {
  if (given.has('transfer-encoding')) throw new TypeError('Transfer-Encoding cannot be set: the length is sent')
  const values = given.getAll('content-length')
  if (statusCode === 204 && values.length > 0) throw new TypeError('a 204 has no Content-Length: RFC 9110 §8.6')
  // To a HEAD and in a 304 it is the length of what is not sent: only the handler may know it.
  const unknown = (method === 'HEAD' || statusCode === 304) && bodyLength === 0
  if (values.length > 1 || (!unknown && values.some((value) => value !== String(bodyLength)))) {
    throw new TypeError(`Content-Length ${quoted(values.join(', '))} does not fit the body of ${bodyLength} bytes`)
  }
  if (values.length > 0 || !hasBody(statusCode)) return []
  return [['Content-Length', String(bodyLength)]]
}

function hasBody(statusCode: number): boolean {
  return statusCode !== 204 && statusCode !== 304
}
