// What a peer may make a parser hold, and no more.

import { quoted } from '@plainwire/socket-utils/errors'

/** Each a whole number from 1. */
export interface ParserLimits {
  /** Start line, header lines and the empty line, line endings included. Default 65536. */
  readonly maxHeadBytes?: number
  /** One line of a head or a trailer section, without its line ending. Default 16384. */
  readonly maxLineBytes?: number
  /** Header lines in one head, and trailers in one trailer section. Default 256. */
  readonly maxHeaders?: number
  /** The trailer section, line endings included. Default 16384. */
  readonly maxTrailerBytes?: number
  /** What follows the sizes of all chunks of one message: they are read and dropped, so a peer could send them for ever. Default 16384. */
  readonly maxChunkExtensionBytes?: number
}

const DEFAULTS: Required<ParserLimits> = {
  maxHeadBytes: 65536,
  maxLineBytes: 16384,
  maxHeaders: 256,
  maxTrailerBytes: 16384,
  maxChunkExtensionBytes: 16384,
}

/** RangeError for a limit that is not a whole number from 1. */
export function withDefaults(limits: ParserLimits): Required<ParserLimits> {
  let own: Required<ParserLimits> = DEFAULTS
  for (const name of Object.keys(DEFAULTS) as (keyof ParserLimits)[]) {
    const value = limits[name]
    if (value === undefined) continue
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number from 1, got ${quoted(value)}`)
    }
    own = { ...own, [name]: value }
  }
  return own
}
