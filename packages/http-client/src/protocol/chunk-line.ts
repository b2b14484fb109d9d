// `chunk-size [ chunk-ext ] CRLF`, RFC 9112 §7.1, byte by byte as they come: nothing is held back, so however long a line
// is, it takes no memory. Extensions are checked, so that nothing hides in them, and dropped.

import { FIELD_TEXT, TOKEN, hexDigit, isOws } from './grammar.ts'
import { latin1Text } from './latin1.ts'
import type { Repairs } from './leniency.ts'
import { CR, LF } from './line-ending.ts'
import type { Window } from './window.ts'

const SEMICOLON = 0x3b
const EQUALS = 0x3d
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Leading zeros included: enough for 2^53 - 1 with two to spare, and no endless row of zeros. */
const MAX_DIGITS = 16

/** Sizes up to 2^28 need not be looked at as they grow. */
const PLAIN_DIGITS = 7

/** What was read last. */
type Part =
  | 'size'
  | 'space'
  | 'semicolon'
  | 'name'
  | 'space after name'
  | 'equals'
  | 'value'
  | 'quoted'
  | 'escape'
  | 'end of quoted'
  | 'CR'

export class ChunkLine {
  /** Of the chunk's data, in bytes, up to 2^53 - 1. */
  size = 0
  /** The line as it came, CRLF included; undefined where it is not kept. */
  text: string | undefined
  readonly #keepsText: boolean
  readonly #maxExtensionBytes: number
  #extensionBytes = 0
  #digits = 0
  #part: Part = 'size'

  /** `maxExtensionBytes`: of all lines of one body. */
  constructor(maxExtensionBytes: number, keepsText: boolean) {
    this.#maxExtensionBytes = maxExtensionBytes
    this.#keepsText = keepsText
  }

  /** A body begins. */
  begin(): void {
    this.#extensionBytes = 0
    this.next()
  }

  /** The next line of the same body begins. */
  next(): void {
    this.size = 0
    this.text = this.#keepsText ? '' : undefined
    this.#digits = 0
    this.#part = 'size'
  }

  /** Whether the line has ended in the window; what was read has left it. */
  read(window: Window, repairs: Repairs): boolean {
    if (this.#part === 'size' && this.#digits === 0 && !this.#keepsText && this.#readPlain(window)) return true
    const { bytes, end, start } = window
    let at = start
    let ended = false
    while (at < end && !ended) {
      const byte = bytes[at] as number
      const digit = this.#part === 'size' ? hexDigit(byte) : -1
      if (digit !== -1) this.#addDigit(digit, window, at)
      else ended = this.#isLineFeed(byte, window, at, repairs)
      at++
    }
    if (this.text !== undefined) this.text += latin1Text(bytes, start, at)
    window.start = at
    if (ended) window.line++
    return ended
  }

  /** The line that nearly all are, a few digits and CRLF: a chunk takes 60 ns so, 120 without. Otherwise nothing is read. */
  #readPlain(window: Window): boolean {
    const { bytes, end, start } = window
    const last = Math.min(start + PLAIN_DIGITS, end - 2)
    let at = start
    let size = 0
    for (; at <= last; at++) {
      const digit = hexDigit(bytes[at] as number)
      if (digit === -1) break
      size = size * 16 + digit
    }
    if (at === start || at > last || bytes[at] !== CR || bytes[at + 1] !== LF) return false
    this.size = size
    window.start = at + 2
    window.line++
    return true
  }

  #addDigit(digit: number, window: Window, at: number): void {
    this.size = this.size * 16 + digit
    this.#digits++
    if (this.#digits <= MAX_DIGITS && this.size <= Number.MAX_SAFE_INTEGER) return
    throw window.violation('http/bad-chunk', `chunk size too big ${window.shown(window.start, at + 1)}`, at)
  }

  /** Takes a byte that is no digit of the size; true for the LF at the end. */
  #isLineFeed(byte: number, window: Window, at: number, repairs: Repairs): boolean {
    if (this.#part === 'CR') {
      if (byte === LF) return true
      throw window.violation('http/bad-line-ending', 'CR without an LF after it', at - 1)
    }
    if (byte === LF) throw window.violation('http/bad-line-ending', 'LF without a CR before it', at)
    const next = this.#after(byte, () => repairs.allow('space-after-chunk-size', window.place(at)))
    if (next === undefined) {
      const what = this.#digits === 0 ? 'bad chunk size' : 'bad chunk size or extension'
      throw window.violation('http/bad-chunk', `${what} ${window.shown(window.start, at + 1)}`, at)
    }
    this.#part = next
    if (next !== 'CR' && ++this.#extensionBytes > this.#maxExtensionBytes) {
      const what = `chunk extensions of more than ${this.#maxExtensionBytes} bytes in one message`
      throw window.violation('http/chunk-extensions-too-large', what, at)
    }
    return false
  }

  /** `*( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )`, undefined where that cannot go on so. */
  #after(byte: number, allowsSpaceBeforeEnd: () => boolean): Part | undefined {
    switch (this.#part) {
      case 'size':
        return this.#digits === 0 ? undefined : afterValue(byte)
      case 'space':
        if (byte === CR && allowsSpaceBeforeEnd()) return 'CR'
        return byte === CR ? undefined : afterValue(byte)
      case 'semicolon':
        if (isOws(byte)) return 'semicolon'
        return TOKEN[byte] === 1 ? 'name' : undefined
      case 'name':
        if (TOKEN[byte] === 1) return 'name'
        if (byte === EQUALS) return 'equals'
        return isOws(byte) ? 'space after name' : afterValue(byte)
      case 'space after name':
        if (byte === EQUALS) return 'equals'
        if (byte === CR) return allowsSpaceBeforeEnd() ? 'CR' : undefined
        return isOws(byte) ? 'space after name' : afterValue(byte)
      case 'equals':
        if (isOws(byte)) return 'equals'
        if (byte === QUOTE) return 'quoted'
        return TOKEN[byte] === 1 ? 'value' : undefined
      case 'value':
        return TOKEN[byte] === 1 ? 'value' : afterValue(byte)
      case 'quoted':
        if (byte === QUOTE) return 'end of quoted'
        if (byte === BACKSLASH) return 'escape'
        return FIELD_TEXT[byte] === 1 ? 'quoted' : undefined
      case 'escape':
        return FIELD_TEXT[byte] === 1 ? 'quoted' : undefined
      case 'end of quoted':
        return afterValue(byte)
      case 'CR':
        return undefined
    }
  }
}

function afterValue(byte: number): Part | undefined {
  if (byte === CR) return 'CR'
  if (byte === SEMICOLON) return 'semicolon'
  return isOws(byte) ? 'space' : undefined
}
