// HTTP/1.x is bytes; its text is ISO-8859-1, where a byte and its character have the same number. The platform's
// TextDecoder('latin1') is windows-1252, which maps 0x80 to 0x9F elsewhere, so it cannot be used.

/**
 * The text of `bytes` from `start` up to `end`. What a driver has faster than `latin1Text`, such as Node's
 * `Buffer.prototype.latin1Slice`, it hands to a parser.
 */
export type Latin1Decoder = (bytes: Uint8Array, start: number, end: number) => string

/** Arguments of one call: far below every engine's limit. */
const BATCH = 4096

let utf8: TextDecoder | undefined

/**
 * ASCII is the same text in UTF-8, and that is what a head is nearly always: 250 ns for 247 bytes, 960 ns one by one. The
 * decoder's answer is taken only where it cannot be another: no byte was part of a longer sequence, none was replaced.
 */
export function latin1Text(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  utf8 ??= new TextDecoder('utf-8', { ignoreBOM: true })
  const ascii = utf8.decode(bytes.subarray(start, end))
  if (ascii.length === end - start && !ascii.includes('\ufffd')) return ascii
  let text = ''
  for (let at = start; at < end; at += BATCH) {
    const batch: ArrayLike<number> = bytes.subarray(at, Math.min(end, at + BATCH))
    // Not `...batch`: that asks the array for an iterator, and takes ten times as long.
    text += String.fromCharCode.apply(undefined, batch as number[])
  }
  return text
}

/** The inverse. RangeError for a character above U+00FF: cut to a byte, it could become a line break. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0xff) throw new RangeError(`no byte for U+${code.toString(16).padStart(4, '0')} at ${at}`)
    bytes[at] = code
  }
  return bytes
}
