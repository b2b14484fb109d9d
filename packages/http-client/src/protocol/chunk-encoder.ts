// A chunked body as bytes, RFC 9112 §7.1.

import { encodeFieldLines } from './head-encoder.ts'
import type { HeaderLine } from './headers.ts'
import { latin1Bytes } from './latin1.ts'

/** One chunk. An empty one would end the body: it becomes no bytes at all. */
export function encodeChunk(content: Uint8Array): Uint8Array<ArrayBuffer> {
  if (content.length === 0) return new Uint8Array(0)
  return concatenated(latin1Bytes(`${content.length.toString(16).toUpperCase()}\r\n`), content, CRLF)
}

/** The last chunk and the trailers: the end of a chunked body. */
export function encodeLastChunk(trailers: Iterable<HeaderLine> = []): Uint8Array<ArrayBuffer> {
  return latin1Bytes(`0\r\n${encodeFieldLines(trailers)}\r\n`)
}

export const CRLF: Uint8Array = latin1Bytes('\r\n')

export function concatenated(...pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
