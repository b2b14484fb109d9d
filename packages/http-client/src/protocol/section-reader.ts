// A head or a trailer section out of the window, RFC 9112 §2.1: lines up to an empty one. Nothing is cut into strings and
// nothing leaves the window before the empty line has come; then one decoding gives the text of all.
//
// A line is read where it stands. Where the network has cut it, it is looked through for its end as more bytes come, and
// read again once that is there: each byte is visited a few times, whatever the cut.

import { readCommonLines } from './common-lines.ts'
import { FieldRecorder } from './field-recorder.ts'
import { readFieldLine } from './field-line.ts'
import { HeaderList } from './headers.ts'
import type { Latin1Decoder } from './latin1.ts'
import type { Repairs } from './leniency.ts'
import { LineMemory, NO_KNOWN_LINES } from './line-memory.ts'
import { CR, INCOMPLETE, LF, afterLineEnding, isLineEnding } from './line-ending.ts'
import { StartLineMemory } from './start-line-memory.ts'
import type { HttpErrorCode, HttpProtocolError } from './violation.ts'
import type { Window } from './window.ts'

/** So much of a cut start line is read again at every byte: who speaks something else is known by the first ones. */
const KNOWN_BY = 8

export interface SectionLimits {
  readonly maxBytes: number
  readonly maxLineBytes: number
  readonly maxFields: number
  readonly tooLarge: HttpErrorCode
}

export interface StartLine {
  /** Reads the line at `from`, as `readFieldLine` does. */
  read(window: Window, from: number, bound: number): number
  /** Whether the line that was read is a whole head, as in HTTP/0.9. */
  readonly isWholeHead: boolean
  /** Whether it may come after an empty line, the one at `at`. */
  mayFollowEmptyLine(window: Window, at: number): boolean
}

export class SectionReader {
  readonly #limits: SectionLimits
  readonly #repairs: Repairs
  readonly #startLine: StartLine | undefined
  #awaitsStartLine: boolean
  readonly #fields = new FieldRecorder()
  /** The number of the first line in the message, and where in the section the field lines begin. */
  #firstLine: number
  /** From the second head on: one that stays alone would pay for nothing. */
  #memory: LineMemory | undefined
  #startMemory: StartLineMemory | undefined
  #heads = 0
  #fieldsFrom = 0
  #complete = false
  /** Bytes of empty lines before the start line. */
  #skipped = 0
  // Counted from the window's start, since its bytes may move to another array between two reads.
  /** Where the line begins that is being read. */
  #at = 0
  /** Up to where that line has been looked through for its end; `#at` where it was not yet. */
  #searched = 0
  /** Where the line is too long if it has not ended. */
  #mustEndBy = 0

  constructor(limits: SectionLimits, repairs: Repairs, startLine?: StartLine, firstLine = 1) {
    this.#firstLine = firstLine
    this.#limits = limits
    this.#repairs = repairs
    this.#startLine = startLine
    this.#awaitsStartLine = startLine !== undefined
  }

  /** Empty lines that came before do not count any more; nothing else of the section may have come. */
  begin(): void {
    this.#skipped = 0
  }

