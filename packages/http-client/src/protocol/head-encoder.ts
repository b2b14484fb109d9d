// Heads as bytes, exactly as given: case, order, duplicates, odd spellings. Nothing is added and nothing is judged
// except what would make one message read as two: that is the caller's mistake, so TypeError or RangeError.

import { quoted } from '@plainwire/socket-utils/errors'
import { FIELD_TEXT, VISIBLE, firstOutside, isToken } from './grammar.ts'
import { HeaderList, type HeaderLine } from './headers.ts'
import { latin1Bytes } from './latin1.ts'
import type { HttpVersion } from './http-version.ts'
import type { RequestHead } from './request-parser.ts'
import type { ResponseHead } from './response-parser.ts'

/** A parsed head fits, and so does one with a list of pairs. */
export type EncodableRequest = Omit<RequestHead, 'headers'> & { readonly headers: Iterable<HeaderLine> }
/** A parsed head fits, and so does one with a list of pairs. */
export type EncodableResponse = Omit<ResponseHead, 'headers'> & { readonly headers: Iterable<HeaderLine> }

/**
 * Request line, headers and the empty line, RFC 9112 §3. The body, if any, follows as it is. In HTTP/0.9 that is a GET and
 * a target, and nothing else.
 */
export function encodeRequest(head: EncodableRequest): Uint8Array<ArrayBuffer> {
  return latin1Bytes(requestText(head))
}

/** The same as text: what writes ISO-8859-1 by itself, as a socket of Node's does, need not be given an array. */
export function requestText(head: EncodableRequest): string {
  const { method, requestTarget } = head
  if (!isToken(method)) throw new TypeError(`method must be a token, got ${quoted(method)}`)
  if (requestTarget === '' || firstOutside(VISIBLE, requestTarget) !== -1) {
    throw new TypeError(`request target must be visible ASCII without spaces, got ${quoted(requestTarget)}`)
  }
  const lines = encodeFieldLines(head.headers)
  if (head.version === '0.9') {
    if (method !== 'GET') throw new TypeError(`HTTP/0.9 has no method but GET, got ${quoted(method)}`)
    return `GET ${requestTarget}\r\n${none(lines)}`
  }
  return `${method} ${requestTarget} HTTP/${checkedVersion(head.version)}\r\n${lines}\r\n`
}

/** Status line, headers and the empty line, RFC 9112 §4. In HTTP/0.9 no bytes at all. */
export function encodeResponse(head: EncodableResponse): Uint8Array<ArrayBuffer> {
  const { statusCode, reasonPhrase } = head
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 999) {
    throw new RangeError(`status code must be 100 to 999, got ${quoted(statusCode)}`)
  }
  if (firstOutside(FIELD_TEXT, reasonPhrase) !== -1) {
    throw new TypeError(`reason phrase must hold no control characters, got ${quoted(reasonPhrase)}`)
  }
  if (head.version === '0.9') return latin1Bytes(none(encodeFieldLines(head.headers)))
  const statusLine = `HTTP/${checkedVersion(head.version)} ${statusCode} ${reasonPhrase}\r\n`
  return latin1Bytes(`${statusLine}${encodeFieldLines(head.headers)}\r\n`)
}

/**
 * Lines that a strict parser read go out as they came, white space included; others with one space after the colon. An
 * instance of HeaderList cannot be changed, so what it received has been checked.
 */
export function encodeFieldLines(headers: Iterable<HeaderLine>): string {
  const asReceived = headers instanceof HeaderList ? headers.asReceived : undefined
  if (asReceived !== undefined) return asReceived
  let lines = ''
  for (const [name, value] of headers) {
    if (!isToken(name)) throw new TypeError(`header name must be a token, got ${quoted(name)}`)
    // Also for callers without types: what becomes text only later could become any.
    if (typeof value !== 'string' || firstOutside(FIELD_TEXT, value) !== -1) {
      throw new TypeError(`header ${name} must be ISO-8859-1 without control characters, got ${quoted(value)}`)
    }
    lines += `${name}: ${value}\r\n`
  }
  return lines
}

/** HTTP/0.9 has no headers. */
function none(lines: string): string {
  if (lines !== '') throw new TypeError(`HTTP/0.9 has no headers, got ${quoted(lines)}`)
  return lines
}

/** Also for callers without types: a version is written into the line as it is. */
function checkedVersion(version: HttpVersion): HttpVersion {
  if (version === '1.0' || version === '1.1') return version
  throw new TypeError(`version must be '0.9', '1.0' or '1.1', got ${quoted(version)}`)
}
