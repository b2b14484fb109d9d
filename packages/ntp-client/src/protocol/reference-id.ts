// The reference identifier, RFC 5905 §7.3: 32 bits that hold four letters or an IPv4 address, as the stratum has it.

import { quoted } from '@plainwire/socket-utils/errors'

/**
 * Stratum 0: the kiss code (`RATE`). Stratum 1: the name of the reference clock (`GPS`). From stratum 2: the IPv4 address
 * of the server's own server, or the first four bytes of the MD5 hash of its IPv6 address; the two look alike.
 * At strata 0 and 1, what is no name is shown as an address too; stratum 0 with no code at all is ''.
 */
export function formatReferenceId(referenceId: number, stratum: number): string {
  const octets = [referenceId >>> 24, (referenceId >>> 16) & 0xff, (referenceId >>> 8) & 0xff, referenceId & 0xff]
  if (stratum === 0 && referenceId === 0) return ''
  const name = String.fromCharCode(...octets).replace(/\0+$/, '')
  return stratum <= 1 && /^[\x20-\x7e]+$/.test(name) ? name : octets.join('.')
}

/** The inverse: a name of one to four ASCII letters, padded with zeros, or an IPv4 address. TypeError for anything else. */
export function parseReferenceId(text: string): number {
  const octets =
    typeof text === 'string' && /^[\x20-\x7e]{1,4}$/.test(text)
      ? Array.from(text.padEnd(4, '\0'), (letter) => letter.charCodeAt(0))
      : addressOctets(text)
  return octets.reduce((bits, octet) => bits * 256 + octet, 0)
}

function addressOctets(text: string): number[] {
  const octets = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split('.').map(Number) : []
  if (octets.length !== 4 || octets.some((octet) => octet > 255)) {
    throw new TypeError(`a reference id is one to four ASCII letters or an IPv4 address, got ${quoted(text)}`)
  }
  return octets
}
