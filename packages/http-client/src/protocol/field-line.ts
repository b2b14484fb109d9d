// One field line where it stands in the window: `field-name ":" OWS field-value OWS`, RFC 9112 §5.

import { fieldTextEnd } from './field-text.ts'
import { TOKEN, isOws } from './grammar.ts'
import type { Repairs } from './leniency.ts'
import { CR, INCOMPLETE, LF, afterLineEnding, isLineEnding } from './line-ending.ts'
import type { FieldRecorder } from './field-recorder.ts'
import type { HttpErrorCode } from './violation.ts'
import type { Window } from './window.ts'

const COLON = 0x3a
const NO_COLON = -2

/**
 * Reads the line at `from`, which may reach up to `bound`, into `fields`: the index where the next line begins, or
 * INCOMPLETE where its end has not come. ProtocolError for the first byte that cannot be right.
 */
export function readFieldLine(
  window: Window,
  from: number,
  bound: number,
  fields: FieldRecorder,
  repairs: Repairs,
): number {
  const { bytes, start } = window
  let at = from
  while (at < bound && TOKEN[bytes[at] as number] === 1) at++
  if (at === bound) return INCOMPLETE
  const nameEnd = at
  if (bytes[at] !== COLON || at === from) {
    if (at === from && isOws(bytes[at] as number)) return readFold(window, from, bound, fields, repairs)
    at = colonAfter(window, from, at, bound, repairs)
    if (at === NO_COLON) return dropLine(window, nameEnd, bound, repairs)
    if (at === INCOMPLETE) return INCOMPLETE
  }
  at++
  while (at < bound && isOws(bytes[at] as number)) at++
  const valueStart = at
  at = textEnd(window, at, bound, repairs, 'http/bad-header')
  const valueEnd = at
  if (at + 1 < bound && bytes[at] === CR && bytes[at + 1] === LF) at += 2
  else at = at === bound ? INCOMPLETE : afterLineEnding(window, at, bound, repairs)
  if (at === INCOMPLETE) return INCOMPLETE
  fields.add(from - start, nameEnd - start, valueStart - start, withoutOws(bytes, valueStart, valueEnd) - start)
  return at
}

/** The first byte from `at` on that is no text: a CR or LF, or `bound`. ProtocolError with `code` for any other. */
export function textEnd(window: Window, from: number, bound: number, repairs: Repairs, code: HttpErrorCode): number {
  for (let at = from; ; at++) {
    at = fieldTextEnd(window, at, bound)
    const byte = window.bytes[at] as number
    if (at === bound || isLineEnding(byte)) return at
    if (byte === 0 || !repairs.allow('control-in-value', window.place(at))) {
      throw window.violation(code, `control character in ${window.shown(from, at + 1)}`, at, 'RFC 9110 §5.5')
    }
  }
}

/** Where the colon is of a name that ends at `at` with something else, if that can be repaired. */
function colonAfter(window: Window, from: number, at: number, bound: number, repairs: Repairs): number {
  const { bytes } = window
  if (repairs.allows('space-before-colon') || repairs.allows('line-without-colon')) {
    let colon = at
    while (colon < bound && isOws(bytes[colon] as number)) colon++
    if (colon === bound) return INCOMPLETE
    const spaced = bytes[colon] === COLON && at > from
    if (spaced && repairs.allow('space-before-colon', window.place(at))) return colon
    while (colon < bound && bytes[colon] !== COLON && !isLineEnding(bytes[colon])) colon++
    if (colon === bound) return INCOMPLETE
    if (bytes[colon] !== COLON && repairs.allow('line-without-colon', window.place(from))) return NO_COLON
  }
  const byte = bytes[at] as number
  if (isLineEnding(byte)) {
    throw window.violation('http/bad-header', `header line without a colon ${window.shown(from, at)}`, at)
  }
  const what = isOws(byte) ? 'white space before the colon after header name' : 'bad character in header name'
  const clause = isOws(byte) ? 'RFC 9112 §5.1' : 'RFC 9110 §5.1'
  throw window.violation('http/bad-header', `${what} ${window.shown(from, at + 1)}`, at, clause)
}

function dropLine(window: Window, from: number, bound: number, repairs: Repairs): number {
  let at = from
  while (!isLineEnding(window.bytes[at])) at++
  return afterLineEnding(window, at, bound, repairs)
}

/** `obs-fold`: what follows the white space belongs to the value before, RFC 9112 §5.2. */
function readFold(window: Window, from: number, bound: number, fields: FieldRecorder, repairs: Repairs): number {
  const { bytes, start } = window
  if (fields.count === 0 || !repairs.allow('obs-fold', window.place(from))) {
    const end = Math.min(bound, from + 20)
    throw window.violation('http/bad-header', `folded header line ${window.shown(from, end)}`, from, 'RFC 9112 §5.2')
  }
  const end = textEnd(window, from, bound, repairs, 'http/bad-header')
  const next = end === bound ? INCOMPLETE : afterLineEnding(window, end, bound, repairs)
  if (next === INCOMPLETE) return INCOMPLETE
  const valueEnd = withoutOws(bytes, from, end)
  if (valueEnd > from) fields.fold(valueEnd - start)
  return next
}

/** Where a value ends that is followed by OWS and then by `end`. */
function withoutOws(bytes: Uint8Array, from: number, end: number): number {
  let at = end
  while (at > from && isOws(bytes[at - 1] as number)) at--
  return at
}
