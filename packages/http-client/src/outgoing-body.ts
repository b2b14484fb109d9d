// The body of a request: bytes that can be sent again, or a stream that is read as the network takes it.

import { quoted } from '@plainwire/socket-utils/errors'
import { encodeChunk, encodeLastChunk } from './protocol/encoder.ts'
import { parseDecimal } from './protocol/grammar.ts'
import type { HeaderLine, HeaderList } from './protocol/headers.ts'
import type { HttpVersion } from './protocol/http-version.ts'

/** Text is sent as UTF-8. A stream (a web ReadableStream is one) is sent in chunks unless Content-Length is given. */
export type RequestBody = string | Uint8Array | AsyncIterable<Uint8Array>

export type OutgoingBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array | undefined }
  | { readonly kind: 'sized'; readonly source: AsyncIterable<Uint8Array>; readonly length: number }
  | { readonly kind: 'chunked'; readonly source: AsyncIterable<Uint8Array> }

/** Methods whose meaning expects a body: an empty one is announced, RFC 9110 §8.6. */
const WITH_BODY = ['POST', 'PUT', 'PATCH']

export function outgoingBody(body: RequestBody | undefined, version: HttpVersion, headers: HeaderList): OutgoingBody {
  if (headers.has('transfer-encoding')) {
    throw new TypeError('Transfer-Encoding cannot be set: it follows from the body, which is chunked or has its length')
  }
  const values = headers.getAll('content-length')
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
    checkLength(values, bytes?.length ?? 0)
    return { kind: 'bytes', bytes }
  }
  if (typeof body !== 'object' || !(Symbol.asyncIterator in body)) {
    throw new TypeError(`body must be text, bytes or an async iterable of bytes, got ${quoted(body)}`)
  }
  const [value] = values
  if (value !== undefined) {
    const length = values.length === 1 ? parseDecimal(value) : undefined
    if (length === undefined) throw new TypeError(`bad Content-Length ${quoted(values.join(', '))}`)
    return { kind: 'sized', source: body, length }
  }
  if (version === '1.1') return { kind: 'chunked', source: body }
  throw new TypeError(`HTTP/${version} has no chunks: a streamed body needs a Content-Length header, or version 1.1`)
}

/** The header line that says where the body ends, if one has to be added. */
export function lengthLine(body: OutgoingBody, method: string, headers: HeaderList): HeaderLine[] {
  if (body.kind === 'chunked') return [['Transfer-Encoding', 'chunked']]
  if (body.kind === 'sized' || headers.has('content-length')) return []
  if (body.bytes === undefined && !WITH_BODY.includes(method)) return []
  return [['Content-Length', String(body.bytes?.length ?? 0)]]
}

/**
 * The pieces to write after the head. TypeError, before a byte too many is sent, for a stream that has not the length
 * that was announced; what the stream throws, untouched.
 */
export async function* piecesOf(body: OutgoingBody): AsyncGenerator<Uint8Array, void, undefined> {
  if (body.kind === 'bytes') {
    if (body.bytes && body.bytes.length > 0) yield body.bytes
    return
  }
  let sent = 0
  for await (const piece of body.source) {
    if (!(piece instanceof Uint8Array)) throw new TypeError(`a streamed body must be bytes, got ${quoted(piece)}`)
    sent += piece.length
    if (body.kind === 'sized' && sent > body.length) throw wrongLength(body.length, `${sent} bytes or more`)
    if (piece.length > 0) yield body.kind === 'sized' ? piece : encodeChunk(piece)
  }
  if (body.kind === 'chunked') yield encodeLastChunk()
  else if (sent < body.length) throw wrongLength(body.length, `${sent} bytes`)
}

function wrongLength(announced: number, got: string): TypeError {
  return new TypeError(`the body has ${got}, its Content-Length says ${announced}`)
}

/** A length other than the body's would make the server read the rest as another request, or wait for it. */
function checkLength(values: readonly string[], length: number): void {
  if (values.some((value) => value !== String(length)) || values.length > 1) {
    throw new TypeError(`Content-Length ${quoted(values.join(', '))} does not fit the body of ${length} bytes`)
  }
}
