// What a parser may be told to put up with. Each leniency has a name, and each repair leaves a warning behind: whoever
// relies on a repaired message knows that another recipient may have read it otherwise.

import { quoted } from '@plainwire/socket-utils/errors'
import type { Place } from './violation.ts'

/** Each leniency, and the clause that allows it or that it sets aside. */
const CLAUSES = {
  /** A line of a head or a trailer section may end in LF alone. Never a chunk-size line. */
  'bare-lf': 'RFC 9112 §2.2',
  /** A response may have empty lines before it; a request always may. */
  'empty-line-before-response': 'RFC 9112 §2.2',
  /** A line that begins with white space goes on with the one before it: both become one value with a space between. */
  'obs-fold': 'RFC 9112 §5.2',
  /** White space between a name and its colon is taken off. */
  'space-before-colon': 'RFC 9112 §5.1',
  /** A line without a colon is dropped. */
  'line-without-colon': 'RFC 9112 §5',
  /** Controls in a value or a reason phrase stay, but for CR, LF and NUL. */
  'control-in-value': 'RFC 9110 §5.5',
  /** `HTTP/1.1 200` without the space that belongs after it. */
  'no-space-after-status': 'RFC 9112 §4',
  /** HTTP/1.2 to HTTP/1.9 are read as HTTP/1.1. */
  'higher-minor-version': 'RFC 9110 §2.5',
  /** A length given more than once counts where all are equal, and the connection ends with the message. */
  'equal-content-lengths': 'RFC 9110 §8.6',
  /** Transfer-Encoding wins over Content-Length, and the connection ends with the message. */
  'length-beside-coding': 'RFC 9112 §6.3',
  /** Transfer-Encoding counts in HTTP/1.0, and the connection ends with the message. */
  'coding-in-http10': 'RFC 9112 §6.1',
  /** White space may stand between a chunk size and its CRLF. */
  'space-after-chunk-size': 'RFC 9112 §7.1.1',
  /** An HTTP/1.1 request may lack Host. */
  'missing-host': 'RFC 9112 §3.2',
} as const

/** The name of one thing that a parser may be told to put up with; all are refused by default. */
export type Leniency = keyof typeof CLAUSES

/** `browser`: what browsers put up with in responses; `lenient`: everything. Framing that is repaired still warns. */
export type LeniencyPreset = 'strict' | 'browser' | 'lenient'

/** TypeError for a name that is no leniency. */
export interface LeniencyOptions {
  /** Default `strict`: none at all. */
  readonly leniency?: LeniencyPreset | readonly Leniency[]
}

/** A repair that was made, and where. */
export interface Warning extends Required<Place> {
  readonly code: Leniency
  /** Such as `RFC 9112 §2.2`. */
  readonly clause: string
}

const ALL = Object.keys(CLAUSES) as Leniency[]
const NONE: ReadonlySet<Leniency> = new Set()

const BROWSER: readonly Leniency[] = [
  'bare-lf',
  'empty-line-before-response',
  'obs-fold',
  'line-without-colon',
  'control-in-value',
  'no-space-after-status',
  'higher-minor-version',
  'equal-content-lengths',
  'length-beside-coding',
  'space-after-chunk-size',
]

/** TypeError for a name that is none. */
export function leniencies(chosen: LeniencyOptions['leniency'] = 'strict'): ReadonlySet<Leniency> {
  switch (chosen) {
    case 'strict':
      return NONE
    case 'browser':
      return new Set(BROWSER)
    case 'lenient':
      return new Set(ALL)
    default: {
      const names = typeof chosen === 'string' ? [chosen] : chosen
      const unknown = names.find((name) => !ALL.includes(name))
      if (unknown !== undefined) throw new TypeError(`no leniency is called ${quoted(unknown)}`)
      return new Set(names)
    }
  }
}

const NO_WARNINGS: readonly Warning[] = []

/** What one parser puts up with, and what it had to since somebody last asked. */
export class Repairs {
  readonly #allowed: ReadonlySet<Leniency>
  #made: Warning[] = []

  constructor(allowed: ReadonlySet<Leniency>) {
    this.#allowed = allowed
  }

  allows(code: Leniency): boolean {
    return this.#allowed.has(code)
  }

  /** Whether the repair may be made; if so, it is noted. */
  allow(code: Leniency, place: Required<Place>): boolean {
    if (!this.allows(code)) return false
    this.#made.push({ code, ...place, clause: CLAUSES[code] })
    return true
  }

  get count(): number {
    return this.#made.length
  }

  /** Takes back those after the first `count`: their line was not complete, and will be read again. */
  takeBack(count: number): void {
    if (this.#made.length > count) this.#made.length = count
  }

  /** In the order in which they were made, and forgotten. */
  take(): readonly Warning[] {
    if (this.#made.length === 0) return NO_WARNINGS
    const made = this.#made
    this.#made = []
    return made
  }
}
