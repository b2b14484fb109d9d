// Bytes as people paste them, and back.

export type Notation = 'hex' | 'base64' | 'text'

/** TypeError, with a message for people, for text that is not of its notation. */
export function parseBytes(text: string, notation: Notation): Uint8Array {
  switch (notation) {
    case 'hex':
      return parseHex(text)
    case 'base64':
      return parseBase64(text)
    case 'text':
      return parseText(text)
  }
}

export function formatBytes(bytes: Uint8Array, notation: Notation): string {
  switch (notation) {
    case 'hex':
      return [...bytes]
        .map((byte, index) => hex(byte) + (index % 16 === 15 ? '\n' : ' '))
        .join('')
        .trimEnd()
    case 'base64':
      return btoa(latin1(bytes))
    case 'text':
      return formatText(bytes)
  }
}

/** The bytes of each code unit below 256. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

export function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

/** Plain pairs, pairs with 0x or commas or colons, and the lines of xxd and `hexdump -C`. */
function parseHex(text: string): Uint8Array {
  const digits = text
    .split('\n')
    .map((line) =>
      line.replace(/^\s*[0-9a-f]{4,8}:?\s{1,2}(?=[0-9a-f]{2})/i, (offset) => (isOffset(offset) ? '' : offset)),
    )
    .map((line) => line.replace(/\s\s+\|?[^|]*\|?$/, (text) => (/^\s+[0-9a-f\s]*$/i.test(text) ? text : '')))
    .join(' ')
    .replaceAll(/0x|[\s,:-]/gi, '')
  const bad = /[^0-9a-f]/i.exec(digits)
  if (bad) throw new TypeError(`${JSON.stringify(bad[0])} is no hexadecimal digit`)
  if (digits.length % 2 === 1) throw new TypeError(`${digits.length} digits: half a byte is missing`)
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

/** xxd's has a colon, that of `hexdump -C` eight digits and two spaces. */
function isOffset(text: string): boolean {
  return text.includes(':') || /^[0-9a-f]{8}\s\s$/i.test(text)
}

function parseBase64(text: string): Uint8Array {
  const plain = text.replaceAll(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/')
  try {
    return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0))
  } catch {
    throw new TypeError('this is no base64')
  }
}

/** Typed text has line feeds where HTTP wants CRLF: `\r` and `\n` say exactly what is meant, `\xE9` is one byte. */
function parseText(text: string): Uint8Array {
  const breaks =
    text.includes('\\r') || text.includes('\\n') ? text.replaceAll('\n', '') : text.replaceAll(/\r?\n/g, '\r\n')
  const encoder = new TextEncoder()
  const bytes: number[] = []
  for (const [piece, code, name] of breaks.matchAll(/\\x([0-9a-f]{2})|\\([rnt0\\])|[^\\]+|\\/gi)) {
    if (code !== undefined) bytes.push(Number.parseInt(code, 16))
    else if (name === undefined) for (const byte of encoder.encode(piece)) bytes.push(byte)
    else bytes.push(ESCAPES[name] ?? 0)
  }
  return Uint8Array.from(bytes)
}

const ESCAPES: Readonly<Record<string, number>> = { r: 0x0d, n: 0x0a, t: 0x09, '0': 0, '\\': 0x5c }

function formatText(bytes: Uint8Array): string {
  const named = new Map(Object.entries(ESCAPES).map(([name, byte]) => [byte, `\\${name}`]))
  const escape = (letter: string): string => named.get(letter.charCodeAt(0)) ?? `\\x${hex(letter.charCodeAt(0))}`
  const lines = (text: string): string => text.replaceAll('\\n', '\\n\n').replace(/\n$/, '')
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // oxlint-disable-next-line no-control-regex -- those are what has to be written otherwise
    return lines(text.replaceAll(/[\u0000-\u001f\u007f\\]/g, escape))
  } catch {
    return lines(latin1(bytes).replaceAll(/[^ -~]|\\/g, escape))
  }
}
