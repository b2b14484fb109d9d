import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dissectPacket } from './dissection.ts'
import { encodeRequest } from './exchange.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const NOW = 1_795_352_240_000_000_000n // 2026-11-22T12:57:20Z

// An answer of chronyd at stratum 2, with a trailer of four bytes.
const ANSWER = bytes(
  '240206e9000002910000011dc0a80001' +
    'eead6400fc000000' +
    '9d49babefaf66868' +
    'eead653068ab5afc' +
    'eead653068b9a951' +
    '00000000',
)

describe('a packet dissected, RFC 5905 figure 8', () => {
  test('has a label for every field of an answer', () => {
    expect(dissectPacket(ANSWER, NOW)).toEqual([
      { offset: 0, length: 1, label: 'leap 0, version 4, mode 4 (server)' },
      { offset: 1, length: 1, label: 'stratum 2' },
      { offset: 2, length: 1, label: 'poll 2^6 s' },
      { offset: 3, length: 1, label: 'precision 2^-23 s' },
      { offset: 4, length: 4, label: 'root delay 10.025 ms' },
      { offset: 8, length: 4, label: 'root dispersion 4.349 ms' },
      { offset: 12, length: 4, label: 'reference id 192.168.0.1' },
      { offset: 16, length: 8, label: 'reference 2026-11-22T12:52:16.984375000Z' },
      { offset: 24, length: 8, label: 'origin repeats the request' },
      { offset: 32, length: 8, label: 'receive 2026-11-22T12:57:20.408864676Z' },
      { offset: 40, length: 8, label: 'transmit 2026-11-22T12:57:20.409082968Z' },
      { offset: 48, length: 4, label: 'extension fields, MAC' },
    ])
  })

  test('says of a request that it tells nothing about the client', () => {
    const labels = dissectPacket(encodeRequest(0x9d49_babe_faf6_6868n), NOW).map(({ label }) => label)
    expect(labels[0]).toBe('leap 0, version 4, mode 3 (client)')
    expect(labels.slice(-4)).toEqual(['reference unknown', 'origin unknown', 'receive unknown', 'transmit random bits'])
  })

  test('leaves no byte without a span and none with two', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 90 }), (datagram) => {
        let end = 0
        for (const { offset, length } of dissectPacket(datagram, NOW)) {
          expect(offset).toBe(end)
          end = offset + length
        }
        expect(end).toBe(datagram.length)
      }),
    )
  })

  test('refuses a short one', () => {
    expect(() => dissectPacket(ANSWER.subarray(0, 47), NOW)).toThrow('48 bytes, got 47')
  })
})
