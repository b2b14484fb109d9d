// The character classes of RFC 9110 §5.5, §5.6 and RFC 3986, as tables: one look per character, nothing to backtrack.
// No `trim()` anywhere: it also strips U+00A0 and U+FEFF, which would turn a coding called "\xA0chunked" into chunked.

/** 1 at the number of each character that belongs to the class. */
export type CharacterClass = Uint8Array

const DIGITS = '0123456789'
const ALPHANUMERIC = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`

/** `tchar`, RFC 9110 §5.6.2: methods, field names, chunk extensions. */
export const TOKEN: CharacterClass = classOf(`!#$%&'*+-.^_\`|~${ALPHANUMERIC}`)

/** HTAB, SP, VCHAR and obs-text: field values and reason phrases. No CR, LF, NUL or other control. */
export const FIELD_TEXT: CharacterClass = classOf('\t').fill(1, 0x20, 0x7f).fill(1, 0x80)

/** VCHAR: a request target. Wider than RFC 3986, as browsers send `|` and `"` bare; it cannot split a line. */
export const VISIBLE: CharacterClass = new Uint8Array(256).fill(1, 0x21, 0x7f)

/** `reg-name` of RFC 3986 §3.2.2, and what an address in brackets adds. */
export const HOST_NAME: CharacterClass = classOf(`-._~%!$&'()*+,;=${ALPHANUMERIC}`)
export const IP_LITERAL: CharacterClass = classOf(`-._~!$&'()*+,;=:${ALPHANUMERIC}`)

export const DIGIT: CharacterClass = classOf(DIGITS)

/** Where `text` first leaves the class, or -1. */
export function firstOutside(characters: CharacterClass, text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (characters[text.charCodeAt(at)] !== 1) return at
  }
  return -1
}

export function isToken(text: string): boolean {
  return text !== '' && firstOutside(TOKEN, text) === -1
}

/** Without the spaces and tabs around it: OWS, RFC 9110 §5.6.3, and no other white space. */
export function stripOws(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isOws(text.charCodeAt(start))) start++
  while (start < end && isOws(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

export function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** `1*DIGIT` up to 2^53 - 1. Undefined for anything else: no sign, space, point, exponent, `0x` or `_`. */
export function parseDecimal(text: string): number | undefined {
  let value = 0
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
    if (value > Number.MAX_SAFE_INTEGER) return undefined
  }
  return text === '' ? undefined : value
}

const HEX_DIGITS = new Int8Array(256).fill(-1)
for (const digits of ['0123456789abcdef', '0123456789ABCDEF']) {
  for (let value = 0; value < 16; value++) HEX_DIGITS[digits.charCodeAt(value)] = value
}

/** The value of a hexadecimal digit's byte, or -1. */
export function hexDigit(byte: number): number {
  return HEX_DIGITS[byte] as number
}

/** The members of a comma-separated list in lower case, RFC 9110 §5.6.1, empty ones included. */
export function listMembers(value: string): string[] {
  return value.split(',').map((member) => stripOws(member).toLowerCase())
}

function classOf(characters: string): CharacterClass {
  const table = new Uint8Array(256)
  for (let at = 0; at < characters.length; at++) table[characters.charCodeAt(at)] = 1
  return table
}
