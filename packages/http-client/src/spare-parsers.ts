// Parsers that have read a response to its end, for the next one, on whatever connection. A parser knows again the heads
// that it has read (protocol/line-memory.ts), and its parts are a sixth of what a connection of its own allocates.

import { decode } from './latin1-decoder.ts'
import { ResponseParser, type LeniencyOptions, type ParserLimits } from './parser.ts'

/** How a response is read. */
export interface Reading {
  readonly parsing: ParserLimits & LeniencyOptions & { readonly http09?: boolean }
  readonly maxBodyBytes: number
}

/** Unless told otherwise. */
export const BY_THE_LETTER: Reading['parsing'] = {}

/** Each keeps about 5 KiB. */
const MOST_SPARE = 32
const spare: ResponseParser[] = []

export function parserFor({ parsing }: Reading, method: string): ResponseParser {
  const parser = parsing === BY_THE_LETTER ? spare.pop() : undefined
  if (parser === undefined) return new ResponseParser({ ...parsing, method, decode })
  parser.expect(method)
  return parser
}

/** Its response has come to an end, and nothing behind it. */
export function giveBack(parser: ResponseParser, { parsing }: Reading): void {
  if (parsing !== BY_THE_LETTER || spare.length === MOST_SPARE) return
  parser.reset()
  spare.push(parser)
}
