// The field lines of one section while they are read: no strings, only where each begins and ends.

import type { RememberedLine } from './line-memory.ts'
import { FramingRecorder, type FramingLines } from './framing-lines.ts'

/** A section that has come, as a whole. */
export interface Section {
  /** Start line, if it has one, field lines, and the empty line. */
  readonly text: string
  /** Of the first character of `text` on the connection, and its line in the message. */
  readonly offset: number
  readonly line: number
  /** Where in `text` the first field line begins. */
  readonly from: number
  /** False where a repair was made: then the text may not be sent on. */
  readonly isExact: boolean
  /** Lines of which the strings are known, by number; may be shorter than the list. */
  readonly recalled: readonly (RememberedLine | undefined)[]
}

/** Its field lines. */
export interface ReceivedFields extends Section {
  /** Four for each line, as indexes of `text`: where its name begins and ends, and its value. */
  readonly positions: readonly number[]
  /** Bit n is set where a name is n characters long, or 32 more, and so on. */
  readonly nameLengths: number
  /** Some value goes over several lines. */
  readonly isFolded: boolean
  readonly framing: FramingLines
}

/** For so many positions there is room at once, 16 lines: an array that grows costs more than finding the lines. */
const ROOM: readonly number[] = Array.from({ length: 64 }, () => 0)

/** One serves a parser for all messages: when a section is complete the positions are copied from it, 20 lines in 50 ns. */
export class FieldRecorder {
  /** Only the first `used` count. */
  readonly positions: number[] = ROOM.slice()
  used = 0
  nameLengths = 0
  #framing = new FramingRecorder()
  #isFolded = false

  get count(): number {
    return this.used >> 2
  }

  get framing(): FramingRecorder {
    return this.#framing
  }

  /** Counted from the section's first byte, which stands at `start`. */
  add(bytes: Uint8Array, start: number, name: number, nameEnd: number, value: number, valueEnd: number): void {
    this.#framing.note(bytes, name, nameEnd, this.count)
    const { positions, used } = this
    positions[used] = name - start
    positions[used + 1] = nameEnd - start
    positions[used + 2] = value - start
    positions[used + 3] = valueEnd - start
    this.used = used + 4
    this.nameLengths |= 1 << (nameEnd - name)
  }

  /** The last value goes on up to there. */
  fold(valueEnd: number): void {
    this.#isFolded = true
    this.positions[this.used - 1] = valueEnd
  }

  /** What was recorded, and forgotten. */
  take(section: Section): ReceivedFields {
    const { nameLengths } = this
    const framing = this.#framing
    const isFolded = this.#isFolded
    const positions = this.positions.slice(0, this.used)
    this.used = 0
    this.nameLengths = 0
    this.#framing = new FramingRecorder()
    this.#isFolded = false
    const { text, offset, line, from, isExact, recalled } = section
    return { text, offset, line, from, isExact, recalled, positions, nameLengths, isFolded, framing }
  }
}
