// Heads as bytes, exactly as given: case, order, duplicates, odd spellings. Nothing is added and nothing is judged
// except what would make one message read as two: that is the caller's mistake, so TypeError or RangeError.

import { quoted } from '@plainwire/socket-utils/errors'
import { FIELD_TEXT, VISIBLE, firstOutside, isToken } from './grammar.ts'
import type { HeaderLine } from './headers.ts'
import { latin1Bytes } from './latin1.ts'
import type { HttpVersion } from './persistence.ts'
import type { RequestHead } from './request-parser.ts'
import type { ResponseHead } from './response-parser.ts'

export type { HeaderLine } from './headers.ts'
export type { HttpVersion } from './persistence.ts'

/** A parsed head fits, and so does a list of pairs. */
export type EncodableRequest = Omit<RequestHead, 'headers'> & { readonly headers: Iterable<HeaderLine> }
export type EncodableResponse = Omit<ResponseHead, 'headers'> & { readonly headers: Iterable<HeaderLine> }

/** Request line, headers and the empty line, RFC 9112 §3. The body, if any, follows as it is. */
export function encodeRequest(head: EncodableRequest): Uint8Array<ArrayBuffer> {
  const { method, requestTarget } = head
  if (!isToken(method)) throw new TypeError(`method must be a token, got ${quoted(method)}`)
  if (requestTarget === '' || firstOutside(VISIBLE, requestTarget) !== -1) {
    throw new TypeError(`request target must be visible ASCII without spaces, got ${quoted(requestTarget)}`)
  }
  return latin1Bytes(
    `${method} ${requestTarget} HTTP/${checkedVersion(head.version)}\r\n${fieldLines(head.headers)}\r\n`,
  )
}

/** Status line, headers and the empty line, RFC 9112 §4. */
export function encodeResponse(head: EncodableResponse): Uint8Array<ArrayBuffer> {
  const { statusCode, reasonPhrase } = head
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 999) {
    throw new RangeError(`status code must be 100 to 999, got ${quoted(statusCode)}`)
  }
  if (firstOutside(FIELD_TEXT, reasonPhrase) !== -1) {
    throw new TypeError(`reason phrase must hold no control characters, got ${quoted(reasonPhrase)}`)
  }
  const statusLine = `HTTP/${checkedVersion(head.version)} ${statusCode} ${reasonPhrase}\r\n`
  return latin1Bytes(`${statusLine}${fieldLines(head.headers)}\r\n`)
}

/** One chunk, RFC 9112 §7.1. An empty one would end the body: it becomes no bytes at all. */
export function encodeChunk(content: Uint8Array): Uint8Array<ArrayBuffer> {
  if (content.length === 0) return new Uint8Array(0)
  const sizeLine = latin1Bytes(`${content.length.toString(16).toUpperCase()}\r\n`)
  const chunk = new Uint8Array(sizeLine.length + content.length + 2)
  chunk.set(sizeLine)
  chunk.set(content, sizeLine.length)
  chunk.set([0x0d, 0x0a], sizeLine.length + content.length)
  return chunk
}

/** The last chunk and the trailers: the end of a chunked body. */
export function encodeLastChunk(trailers: Iterable<HeaderLine> = []): Uint8Array<ArrayBuffer> {
  return latin1Bytes(`0\r\n${fieldLines(trailers)}\r\n`)
}

function fieldLines(headers: Iterable<HeaderLine>): string {
  let lines = ''
  for (const [name, value] of headers) {
    if (!isToken(name)) throw new TypeError(`header name must be a token, got ${quoted(name)}`)
    if (firstOutside(FIELD_TEXT, value) !== -1) {
      throw new TypeError(`header ${name} must be ISO-8859-1 without control characters, got ${quoted(value)}`)
    }
    lines += `${name}: ${value}\r\n`
  }
  return lines
}

/** Also for callers without types: a version is written into the line as it is. */
function checkedVersion(version: HttpVersion): HttpVersion {
  if (version === '1.0' || version === '1.1') return version
  throw new TypeError(`version must be '1.0' or '1.1', got ${quoted(version)}`)
}
