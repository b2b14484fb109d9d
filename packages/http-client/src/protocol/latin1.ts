// HTTP/1.x is bytes; its text is ISO-8859-1, where a byte and its character have the same number. The platform's
// TextDecoder('latin1') is windows-1252, which maps 0x80 to 0x9F elsewhere, so it cannot be used.

/** Arguments of one call: far below every engine's limit. */
const BATCH = 4096

export function latin1Text(bytes: Uint8Array): string {
  if (bytes.length <= BATCH) return String.fromCharCode(...bytes)
  let text = ''
  for (let at = 0; at < bytes.length; at += BATCH) text += String.fromCharCode(...bytes.subarray(at, at + BATCH))
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
