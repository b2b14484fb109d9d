// What the threads share of a disciplined clock: one writes, all may read. A sequence number that is odd while someone
// writes tells a reader to look again; as long as it has not changed, the reader need not look at all.

import { segmentAt, timeAt, type Discipline, type Segment } from './protocol/discipline.ts'

/**
 * `holdover`: the last attempt found no time, and the clock runs on by the drift that it knew. `closed`: it runs on in
 * the same way, and asks nobody any more.
 */
export type ClockState = 'synchronized' | 'holdover' | 'closed'

const STATES: readonly ClockState[] = ['synchronized', 'holdover', 'closed']
const MOST_SEGMENTS = 6
const SEGMENTS_AT = 8
const WORDS = SEGMENTS_AT + 3 * MOST_SEGMENTS
/** Rates cross as whole numbers, because only those can be read atomically: in units of 2⁻⁶⁰. */
const RATE_UNIT = 2 ** 60

/** Place of each word; all are 64 bits, but the sequence number, which is 32 for the reader's sake: no bigint to make. */
const SEQUENCE = 0
const STATE = 1
const LEAP = 2
const COUNT = 3
const AS_OF = 4
const MAX_ERROR = 5
const MAX_ERROR_RATE = 6
const FREQUENCY = 7

export function clockMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * BigInt64Array.BYTES_PER_ELEMENT)
}

/** For the one thread that writes. */
export function writeClock(memory: SharedArrayBuffer, state: ClockState, leap: number, discipline?: Discipline): void {
  const words = new BigInt64Array(memory)
  const sequence = new Int32Array(memory)
  const put = (at: number, value: bigint): bigint => Atomics.store(words, at, value)
  Atomics.add(sequence, SEQUENCE, 1)
  put(STATE, BigInt(STATES.indexOf(state)))
  put(LEAP, BigInt(leap))
  if (discipline !== undefined) {
    const segments = discipline.segments.slice(-MOST_SEGMENTS)
    put(COUNT, BigInt(segments.length))
    put(AS_OF, discipline.asOfNs)
    put(MAX_ERROR, BigInt(Math.ceil(discipline.maxErrorNs)))
    put(MAX_ERROR_RATE, BigInt(Math.ceil(discipline.maxErrorRate * RATE_UNIT)))
    put(FREQUENCY, BigInt(Math.round(discipline.frequency * RATE_UNIT)))
    for (const [index, { fromNs, timeNs, rate }] of segments.entries()) {
      const at = SEGMENTS_AT + 3 * index
      put(at, fromNs)
      put(at + 1, timeNs)
      put(at + 2, BigInt(Math.round(rate * RATE_UNIT)))
    }
  }
  Atomics.add(sequence, SEQUENCE, 1)
}

/** This machine's monotonic clock, twice: exactly, and cheaply from another origin. */
export interface MonotonicClock {
  readonly ns: () => bigint
  readonly ms: () => number
}

/** A thread's performance.now() begins with the thread; its hrtime is that of all threads (see clock-worker.ts). */
const systemClock: MonotonicClock = { ns: () => process.hrtime.bigint(), ms: () => performance.now() }

/** The clock, as any thread reads it: from `NtpClock`'s `handle`, which can be posted to a worker. */
export class ClockReader {
  readonly #words: BigInt64Array<SharedArrayBuffer>
  readonly #sequence: Int32Array<SharedArrayBuffer>
  readonly #clock: MonotonicClock
  #cached: Reading
  #line: Line
  #lastNs = 0n
  #lastMs = 0

  /** `clock` is for tests. */
  constructor(handle: SharedArrayBuffer, clock: MonotonicClock = systemClock) {
    this.#words = new BigInt64Array(handle)
    this.#sequence = new Int32Array(handle)
    this.#clock = clock
    this.#cached = this.#read()
    this.#line = this.#draw()
  }

