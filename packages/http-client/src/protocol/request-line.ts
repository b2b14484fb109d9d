// `method SP request-target SP HTTP-version CRLF`, RFC 9112 §3, where it stands in the window.

import { DIGIT, TOKEN, VISIBLE } from './grammar.ts'
import type { Repairs } from './leniency.ts'
import { INCOMPLETE, afterLineEnding, isLineEnding } from './line-ending.ts'
import { VERSION_PREFIX, versionByMinor, type HttpVersion } from './http-version.ts'
import type { StartLine } from './section-reader.ts'
import type { Window } from './window.ts'

const SPACE = 0x20

/** Where the numbers stand in `HTTP/1.1`. */
const MAJOR_AT = 5
const MINOR_AT = VERSION_PREFIX.length

export class RequestLine implements StartLine {
  version: HttpVersion = '1.1'
  // Counted from the first byte of the line.
  methodEnd = 0
  targetEnd = 0
  readonly #repairs: Repairs
  readonly #http09: boolean

  constructor(repairs: Repairs, http09: boolean) {
    this.#repairs = repairs
    this.#http09 = http09
  }

  get isWholeHead(): boolean {
    return this.version === '0.9'
  }

  /** RFC 9112 §2.2: some clients send a CRLF too many after a body. The head's size limit counts them. */
  mayFollowEmptyLine(): boolean {
    return true
  }

  read(window: Window, from: number, bound: number): number {
    const { bytes } = window
    let at = from
    while (at < bound && TOKEN[bytes[at] as number] === 1) at++
    if (at === bound) return INCOMPLETE
    if (at === from) {
      const what = `a request cannot begin with ${window.shown(from, from + 1)}`
      throw window.violation('http/bad-request-line', what, from)
    }
    if (bytes[at] !== SPACE) throw badLine(window, from, at, 'method and space')
    this.methodEnd = at - from
    const target = ++at
    while (at < bound && VISIBLE[bytes[at] as number] === 1) at++
    if (at === bound) return INCOMPLETE
    this.targetEnd = at - from
    if (this.#http09 && at > target && isLineEnding(bytes[at]) && isGet(bytes, from, target - 1)) {
      this.version = '0.9'
      return afterLineEnding(window, at, bound, this.#repairs)
    }
    if (bytes[at] !== SPACE || at === target) throw badLine(window, from, at, 'request target and space')
    at = this.#readVersion(window, at + 1, bound)
    if (at === INCOMPLETE || at === bound) return INCOMPLETE
    if (!isLineEnding(bytes[at])) throw badLine(window, from, at, 'end after the version')
    return afterLineEnding(window, at, bound, this.#repairs)
  }

  #readVersion(window: Window, from: number, bound: number): number {
    for (let index = 0; index < VERSION_PREFIX.length; index++) {
      const at = from + index
      if (at === bound) return INCOMPLETE
      const byte = window.bytes[at] as number
      if (byte === VERSION_PREFIX[index]) continue
      const isOther = index === MAJOR_AT && DIGIT[byte] === 1
      const what = `not HTTP/1.0 or HTTP/1.1: ${window.shown(from, at + 1)}`
      throw window.violation(isOther ? 'http/bad-version' : 'http/bad-request-line', what, at)
    }
    const at = from + MINOR_AT
    if (at === bound) return INCOMPLETE
    const version = versionByMinor(window, at, this.#repairs)
    if (version === undefined) {
      const isOther = DIGIT[window.bytes[at] as number] === 1
      const what = `not HTTP/1.0 or HTTP/1.1: ${window.shown(from, at + 1)}`
      throw window.violation(isOther ? 'http/bad-version' : 'http/bad-request-line', what, at)
    }
    this.version = version
    return at + 1
  }
}

function isGet(bytes: Uint8Array, from: number, end: number): boolean {
  return end - from === 3 && bytes[from] === 0x47 && bytes[from + 1] === 0x45 && bytes[from + 2] === 0x54
}

function badLine(window: Window, from: number, at: number, what: string): Error {
  return window.violation('http/bad-request-line', `no ${what} in ${window.shown(from, at + 1)}`, at)
}
