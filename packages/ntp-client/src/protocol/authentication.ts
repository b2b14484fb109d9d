// Proof that a packet comes from who holds a key. The seam between an exchange and whatever proves it: symmetric keys
// here (RFC 5905 §7.3, RFC 8573); the digests themselves are handed in.

import { readTrailer, encodeTrailer } from './extension-fields.ts'
import { HEADER_BYTES } from './packet.ts'

/** What RFC 5905's MAC has room for: a longer digest is cut, as chronyd cuts it. */
const MOST_DIGEST_BYTES = 20

/**
 * Why a packet proves nothing. `crypto-nak`: the server could not verify the request (RFC 5905 §7.3). `other-key`: its
 * MAC is by a key that we do not hold. `wrong-mac`: altered on the way, or by another secret.
 */
export type AuthenticationFault = 'no-mac' | 'crypto-nak' | 'other-key' | 'wrong-mac'

/** What an exchange needs to be proven. */
export interface Authenticator {
  /** The request as it goes out, with its proof. */
  protect(request: Uint8Array): Uint8Array<ArrayBuffer>
  /** Why the answer proves nothing, or undefined where it is authentic. Such an answer is dropped, and the wait goes on. */
  faultOf(answer: Uint8Array): AuthenticationFault | undefined
}

/** A key without its secret: whatever computes digests with it will do, such as WebCrypto or a token. */
export interface MacKey {
  /** 1 to 2³²−1, agreed upon with the secret. */
  readonly id: number
  /** Over header and extension fields. A version 4 packet has room for its first 20 bytes. */
  readonly digest: (covered: Uint8Array) => Uint8Array
}

/** Authentic by which key, or the fault. */
export type MacVerdict =
  | { readonly kind: 'authentic'; readonly key: MacKey }
  | { readonly kind: 'fault'; readonly fault: AuthenticationFault }

/** `packet` has header and extension fields and gets its MAC. */
export function appendMac(packet: Uint8Array, key: MacKey): Uint8Array<ArrayBuffer> {
  const mac = encodeTrailer([], { keyId: key.id, digest: digestOf(packet, key, packet) }, versionOf(packet))
  const whole = new Uint8Array(packet.length + mac.length)
  whole.set(packet)
  whole.set(mac, packet.length)
  return whole
}

/** Judges a datagram of 48 bytes or more against the keys that are known; `key` may be looked up by any means. */
export function verifyMac(datagram: Uint8Array, keyOf: (id: number) => MacKey | undefined): MacVerdict {
  const trailer = readTrailer(datagram.subarray(HEADER_BYTES), versionOf(datagram))
  if (trailer.kind === 'malformed' || trailer.mac === undefined) return { kind: 'fault', fault: 'no-mac' }
  const { keyId, digest } = trailer.mac
  if (digest.length === 0) return { kind: 'fault', fault: 'crypto-nak' }
  const key = keyOf(keyId)
  if (key === undefined) return { kind: 'fault', fault: 'other-key' }
  const expected = digestOf(datagram, key, datagram.subarray(0, HEADER_BYTES + trailer.covered))
  return equalInConstantTime(digest, expected) ? { kind: 'authentic', key } : { kind: 'fault', fault: 'wrong-mac' }
}

/** One key for both directions; an answer under any other key proves nothing. */
export function macAuthenticator(key: MacKey): Authenticator {
  return {
    protect: (request) => appendMac(request, key),
    faultOf(answer) {
      const verdict = verifyMac(answer, (id) => (id === key.id ? key : undefined))
      return verdict.kind === 'fault' ? verdict.fault : undefined
    },
  }
}

function versionOf(packet: Uint8Array): number {
  return ((packet[0] ?? 0) >> 3) & 0b111
}

/** chronyd asks in version 3 where a digest is longer than version 4's MAC, and sends all of it. */
function digestOf(packet: Uint8Array, key: MacKey, covered: Uint8Array): Uint8Array {
  const digest = key.digest(covered)
  return versionOf(packet) < 4 ? digest : digest.subarray(0, MOST_DIGEST_BYTES)
}

/** Looks at every byte, wherever the first difference is: how long it takes tells a forger nothing. */
function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let different = a.length ^ b.length
  for (let at = 0; at < b.length; at++) different |= (a[at] ?? 0) ^ (b[at] ?? 0)
  return different === 0
}
