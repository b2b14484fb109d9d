// The field lines of one section while they are read: no strings, only where each begins and ends.

import { framingLinesIn, type FramingLines } from './framing-lines.ts'

/** The field lines of a section: where each begins and ends. Successive heads often share one. */
export interface FieldLayout {
  /** Four for each line, as indexes of the section's text: where its name begins and ends, and its value. */
  readonly positions: readonly number[]
  /** Bit n is set where a name is n characters long, or 32 more, and so on. */
  readonly nameLengths: number
  /** Some value goes over several lines. */
  readonly isFolded: boolean
  readonly framing: FramingLines
}

/** For so many positions there is room at once, 16 lines: an array that grows costs more than finding the lines. */
const ROOM: readonly number[] = Array.from({ length: 64 }, () => 0)

/** One serves a parser for all messages, and remembers the layout of the section before. */
export class FieldRecorder {
  /** Only the first `used` count. Those behind are what they were in the section before. */
  readonly positions: number[] = ROOM.slice()
  used = 0
  /** Whether some line is not where, or has not the name that, the line of its number had in the section before. */
  isMoved = true
  #isFolded = false
  #last: FieldLayout | undefined

  get count(): number {
    return this.used >> 2
  }

  /** Of a line that may have any name; counted from the section's first byte. */
  add(name: number, nameEnd: number, value: number, valueEnd: number): void {
    const { positions, used } = this
    positions[used] = name
    positions[used + 1] = nameEnd
    positions[used + 2] = value
    positions[used + 3] = valueEnd
    this.used = used + 4
    this.isMoved = true
  }

  /** The last value goes on up to there. */
  fold(valueEnd: number): void {
    this.#isFolded = true
    this.positions[this.used - 1] = valueEnd
    this.isMoved = true
  }

  /** What was recorded, and forgotten; the section stands at `start`. */
  take(bytes: Uint8Array, start: number): FieldLayout {
    let layout = this.#last
    if (layout === undefined || this.isMoved || layout.positions.length !== this.used) {
      const positions = this.positions.slice(0, this.used)
      const framing = framingLinesIn(bytes, start, positions)
      layout = { positions, nameLengths: nameLengthsOf(positions), isFolded: this.#isFolded, framing }
    }
    this.#last = layout
    this.used = 0
    this.isMoved = false
    this.#isFolded = false
    return layout
  }
}

function nameLengthsOf(positions: readonly number[]): number {
  let lengths = 0
  for (let at = 0; at < positions.length; at += 4) {
    lengths |= 1 << ((positions[at + 1] as number) - (positions[at] as number))
  }
  return lengths
}
