// Files of symmetric keys, as chronyd's `keyfile` (chrony.conf(5)) and ntpd's `keys` (ntp.keys(5)) have them: a line each
// with id, algorithm and secret. No message shows a secret.

import { quoted } from '@plainwire/socket-utils/errors'

/**
 * Digests of secret and packet, RFC 5905 §7.3, and AES-CMAC, RFC 8573. MD5 and SHA1 are here because servers still have
 * such keys; prefer AES.
 */
export type KeyAlgorithm = 'MD5' | 'SHA1' | 'SHA256' | 'SHA512' | 'AES128' | 'AES256'

/** A line of the key file that chrony and ntpd share with their clients. */
export interface SymmetricKey {
  /** 1 to 2³²−1. */
  readonly id: number
  readonly algorithm: KeyAlgorithm
  /** For AES exactly 16 or 32 bytes. */
  readonly secret: Uint8Array
}

/** What the two programs call them, in capitals. */
const ALGORITHMS: ReadonlyMap<string, KeyAlgorithm> = new Map([
  ['M', 'MD5'],
  ['MD5', 'MD5'],
  ['SHA', 'SHA1'],
  ['SHA1', 'SHA1'],
  ['SHA256', 'SHA256'],
  ['SHA512', 'SHA512'],
  ['AES', 'AES128'],
  ['AES128', 'AES128'],
  ['AES-128', 'AES128'],
  ['AES128CMAC', 'AES128'],
  ['AES256', 'AES256'],
  ['AES-256', 'AES256'],
])

/** A longer secret is written in hexadecimal digits, in ntpd's files. */
const MOST_PLAIN_CHARACTERS = 20

/**
 * `dialect` decides what a secret without `ASCII:` or `HEX:` before it is: text for `chrony`, the default; text up to 20
 * characters and hexadecimal digits beyond for `ntp`. TypeError for a line that is no key, by its number.
 */
export function parseKeyFile(text: string, dialect: 'chrony' | 'ntp' = 'chrony'): SymmetricKey[] {
  const keys = new Map<number, SymmetricKey>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = wordsOf(line, dialect)
    if (words.length === 0) continue
    const where = `line ${index + 1} of the key file`
    const key = parseKey(words, where, dialect)
    if (keys.has(key.id)) throw new TypeError(`${where}: key ${key.id} was there before`)
    keys.set(key.id, key)
  }
  return [...keys.values()]
}

/** `key`, if it can be one: TypeError or RangeError for an id, an algorithm or the length of a secret that cannot be. */
export function checkedKey(key: SymmetricKey, where = `key ${quoted(key.id)}`): SymmetricKey {
  const { id, algorithm, secret } = key
  if (!(Number.isInteger(id) && id >= 1 && id <= 0xffff_ffff)) {
    throw new RangeError(`${where}: a key id must be 1 to 4294967295, got ${quoted(id)}`)
  }
  if (ALGORITHMS.get(algorithm) !== algorithm) throw new TypeError(`${where}: no algorithm ${quoted(algorithm)}`)
  const bytes = { AES128: 16, AES256: 32, MD5: 0, SHA1: 0, SHA256: 0, SHA512: 0 }[algorithm]
  if (secret.length === 0 || (bytes > 0 && secret.length !== bytes)) {
    throw new RangeError(`${where}: ${algorithm} takes a secret of ${bytes || 'some'} bytes, got ${secret.length}`)
  }
  return key
}

function wordsOf(line: string, dialect: 'chrony' | 'ntp'): string[] {
  // chrony has whole lines of comment; ntpd's begin anywhere.
  const text = dialect === 'chrony' ? line.replace(/^\s*[!;#%].*$/, '') : line.replace(/#.*$/, '')
  return text.split(/\s+/).filter((word) => word !== '')
}

function parseKey(words: readonly string[], where: string, dialect: 'chrony' | 'ntp'): SymmetricKey {
  const [idText = '', ...rest] = words
  if (!/^[0-9]+$/.test(idText)) throw new TypeError(`${where}: no key id`)
  // chrony takes a line without an algorithm for MD5; ntpd's may end with the addresses that the key is for.
  const [name, secretText] = rest.length === 1 && dialect === 'chrony' ? ['MD5', rest[0]] : rest
  const tooMany = rest.length > (dialect === 'ntp' ? 3 : 2)
  if (name === undefined || secretText === undefined || tooMany) {
    throw new TypeError(`${where}: write id, algorithm and secret`)
  }
  const algorithm = ALGORITHMS.get(name.toUpperCase())
  // Not the word that stands there: where the algorithm was left out, it is the secret.
  if (algorithm === undefined) {
    throw new TypeError(`${where}: the second word is no algorithm, one of ${[...ALGORITHMS.keys()].join(', ')}`)
  }
  return checkedKey({ id: Number(idText), algorithm, secret: secretOf(secretText, where, dialect) }, where)
}

function secretOf(text: string, where: string, dialect: 'chrony' | 'ntp'): Uint8Array {
  if (dialect === 'chrony' && text.startsWith('HEX:')) return fromHex(text.slice('HEX:'.length), where)
  if (dialect === 'chrony' && text.startsWith('ASCII:')) return new TextEncoder().encode(text.slice('ASCII:'.length))
  if (dialect === 'ntp' && text.length > MOST_PLAIN_CHARACTERS) return fromHex(text, where)
  return new TextEncoder().encode(text)
}

function fromHex(digits: string, where: string): Uint8Array {
  if (!/^([0-9a-fA-F]{2})+$/.test(digits)) throw new TypeError(`${where}: the secret is no hexadecimal number`)
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
