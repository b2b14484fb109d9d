// Where a message's content ends: RFC 9112 §6.3, its cases in its order. Two recipients that answer this
// differently are a request-smuggling hole, so everything that could be read in two ways is refused.

import { quoted } from '@plainwire/socket-utils/errors'
import { listMembers, parseDecimal } from './grammar.ts'
import type { HeaderList } from './headers.ts'
import type { HttpVersion } from './persistence.ts'
import { violation } from './violation.ts'

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

/** `offset`: where the head ended, for the error. ProtocolError for a length that is malformed or can be read in two ways. */
export function requestFraming(head: Framed, offset = 0): BodyFraming {
  const { coding, length } = declaredLength(head, offset)
  if (coding === 'chunked') return { kind: 'chunked' }
  if (coding !== undefined) {
    const what = `request with Transfer-Encoding ${quoted(coding)}, which does not end in chunked`
    throw violation('http/bad-transfer-encoding', what, offset)
  }
  return length === undefined || length === 0 ? { kind: 'none' } : { kind: 'length', length }
}

/**
 * `method`: that of the request that was answered. Codings before a final `chunked` (gzip) stay on the content: the
 * framing is all that is decided here.
 */
export function responseFraming(
  head: Framed & { readonly statusCode: number },
  method: string,
  offset = 0,
): BodyFraming {
  const { statusCode } = head
  // In these two the length fields mean nothing and must be ignored, RFC 9110 §9.3.6.
  if (statusCode === 101 || (method === 'CONNECT' && statusCode >= 200 && statusCode < 300)) return { kind: 'tunnel' }
  const { coding, length } = declaredLength(head, offset)
  if (method === 'HEAD' || statusCode < 200 || statusCode === 204 || statusCode === 304) return { kind: 'none' }
  if (coding === 'chunked') return { kind: 'chunked' }
  if (coding !== undefined || length === undefined) return { kind: 'close' }
  return length === 0 ? { kind: 'none' } : { kind: 'length', length }
}

/** `coding` is 'chunked' where that is the last one, else what was sent; undefined without Transfer-Encoding. */
function declaredLength(
  { version, headers }: Framed,
  offset: number,
): { readonly coding?: string; readonly length?: number } {
  const transferEncoding = headers.get('transfer-encoding')
  const contentLength = headers.getAll('content-length')
  if (transferEncoding === undefined) {
    return contentLength.length === 0 ? {} : { length: parseContentLength(contentLength, offset) }
  }
  if (version === '1.0') {
    const what = `Transfer-Encoding ${quoted(transferEncoding)} in HTTP/1.0, RFC 9112 §6.1`
    throw violation('http/bad-transfer-encoding', what, offset)
  }
  if (contentLength.length > 0) {
    const what = `Content-Length ${quoted(contentLength.join(', '))} beside Transfer-Encoding ${quoted(transferEncoding)}`
    throw violation('http/ambiguous-length', what, offset)
  }
  return { coding: lastCoding(transferEncoding, offset) }
}

function lastCoding(transferEncoding: string, offset: number): string {
  const codings = listMembers(transferEncoding)
  const chunkedAt = codings.findIndex((coding) => coding === 'chunked' || coding.startsWith('chunked;'))
  const last = codings.length - 1
  // Chunked may be applied once, as the last coding, and has no parameters, RFC 9112 §6.1 and §7.1.
  const misplaced = chunkedAt !== -1 && (chunkedAt !== last || codings[chunkedAt] !== 'chunked')
  if (misplaced || codings.includes('')) {
    throw violation('http/bad-transfer-encoding', `bad Transfer-Encoding ${quoted(transferEncoding)}`, offset)
  }
  return chunkedAt === last ? 'chunked' : transferEncoding
}

/** Also equal duplicates are refused: RFC 9110 §8.6 allows it, and each of them may be seen alone by somebody else. */
function parseContentLength(values: readonly string[], offset: number): number {
  const [value] = values
  const length = values.length === 1 && value !== undefined ? parseDecimal(value) : undefined
  if (length !== undefined) return length
  throw violation('http/bad-content-length', `bad Content-Length ${quoted(values.join(', '))}`, offset)
}

/** The transfer codings that a parser leaves on the content: all but a final `chunked`. */
export function remainingCodings(headers: HeaderList): string[] {
  const codings = listMembers(headers.get('transfer-encoding') ?? '').filter((coding) => coding !== '')
  return codings.at(-1) === 'chunked' ? codings.slice(0, -1) : codings
}