  /** Nanoseconds since 1970; each reading is later than this reader's one before. */
  nowNs(): bigint {
    const { segments } = this.#reading()
    const nowNs = timeAt(segments, this.#clock.ns())
    this.#lastNs = nowNs > this.#lastNs ? nowNs : this.#lastNs + 1n
    return this.#lastNs
  }

  /** Milliseconds since 1970 as Date.now() has them, but to a quarter of a microsecond; never less than the one before. */
  now(): number {
    const atMs = this.#clock.ms()
    if (Atomics.load(this.#sequence, SEQUENCE) !== this.#line.sequence || atMs >= this.#line.untilMs) {
      this.#line = this.#draw()
    }
    const { fromMs, timeMs, rate } = this.#line
    this.#lastMs = Math.max(this.#lastMs, timeMs + (atMs - fromMs) * (1 + rate))
    return this.#lastMs
  }

  /** The time is wrong by no more than this, now. It grows from answer to answer, and as long as there is none. */
  get maxErrorMs(): number {
    const { segments, maxErrorNs, maxErrorRate, asOfNs } = this.#reading()
    const localNs = this.#clock.ns()
    const sinceMs = Math.max(0, Number(localNs - asOfNs)) / 1e6
    return (
      maxErrorNs / 1e6 + maxErrorRate * sinceMs + this.#aheadMs(timeAt(segments, localNs)) + stepMs(segments, localNs)
    )
  }

  /** By how much this reader stands still: it has told a later time before the clock was set back. */
  #aheadMs(timeNs: bigint): number {
    return Math.max(0, Number(this.#lastNs - timeNs) / 1e6, this.#lastMs - Number(timeNs) / 1e6)
  }

  /** How much faster than this machine's monotonic clock true time runs, in parts per million. */
  get frequencyPpm(): number {
    return this.#reading().frequency * 1e6
  }

  /** 1 or 2 where the servers say that a leap second is due today, else 0. */
  get leap(): number {
    return this.#reading().leap
  }

  /** `holdover`: the last attempt found no time, and the clock runs by what it knew. */
  get state(): ClockState {
    return this.#reading().state
  }

  /** What is in force now, in numbers that are no bigints: with those a reading costs three times as much. */
  #draw(): Line {
    const { sequence, segments } = this.#reading()
    // One moment by both clocks: between two readings of the one, the closest of some.
    let moment = { ns: 0n, ms: 0, withinMs: Infinity }
    for (let attempt = 0; attempt < 5; attempt++) {
      const before = this.#clock.ms()
      const ns = this.#clock.ns()
      const after = this.#clock.ms()
      if (after - before < moment.withinMs) moment = { ns, ms: (before + after) / 2, withinMs: after - before }
    }
    const { now, next } = segmentAt(segments, moment.ns)
    return {
      sequence,
      fromMs: moment.ms,
      untilMs: next === undefined ? Infinity : moment.ms + Number(next.fromNs - moment.ns) / 1e6,
      timeMs: Number(timeAt([now], moment.ns)) / 1e6,
      rate: now.rate,
    }
  }

  #reading(): Reading {
    if (Atomics.load(this.#sequence, SEQUENCE) !== this.#cached.sequence) this.#cached = this.#read()
    return this.#cached
  }

  #read(): Reading {
    const get = (at: number): bigint => Atomics.load(this.#words, at)
    for (;;) {
      const sequence = Atomics.load(this.#sequence, SEQUENCE)
      const segments: Segment[] = []
      for (let index = 0; index < Number(get(COUNT)); index++) {
        const at = SEGMENTS_AT + 3 * index
        segments.push({ fromNs: get(at), timeNs: get(at + 1), rate: Number(get(at + 2)) / RATE_UNIT })
      }
      const reading = {
        sequence,
        segments,
        state: STATES[Number(get(STATE))] ?? 'closed',
        leap: Number(get(LEAP)),
        asOfNs: get(AS_OF),
        maxErrorNs: Number(get(MAX_ERROR)),
        maxErrorRate: Number(get(MAX_ERROR_RATE)) / RATE_UNIT,
        frequency: Number(get(FREQUENCY)) / RATE_UNIT,
      }
      if (sequence % 2 === 0 && Atomics.load(this.#sequence, SEQUENCE) === sequence) return reading
    }
  }
}

/** How far the clock will have been set once the last of `segments` has begun. */
function stepMs(segments: readonly Segment[], localNs: bigint): number {
  return segments.reduce((totalMs, segment, index) => {
    const before = segments[index - 1]
    if (before === undefined || segment.fromNs <= localNs) return totalMs
    return totalMs + Math.abs(Number(segment.timeNs - timeAt([before], segment.fromNs))) / 1e6
  }, 0)
}

interface Reading extends Pick<Discipline, 'segments' | 'asOfNs' | 'maxErrorNs' | 'maxErrorRate' | 'frequency'> {
  readonly sequence: number
  readonly state: ClockState
  readonly leap: number
}

/** The time from `fromMs` to `untilMs` of the cheap clock. */
interface Line {
  readonly sequence: number
  readonly fromMs: number
  readonly untilMs: number
  readonly timeMs: number
  readonly rate: number
}
