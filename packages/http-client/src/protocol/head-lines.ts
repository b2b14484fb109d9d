import { quoted } from '@plainwire/socket-utils/errors'
import type { LineBuffer } from './line-buffer.ts'

/** What a peer may make a parser hold. A trailer section has the same limits as a head, counted by itself. */
export interface ParserLimits {
  /** Start line, header lines and the empty line, line endings included. Default 65536. */
  readonly maxHeadBytes?: number
  /** One line of a head or one chunk-size line, without its line ending. Default 16384. */
  readonly maxLineBytes?: number
  /** Header lines in one head. Default 256. */
  readonly maxHeaders?: number
}

/** RangeError for a limit that is not a whole number from 1. */
export function withDefaults(limits: ParserLimits): Required<ParserLimits> {
  return {
    maxHeadBytes: limit('maxHeadBytes', limits.maxHeadBytes ?? 65536),
    maxLineBytes: limit('maxLineBytes', limits.maxLineBytes ?? 16384),
    maxHeaders: limit('maxHeaders', limits.maxHeaders ?? 256),
  }
}

/** Takes the lines of one head and counts them against its limits. */
export class HeadLines {
  readonly limits: Required<ParserLimits>
  #bytesLeft: number

  constructor(limits: Required<ParserLimits>) {
    this.limits = limits
    this.#bytesLeft = limits.maxHeadBytes
  }

  take(buffer: LineBuffer): string | undefined {
    const { maxLineBytes } = this.limits
    const room = this.#bytesLeft - 2
    const line =
      room < maxLineBytes
        ? buffer.takeLine(room, 'http/head-too-large')
        : buffer.takeLine(maxLineBytes, 'http/line-too-long')
    if (line !== undefined) this.#bytesLeft -= line.length + 2
    return line
  }
}

function limit(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value
  throw new RangeError(`${name} must be a whole number from 1, got ${quoted(value)}`)
}
