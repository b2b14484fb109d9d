// `HTTP-version SP status-code SP [ reason-phrase ] CRLF`, RFC 9112 §4, where it stands in the window.

import { textEnd } from './field-line.ts'
import { DIGIT } from './grammar.ts'
import type { Repairs } from './leniency.ts'
import { INCOMPLETE, afterLineEnding, isLineEnding } from './line-ending.ts'
import { VERSION_PREFIX, versionByMinor, type HttpVersion } from './http-version.ts'
import type { StartLine } from './section-reader.ts'
import type { Window } from './window.ts'

const SPACE = 0x20
const ZERO = 0x30

/** What all versions have in common. */
const NAME_LENGTH = 'HTTP/'.length

const VERSION_AT = VERSION_PREFIX.length
const STATUS_AT = VERSION_AT + 2
const REASON_AT = STATUS_AT + 4

export class StatusLine implements StartLine {
  version: HttpVersion = '1.1'
  /** 100 to 999. */
  statusCode = 0
  /** Where the reason phrase stands, counted from the first byte of the line. */
  reasonStart = 0
  reasonEnd = 0
  readonly #repairs: Repairs
  readonly #http09: boolean

  constructor(repairs: Repairs, http09: boolean) {
    this.#repairs = repairs
    this.#http09 = http09
  }

  get isWholeHead(): boolean {
    return this.version === '0.9'
  }

  mayFollowEmptyLine(window: Window, at: number): boolean {
    return this.#repairs.allow('empty-line-before-response', window.place(at))
  }

  read(window: Window, from: number, bound: number): number {
    const { bytes } = window
    for (let at = 0; at < VERSION_PREFIX.length; at++) {
      if (from + at === bound) return this.#http09 && window.ended ? this.#readNothing(from) : INCOMPLETE
      if (bytes[from + at] === VERSION_PREFIX[at]) continue
      if (this.#http09 && at < NAME_LENGTH) return this.#readNothing(from)
      const what = `it begins ${window.shown(from, from + at + 1)}`
      if (at < NAME_LENGTH) throw window.violation('http/bad-status-line', `not HTTP: ${what}`, from + at)
      throw window.violation('http/bad-version', `not HTTP/1.x: ${what}`, from + at)
    }
    if (!this.#readVersion(window, from, bound)) return INCOMPLETE
    if (!this.#readStatusCode(window, from, bound)) return INCOMPLETE
    let at = from + REASON_AT
    this.reasonStart = REASON_AT
    if (at - 1 === bound) return INCOMPLETE
    if (bytes[at - 1] !== SPACE) {
      const canDoWithout = isLineEnding(bytes[at - 1])
      if (!canDoWithout || !this.#repairs.allow('no-space-after-status', window.place(at - 1))) {
        throw window.violation('http/bad-status-line', `no space after ${window.shown(from, at - 1)}`, at - 1)
      }
      at--
      this.reasonStart--
    }
    at = textEnd(window, at, bound, this.#repairs, 'http/bad-status-line')
    this.reasonEnd = at - from
    return at === bound ? INCOMPLETE : afterLineEnding(window, at, bound, this.#repairs)
  }

  /** An answer in HTTP/0.9 is its content and nothing else. */
  #readNothing(from: number): number {
    this.version = '0.9'
    this.statusCode = 200
    this.reasonStart = 0
    this.reasonEnd = 0
    return from
  }

  #readVersion(window: Window, from: number, bound: number): boolean {
    const at = from + VERSION_AT
    if (at >= bound) return false
    const version = versionByMinor(window, at, this.#repairs)
    if (version === undefined) {
      throw window.violation('http/bad-version', `not HTTP/1.0 or HTTP/1.1: ${window.shown(from, at + 1)}`, at)
    }
    this.version = version
    if (at + 1 >= bound) return false
    const after = window.bytes[at + 1] as number
    if (after === SPACE) return true
    const code = DIGIT[after] === 1 ? 'http/bad-version' : 'http/bad-status-line'
    throw window.violation(code, `no space after the version ${window.shown(from, at + 2)}`, at + 1)
  }

  #readStatusCode(window: Window, from: number, bound: number): boolean {
    const { bytes } = window
    this.statusCode = 0
    for (let at = from + STATUS_AT; at < from + STATUS_AT + 3; at++) {
      if (at >= bound) return false
      const digit = bytes[at] as number
      if (DIGIT[digit] !== 1 || (digit === ZERO && this.statusCode === 0)) {
        throw window.violation('http/bad-status-line', `bad status code in ${window.shown(from, at + 1)}`, at)
      }
      this.statusCode = this.statusCode * 10 + digit - ZERO
    }
    return true
  }
}
