// The start line of the head before on the same connection. Nearly every response begins as the one before it, and who
// read that still has what it said: a small response takes 8 % less. A line that was another three times in a row is given
// up, as a browser's request lines are.

import { sameLength } from './same-bytes.ts'

const MOST_BYTES = 128
const LEAST_BYTES = 8
const MOST_MISSES = 3

export class StartLineMemory {
  readonly #bytes = new Uint8Array(MOST_BYTES)
  readonly #view = new DataView(this.#bytes.buffer)
  #length = 0
  #misses = 0

  /** Whether the line before stands at `from` as well, and ends before `bound`: how long it is, or 0. */
  recall(view: DataView, from: number, bound: number): number {
    const length = this.#length
    if (length === 0 || from + length > bound) return 0
    if (sameLength(view, from, this.#view, 0, length) !== length) return 0
    this.#misses = 0
    return length
  }

  /** Another line was read in part: what this one said is lost. */
  forget(): void {
    this.#length = 0
  }

  /** Takes the line from `from` up to `end`, which was another and in which nothing had to be repaired. */
  learn(bytes: Uint8Array, from: number, end: number): void {
    const length = end - from
    const isKept = ++this.#misses <= MOST_MISSES && length >= LEAST_BYTES && length <= MOST_BYTES
    this.#length = isKept ? length : 0
    if (isKept) this.#bytes.set(bytes.subarray(from, end))
  }
}
