// What the threads share of a disciplined clock: one writes, all may read. A sequence number that is odd while someone
// writes tells a reader to look again; as long as it has not changed, the reader need not look at all.

import { timeAt, type Discipline, type Segment } from './protocol/discipline.ts'

export type ClockState = 'synchronized' | 'holdover' | 'closed'

const STATES: readonly ClockState[] = ['synchronized', 'holdover', 'closed']
const MOST_SEGMENTS = 6
const SEGMENTS_AT = 8
const WORDS = SEGMENTS_AT + 3 * MOST_SEGMENTS
/** Rates cross as whole numbers, because only those can be read atomically: in units of 2⁻⁶⁰. */
const RATE_UNIT = 2 ** 60

/** Place of each word; all are 64 bits. */
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
  const put = (at: number, value: bigint): bigint => Atomics.store(words, at, value)
  Atomics.add(words, SEQUENCE, 1n)
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
  Atomics.add(words, SEQUENCE, 1n)
}

/** The clock, as any thread reads it: from `NtpClock`'s `handle`, which can be posted to a worker. */
export class ClockReader {
  readonly #words: BigInt64Array<SharedArrayBuffer>
  readonly #monotonicNs: () => bigint
  #cached: Reading
  #lastNs = 0n

  /** `monotonicNs` is for tests; a worker's process.hrtime is the same clock as the main thread's. */
  constructor(handle: SharedArrayBuffer, monotonicNs: () => bigint = () => process.hrtime.bigint()) {
    this.#words = new BigInt64Array(handle)
    this.#monotonicNs = monotonicNs
    this.#cached = this.#read()
  }

  /** Nanoseconds since 1970; in one thread each reading is later than the one before. */
  nowNs(): bigint {
    const { segments } = this.#reading()
    const nowNs = timeAt(segments, this.#monotonicNs())
    this.#lastNs = nowNs > this.#lastNs ? nowNs : this.#lastNs + 1n
    return this.#lastNs
  }

  /** Milliseconds since 1970 as Date.now() has them, but to a quarter of a microsecond; never less than the one before. */
  now(): number {
    return Number(this.nowNs()) / 1e6
  }

  /** The time is wrong by no more than this, now. It grows from answer to answer, and as long as there is none. */
  get maxErrorMs(): number {
    const { maxErrorNs, maxErrorRate, asOfNs } = this.#reading()
    return (maxErrorNs + maxErrorRate * Math.max(0, Number(this.#monotonicNs() - asOfNs))) / 1e6
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

  #reading(): Reading {
    if (Atomics.load(this.#words, SEQUENCE) !== this.#cached.sequence) this.#cached = this.#read()
    return this.#cached
  }

  #read(): Reading {
    const get = (at: number): bigint => Atomics.load(this.#words, at)
    for (;;) {
      const sequence = get(SEQUENCE)
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
      if (sequence % 2n === 0n && get(SEQUENCE) === sequence) return reading
    }
  }
}

interface Reading extends Pick<Discipline, 'segments' | 'asOfNs' | 'maxErrorNs' | 'maxErrorRate' | 'frequency'> {
  readonly sequence: bigint
  readonly state: ClockState
  readonly leap: number
}
