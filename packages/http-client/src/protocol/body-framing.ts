// Where a message's content ends: RFC 9112 §6.3, its cases in its order. Two recipients that answer this
// differently are a request-smuggling hole, so everything that could be read in two ways is refused.

import { quoted } from '@plainwire/socket-utils/errors'
import { DIGIT, firstOutside, listMembers, parseDecimal, stripOws } from './grammar.ts'
import type { HeaderList } from './headers.ts'
import { Repairs } from './leniency.ts'
import type { HttpVersion } from './http-version.ts'
import { violation } from './violation.ts'

/** How the end of a message's content is known, RFC 9112 §6.3. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  /** Until the peer closes: then a full body and one cut short look the same. */
  | { readonly kind: 'close' }
  /** No content, and no HTTP after the head: an upgrade or a tunnel. */
  | { readonly kind: 'tunnel' }

interface Framed {
  readonly version: HttpVersion
  readonly headers: HeaderList
}

interface Declared {
  /** 'chunked' where that is the last one, else what was sent. */
  readonly coding?: string
  readonly length?: number
}

const STRICT = new Repairs(new Set())
const NOTHING: Declared = {}
const NO_CODINGS: readonly string[] = []
const NONE: BodyFraming = { kind: 'none' }
const CHUNKED: BodyFraming = { kind: 'chunked' }
const CLOSE: BodyFraming = { kind: 'close' }
const TUNNEL: BodyFraming = { kind: 'tunnel' }

/** ProtocolError for a length that is malformed or can be read in two ways, unless `repairs` has a way to read it. */
export function requestFraming(head: Framed & { readonly method?: string }, repairs: Repairs = STRICT): BodyFraming {
  const { coding, length } = declaredLength(head, repairs)
  // Some read that content, some take it for the first bytes of the tunnel.
  if (head.method === 'CONNECT' && (coding !== undefined || (length !== undefined && length > 0))) {
    const { contentLength, transferEncoding } = head.headers.framingLines
    const place = head.headers.placeOf(Math.max(contentLength, transferEncoding))
    throw violation('http/ambiguous-length', 'CONNECT request with content', place, 'RFC 9110 §9.3.6')
  }
  if (coding === 'chunked') return CHUNKED
  if (coding !== undefined) {
    const what = `request with Transfer-Encoding ${quoted(coding)}, which does not end in chunked`
    const place = head.headers.placeOfValue(head.headers.framingLines.transferEncoding)
    throw violation('http/bad-transfer-encoding', what, place, 'RFC 9112 §6.3')
  }
  return length === undefined || length === 0 ? NONE : { kind: 'length', length }
}

/**
 * `method`: that of the request that was answered. Codings before a final `chunked` (gzip) stay on the content: the
 * framing is all that is decided here.
 */
export function responseFraming(
  head: Framed & { readonly statusCode: number },
  method: string,
  repairs: Repairs = STRICT,
): BodyFraming {
  const { statusCode } = head
  // In these two the length fields mean nothing and must be ignored, RFC 9110 §9.3.6.
  if (statusCode === 101 || (method === 'CONNECT' && statusCode >= 200 && statusCode < 300)) return TUNNEL
  const { coding, length } = declaredLength(head, repairs)
  if (method === 'HEAD' || statusCode < 200 || statusCode === 204 || statusCode === 304) return NONE
  if (coding === 'chunked') return CHUNKED
  if (coding !== undefined || length === undefined) return CLOSE
  return length === 0 ? NONE : { kind: 'length', length }
}

function declaredLength({ version, headers }: Framed, repairs: Repairs): Declared {
  const { contentLength: lengthAt, transferEncoding: codingAt, someRepeated } = headers.framingLines
  if (codingAt === -1) {
    return lengthAt === -1 ? NOTHING : { length: contentLength(headers, lengthAt, someRepeated, repairs) }
  }
  const coding = headers.get('transfer-encoding') ?? ''
  if (version !== '1.1' && !repairs.allow('coding-in-http10', headers.placeOf(codingAt))) {
    const what = `Transfer-Encoding ${quoted(coding)} in HTTP/${version}`
    throw violation('http/bad-transfer-encoding', what, headers.placeOf(codingAt), 'RFC 9112 §6.1')
  }
  if (lengthAt !== -1 && !repairs.allow('length-beside-coding', headers.placeOf(lengthAt))) {
    const lengths = quoted(headers.get('content-length'))
    const what = `Content-Length ${lengths} beside Transfer-Encoding ${quoted(coding)}`
    throw violation('http/ambiguous-length', what, headers.placeOf(Math.max(lengthAt, codingAt)))
  }
  return { coding: lastCoding(headers, codingAt, coding) }
}

function lastCoding(headers: HeaderList, index: number, transferEncoding: string): string {
  const codings = listMembers(transferEncoding)
  const chunkedAt = codings.findIndex((coding) => coding === 'chunked' || coding.startsWith('chunked;'))
  const last = codings.length - 1
  // Chunked may be applied once, as the last coding, and has no parameters, RFC 9112 §6.1 and §7.1.
  const misplaced = chunkedAt !== -1 && (chunkedAt !== last || codings[chunkedAt] !== 'chunked')
  if (misplaced || codings.includes('')) {
    const what = `bad Transfer-Encoding ${quoted(transferEncoding)}`
    throw violation('http/bad-transfer-encoding', what, headers.placeOfValue(index))
  }
  return chunkedAt === last ? 'chunked' : transferEncoding
}

/**
 * Also equal duplicates are refused, on two lines or in a list, unless that is allowed: RFC 9110 §8.6 leaves the choice,
 * and each of them may be seen alone by somebody else.
 */
function contentLength(headers: HeaderList, index: number, someRepeated: boolean, repairs: Repairs): number {
  const value = headers.value(index)
  const length = parseDecimal(value)
  const second = someRepeated ? headers.indexOf('content-length', index + 1) : -1
  if (length !== undefined && second === -1) return length
  const values = headers.getAll('content-length').flatMap((value) => value.split(',').map(stripOws))
  const lengths = values.map(parseDecimal)
  const [first] = lengths
  const place = second === -1 ? headers.placeOfValue(index) : headers.placeOf(second)
  const areEqual = values.length > 1 && lengths.every((length) => length === first)
  if (first !== undefined && areEqual && repairs.allow('equal-content-lengths', place)) return first
  const shown = quoted(headers.get('content-length'))
  if (second !== -1) throw violation('http/bad-content-length', `more than one Content-Length: ${shown}`, place)
  const outside = firstOutside(DIGIT, value)
  const bad = headers.placeOfValue(index, Math.max(outside, 0))
  throw violation('http/bad-content-length', `bad Content-Length ${shown}`, bad, 'RFC 9110 §8.6')
}

/** The transfer codings that a parser leaves on the content: all but a final `chunked`. */
export function remainingCodings(headers: HeaderList): readonly string[] {
  if (headers.framingLines.transferEncoding === -1) return NO_CODINGS
  const codings = listMembers(headers.get('transfer-encoding') ?? '').filter((coding) => coding !== '')
  return codings.at(-1) === 'chunked' ? codings.slice(0, -1) : codings
}
