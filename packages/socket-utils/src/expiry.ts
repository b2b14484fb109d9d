// Timers for what would end at a certain time, and nearly always ends before. One of Node's own for each costs a tenth
// of a connection on loopback (bench/connect.ts); but those of one length come due in the order in which they began,
// so one of Node's does for all of them, and is left to run from one to the next.

import { monotonicMs } from './monotonic.ts'

/** Lengths whose timer may run while nothing waits for it: who uses a new length each time must not gather them. */
const MOST_IDLE = 8

/** One that waits in the line of its length. */
export class Expiry {
  readonly #line: Line
  readonly dueAt: number
  readonly expire: (subject: unknown) => void
  readonly subject: unknown
  before: Expiry | undefined
  after: Expiry | undefined
  waiting = true

  constructor(line: Line, dueAt: number, expire: (subject: unknown) => void, subject: unknown) {
    this.#line = line
    this.dueAt = dueAt
    this.expire = expire
    this.subject = subject
  }

  /** Nothing happens any more; after the expiry, or a second time, this changes nothing. */
  cancel(): void {
    if (this.waiting) this.#line.leave(this)
  }
}

let lines = new Map<number, Line>()
let clock = setTimeout

/** Calls `expire` with `subject` after `ms`, all as setTimeout takes them, and keeps the process alive until then. */
export function expireAfter<T>(expire: (subject: T) => void, ms: number, subject: T): Expiry {
  if (clock !== setTimeout) {
    // A test has begun, or ceased, to move the time by itself: a timer of before does not run with the others.
    clock = setTimeout
    lines = new Map()
  }
  let line = lines.get(ms)
  if (line === undefined) lines.set(ms, (line = new Line(ms, lines)))
  return line.join(expire as (subject: unknown) => void, subject)
}

/** All that wait for the same length of time, by the monotonic clock, the first to be due at the head. */
class Line {
  readonly #ms: number
  readonly #lines: Map<number, Line>
  #first: Expiry | undefined
  #last: Expiry | undefined
  #timer: NodeJS.Timeout | undefined
  #timerDueAt = 0

  constructor(ms: number, lines: Map<number, Line>) {
    this.#ms = ms
    this.#lines = lines
  }

  join(expire: (subject: unknown) => void, subject: unknown): Expiry {
    const last = this.#last
    const newcomer = new Expiry(this, monotonicMs() + this.#ms, expire, subject)
    this.#last = newcomer
    if (last === undefined) {
      this.#first = newcomer
      if (this.#timer === undefined) this.#arm(newcomer.dueAt, this.#ms)
      else this.#timer.ref()
    } else {
      last.after = newcomer
      newcomer.before = last
    }
    return newcomer
  }

  leave(leaver: Expiry): void {
    this.#unlink(leaver)
    if (this.#first !== undefined || this.#timer === undefined) return
    if (this.#lines.size > MOST_IDLE) {
      clearTimeout(this.#timer)
      this.#lines.delete(this.#ms)
    } else {
      this.#timer.unref()
    }
  }

  #unlink(leaver: Expiry): void {
    const { before, after } = leaver
    if (before === undefined) this.#first = after
    else before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    leaver.waiting = false
    // Or one that the collector has put among the old would take along all that ever came after it.
    leaver.before = leaver.after = undefined
  }

  #arm(dueAt: number, ms: number): void {
    this.#timerDueAt = dueAt
    this.#timer = setTimeout(() => this.#due(), ms)
  }

  #due(): void {
    this.#timer = undefined
    // A timer of Node's may be early by a fraction of a millisecond: whom it was set for is due all the same.
    const now = Math.max(monotonicMs(), this.#timerDueAt)
    try {
      for (let first = this.#first; first !== undefined && first.dueAt <= now; first = this.#first) {
        this.#unlink(first)
        first.expire(first.subject)
      }
    } finally {
      if (this.#first === undefined) this.#lines.delete(this.#ms)
      else if (this.#timer === undefined) this.#arm(this.#first.dueAt, this.#first.dueAt - now)
    }
  }
}
