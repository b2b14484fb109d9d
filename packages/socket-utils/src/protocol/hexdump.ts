// Bytes as the text of `xxd`, with labels that say what they mean, and back.

import { quoted } from './errors.ts'

/** A run of bytes with a meaning: `{ offset: 1, length: 1, label: 'stratum 3' }`. */
export interface Span {
  readonly offset: number
  readonly length: number
  readonly label: string
}

/** One line of a dump, at most 16 bytes. */
export interface HexdumpLine {
  readonly offset: number
  /** Pairs of bytes, as in `2303 06ec`. */
  readonly hex: string
  /** The bytes as ASCII, a dot for each that cannot be shown. */
  readonly text: string
  /** On the first line of its span alone. */
  readonly label?: string
}

const LINE_BYTES = 16

/**
 * The lines of a dump. Each span begins a line, and so does what follows it; bytes that no span covers have no label.
 * RangeError for spans that overlap or leave the bytes.
 */
export function dissectBytes(bytes: Uint8Array, spans: readonly Span[] = []): HexdumpLine[] {
  const lines: HexdumpLine[] = []
  const dump = (start: number, end: number, label?: string): void => {
    for (let offset = start; offset < end; offset += LINE_BYTES) {
      const line = bytes.subarray(offset, Math.min(end, offset + LINE_BYTES))
      const labelled = label !== undefined && offset === start ? { label } : {}
      lines.push({ offset, hex: hexPairs(line), text: shownText(line), ...labelled })
    }
  }
  let end = 0
  for (const span of spans.toSorted((a, b) => a.offset - b.offset)) {
    const { offset, length, label } = span
    if (
      !Number.isInteger(offset) ||
      !Number.isInteger(length) ||
      length < 1 ||
      offset < end ||
      offset + length > bytes.length
    ) {
      throw new RangeError(
        `span ${quoted(label)} (offset ${offset}, length ${length}) does not fit: ${end} to ${bytes.length} is free`,
      )
    }
    dump(end, offset)
    end = offset + length
    dump(offset, end, label)
  }
  dump(end, bytes.length)
  return lines
}

/**
 * The text of `xxd`, byte for byte where there are no spans. A span begins a line of its own and has its label behind
 * the text.
 */
export function formatHexdump(bytes: Uint8Array, options: { readonly spans?: readonly Span[] } = {}): string {
  return dissectBytes(bytes, options.spans)
    .map(({ offset, hex, text, label }) => {
      const line = `${offset.toString(16).padStart(8, '0')}: ${hex.padEnd(39)}  ${text}`
      return label === undefined ? `${line}\n` : `${line.padEnd(67)}  ${label}\n`
    })
    .join('')
}

/** Of ours and xxd's: the text behind two spaces may look like digits. */
const WITH_COLON = /^([0-9a-f]+): ?((?:[0-9a-f]{2} ?)*)(?: |$)/i
/** Of `hexdump -C` and `od -A x -t x1`, whose text has a fence; the last line is the offset of the end. */
const WITHOUT_COLON = /^([0-9a-f]{6,})((?: {1,2}[0-9a-f]{2})*) *(?:[|>].*)?$/i

/**
 * The bytes of a dump: ours, xxd's, that of `hexdump -C`, or of `od -A x -t x1`, which must show all lines (`-v`).
 * TypeError for a line that is none, RangeError for an offset that is not where the line before it ended.
 */
export function parseHexdump(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const [, offset = '', hex = ''] = WITH_COLON.exec(line) ?? WITHOUT_COLON.exec(line.trimEnd()) ?? []
    if (offset === '') throw new TypeError(`${quoted(line)} is no line of a hexdump`)
    if (parseInt(offset, 16) !== bytes.length) {
      throw new RangeError(`line at offset ${quoted(offset)}, but ${bytes.length} bytes stand before it`)
    }
    for (const [pair] of hex.matchAll(/[0-9a-f]{2}/gi)) bytes.push(parseInt(pair, 16))
  }
  return Uint8Array.from(bytes)
}

function hexPairs(bytes: Uint8Array): string {
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return digits.replace(/.{4}(?=.)/g, '$& ')
}

function shownText(bytes: Uint8Array): string {
  return [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
}