  /** Whether the empty line has come. */
  read(window: Window): boolean {
    while (!this.#complete) {
      if (this.#isStillCut(window)) return false
      if (!this.#awaitsStartLine) this.#readCommonLines(window)
      const from = window.start + this.#at
      const room = this.#limits.maxBytes - this.#skipped - this.#at - 2
      const limit = Math.min(room, this.#limits.maxLineBytes)
      const bound = Math.max(from, Math.min(window.end, from + limit + 2))
      const made = this.#repairs.count
      const next = from === bound ? INCOMPLETE : this.#readLine(window, from, bound)
      if (next === INCOMPLETE) {
        this.#repairs.takeBack(made)
        this.#refuseTooLong(window, from, limit)
        this.#searched = window.end - window.start
        this.#mustEndBy = this.#at + limit + 2
        return false
      }
      // A line that ends in LF alone fits in one byte less.
      if (next - from > limit + 1 && window.bytes[next - 2] !== CR) throw this.#tooLong(window, from + limit, limit)
      window.line++
      this.#at = next - window.start
      this.#searched = this.#at
    }
    return true
  }

  /** The peer has finished: a line that has no end may still have a fault. */
  finish(window: Window): boolean {
    this.#searched = this.#at
    return this.read(window)
  }

  /** The text of the section that `read` found complete. */
  text(window: Window, decode: Latin1Decoder): string {
    return decode(window.bytes, window.start, window.start + this.#at)
  }

  /** Takes the section out of the window; the next one begins. */
  take(window: Window, text: string): HeaderList {
    const { bytes, start } = window
    const isExact = this.#repairs.count === 0
    const layout = this.#fields.take(bytes, start)
    const known = isExact ? this.#memory?.learn(layout.positions, bytes, start, text) : this.#memory?.forget()
    if (this.#memory === undefined && ++this.#heads === 2) {
      this.#memory = new LineMemory()
      this.#startMemory = new StartLineMemory()
    }
    const { offset } = window
    const section = {
      text,
      layout,
      offset,
      line: this.#firstLine,
      from: this.#fieldsFrom,
      isExact,
      known: known ?? NO_KNOWN_LINES,
    }
    window.start += this.#at
    this.#fieldsFrom = 0
    this.#complete = false
    this.#skipped = 0
    this.#at = 0
    this.#searched = 0
    this.#awaitsStartLine = this.#startLine !== undefined
    return HeaderList.received(section)
  }

  #readCommonLines(window: Window): void {
    const { maxBytes, maxFields, maxLineBytes } = this.#limits
    const from = window.start + this.#at
    const bound = Math.min(window.end, window.start + maxBytes - this.#skipped)
    const maxLines = maxFields - this.#fields.count
    this.#at = readCommonLines(window, from, bound, maxLines, maxLineBytes, this.#fields, this.#memory) - window.start
    this.#searched = this.#at
  }

  #readLine(window: Window, from: number, bound: number): number {
    const isEmpty = isLineEnding(window.bytes[from])
    if (this.#awaitsStartLine) {
      if (isEmpty && this.#startLine?.mayFollowEmptyLine(window, from)) return this.#skipEmptyLine(window, from, bound)
      return this.#readStartLine(window, from, bound)
    }
    if (isEmpty) {
      const next = afterLineEnding(window, from, bound, this.#repairs)
      this.#complete = next !== INCOMPLETE
      return next
    }
    const { maxFields } = this.#limits
    if (this.#fields.count === maxFields) {
      throw window.violation('http/too-many-headers', `more than ${maxFields} header lines`, from)
    }
    return readFieldLine(window, from, bound, this.#fields, this.#repairs)
  }

  #readStartLine(window: Window, from: number, bound: number): number {
    const startLine = this.#startLine as StartLine
    const known = this.#startMemory?.recall(window.view, from, bound) ?? 0
    let next = from + known
    if (known === 0) {
      next = startLine.read(window, from, bound)
      if (next === INCOMPLETE) {
        this.#startMemory?.forget()
        return INCOMPLETE
      }
      if (this.#repairs.count === 0) this.#startMemory?.learn(window.bytes, from, next)
    }
    this.#awaitsStartLine = false
    this.#firstLine = window.line
    this.#fieldsFrom = next - window.start
    this.#complete = startLine.isWholeHead
    return next
  }

  /** It counts against the limit, but is no part of the section. */
  #skipEmptyLine(window: Window, from: number, bound: number): number {
    const next = afterLineEnding(window, from, bound, this.#repairs)
    if (next === INCOMPLETE) return INCOMPLETE
    this.#skipped += next - from
    window.start = next
    return next
  }

  /** Whether a line that was cut has not ended in what came since, and still may. */
  #isStillCut(window: Window): boolean {
    const { start, end } = window
    if (this.#searched <= this.#at || end - start >= this.#mustEndBy) return false
    if (this.#awaitsStartLine && this.#searched < KNOWN_BY) return false
    for (let at = start + this.#searched; at < end; at++) {
      if (window.bytes[at] === LF) return false
    }
    this.#searched = end - start
    return true
  }

  /** A line that is not complete, where there is no room for the rest of it. */
  #refuseTooLong(window: Window, from: number, limit: number): void {
    const at = from + Math.max(limit, 0)
    if (at < window.end && (limit < 0 || window.bytes[at] !== CR)) throw this.#tooLong(window, at, limit)
  }

  #tooLong(window: Window, at: number, limit: number): HttpProtocolError {
    const { maxBytes, maxLineBytes, tooLarge } = this.#limits
    if (limit === maxLineBytes) {
      return window.violation('http/line-too-long', `line of more than ${maxLineBytes} bytes`, at)
    }
    const what = tooLarge === 'http/head-too-large' ? 'head' : 'trailer section'
    return window.violation(tooLarge, `${what} of more than ${maxBytes} bytes`, at)
  }
}
