import { describe, expect, test } from 'vitest'
import { appendMac, macAuthenticator, verifyMac, type MacKey } from './authentication.ts'
import { encodeTrailer } from './extension-fields.ts'

/** No digest at all, but one in which every byte covered counts, and its place. */
function sum(seed: number, covered: Uint8Array): Uint8Array {
  const digest = new Uint8Array(16).fill(seed)
  covered.forEach((byte, at) => (digest[at % 16] = (digest[at % 16]! * 31 + byte + at) & 0xff))
  return digest
}
const key: MacKey = { id: 42, digest: (covered) => sum(1, covered) }
const other: MacKey = { id: 43, digest: (covered) => sum(2, covered) }
const header = Uint8Array.from({ length: 48 }, (_, at) => (at === 0 ? 0x23 : at * 3))
const keyOf = (id: number) => [key, other].find((known) => known.id === id)

describe('a MAC', () => {
  test('is the key’s id and the digest of all before it', () => {
    const packet = appendMac(header, key)
    expect(packet).toEqual(Uint8Array.from([...header, 0, 0, 0, 42, ...sum(1, header)]))
    expect(verifyMac(packet, keyOf)).toEqual({ kind: 'authentic', key })
  })

  test('covers extension fields, too', () => {
    const fields = encodeTrailer([{ type: 0x104, value: new Uint8Array(28) }])
    const packet = appendMac(Uint8Array.from([...header, ...fields]), other)
    expect(verifyMac(packet, keyOf)).toEqual({ kind: 'authentic', key: other })
    expect(verifyMac(packet.with(60, 1), keyOf)).toEqual({ kind: 'fault', fault: 'wrong-mac' })
  })

  test('does not survive a change in any bit of the packet', () => {
    const packet = appendMac(header, key)
    for (let bit = 0; bit < packet.length * 8; bit++) {
      const at = bit >> 3
      const changed = packet.with(at, packet[at]! ^ (1 << (bit & 7)))
      expect(verifyMac(changed, keyOf).kind, `bit ${bit}`).toBe('fault')
    }
  })

  test.each<[string, Uint8Array, string]>([
    ['without a MAC', header, 'no-mac'],
    ['with a malformed trailer', Uint8Array.from([...header, ...new Uint8Array(9)]), 'no-mac'],
    ['with an extension field alone', Uint8Array.from([...header, 1, 4, 0, 28, ...new Uint8Array(24)]), 'no-mac'],
    ['that is a crypto-NAK', Uint8Array.from([...header, 0, 0, 0, 0]), 'crypto-nak'],
    ['that is a crypto-NAK with our key’s id', Uint8Array.from([...header, 0, 0, 0, 42]), 'crypto-nak'],
    ['under a key that we do not use', appendMac(header, other), 'other-key'],
    ['under another secret', appendMac(header, { ...other, id: 42 }), 'wrong-mac'],
    ['with a longer digest', Uint8Array.from([...appendMac(header, key), 0, 0, 0, 0]), 'wrong-mac'],
  ])('a packet %s is not authentic', (_, packet, fault) => {
    expect(macAuthenticator(key).faultOf(packet)).toBe(fault)
  })

  test.each([32, 64])('of a digest of %i bytes has 20 in version 4, all of them in version 3', (length) => {
    const long: MacKey = { id: 42, digest: (covered) => new Uint8Array(length).fill(sum(1, covered)[3]!) }
    const version3 = header.with(0, 0x1b)
    expect(appendMac(header, long)).toHaveLength(48 + 24)
    expect(appendMac(version3, long)).toHaveLength(48 + 4 + length)
    for (const packet of [appendMac(header, long), appendMac(version3, long)]) {
      expect(verifyMac(packet, () => long)).toEqual({ kind: 'authentic', key: long })
    }
    expect(verifyMac(appendMac(version3, long).subarray(0, 72), () => long)).toEqual({
      kind: 'fault',
      fault: 'wrong-mac',
    })
  })

  test('a request is protected and its answer verified under one key', () => {
    const authenticator = macAuthenticator(key)
    expect(authenticator.protect(header)).toEqual(appendMac(header, key))
    expect(authenticator.faultOf(appendMac(header, key))).toBeUndefined()
  })
})
