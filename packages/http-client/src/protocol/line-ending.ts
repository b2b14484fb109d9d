// Every line ends in CRLF, RFC 9112 §2.2. Both bytes are looked at: what two recipients take for the end of a line at
// different bytes is how requests are smuggled.

import type { Repairs } from './leniency.ts'
import type { Window } from './window.ts'

export const CR = 0x0d
export const LF = 0x0a

/** Instead of an index: the line goes on in bytes that have not come yet. */
export const INCOMPLETE = -1

/** The index after the ending that begins with the CR or LF at `at`. ProtocolError where that is no ending. */
export function afterLineEnding(window: Window, at: number, bound: number, repairs: Repairs): number {
  if (window.bytes[at] === LF) {
    if (repairs.allow('bare-lf', window.place(at))) return at + 1
    throw window.violation('http/bad-line-ending', 'LF without a CR before it', at)
  }
  if (at + 1 >= bound) return INCOMPLETE
  if (window.bytes[at + 1] === LF) return at + 2
  throw window.violation('http/bad-line-ending', 'CR without an LF after it', at)
}

export function isLineEnding(byte: number | undefined): boolean {
  return byte === CR || byte === LF
}
