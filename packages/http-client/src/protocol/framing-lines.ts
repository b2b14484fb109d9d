// Which lines of a section are the four fields that every message is looked through for. They are known by the length of
// their name first, and by its bytes only then: looking names up in the finished list costs 200 ns for 20 lines, this 40.

/** The index of the first line of each, or -1. */
export interface FramingLines {
  readonly host: number
  readonly connection: number
  readonly contentLength: number
  readonly transferEncoding: number
  /** One of them is there more than once. */
  readonly someRepeated: boolean
}

const HOST = codes('host')
const CONNECTION = codes('connection')
const CONTENT_LENGTH = codes('content-length')
const TRANSFER_ENCODING = codes('transfer-encoding')

/** `positions`: four for each line, counted from `start`; the first two are those of its name, a token. */
export function framingLinesIn(bytes: Uint8Array, start: number, positions: readonly number[]): FramingLines {
  const lines = { host: -1, connection: -1, contentLength: -1, transferEncoding: -1, someRepeated: false }
  for (let at = 0; at < positions.length; at += 4) {
    const from = start + (positions[at] as number)
    const field = fieldAt(bytes, from, start + (positions[at + 1] as number))
    if (field === undefined) continue
    if (lines[field] === -1) lines[field] = at >> 2
    else lines.someRepeated = true
  }
  return lines
}

function fieldAt(
  bytes: Uint8Array,
  from: number,
  end: number,
): Exclude<keyof FramingLines, 'someRepeated'> | undefined {
  switch (end - from) {
    case HOST.length:
      return isAt(bytes, from, HOST) ? 'host' : undefined
    case CONNECTION.length:
      return isAt(bytes, from, CONNECTION) ? 'connection' : undefined
    case CONTENT_LENGTH.length:
      return isAt(bytes, from, CONTENT_LENGTH) ? 'contentLength' : undefined
    case TRANSFER_ENCODING.length:
      return isAt(bytes, from, TRANSFER_ENCODING) ? 'transferEncoding' : undefined
    default:
      return undefined
  }
}

/** In a token the bit of small letters cannot turn anything else into a letter or a hyphen: that would be a control. */
function isAt(bytes: Uint8Array, from: number, name: readonly number[]): boolean {
  for (let at = 0; at < name.length; at++) {
    if (((bytes[from + at] as number) | 0x20) !== name[at]) return false
  }
  return true
}

function codes(name: string): readonly number[] {
  return Array.from(name, (character) => character.charCodeAt(0))
}
