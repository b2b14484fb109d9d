import { ProtocolError } from '@plainwire/socket-utils/errors'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePacket, encodePacket, type NtpPacket } from './packet.ts'
import { fromUnixNanoseconds } from './timestamp.ts'
import { anyPacket } from '../../test/any-packet.ts'

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))

// An answer of chronyd 4.3 at stratum 2, as it came over the wire on 22 November 2026.
const CHRONYD = bytes(`
  24 02 00 e7 00000001 00000001 7f000001
  eead5ffc c587d145  2ffd2e33 bf8f2c8d  eead5ffd 05adc71d  eead5ffd 05b0754c`)

const CHRONYD_PACKET: NtpPacket = {
  leap: 0,
  version: 4,
  mode: 4,
  stratum: 2,
  poll: 0,
  precision: -25,
  rootDelay: 1,
  rootDispersion: 1,
  referenceId: 0x7f000001,
  referenceTimestamp: 0xeead5ffc_c587d145n,
  originTimestamp: 0x2ffd2e33_bf8f2c8dn,
  receiveTimestamp: 0xeead5ffd_05adc71dn,
  transmitTimestamp: 0xeead5ffd_05b0754cn,
  trailer: new Uint8Array(),
}

// Every field another value, so that no two can be confused; a trailer that is no extension field.
const DISTINCT = bytes(`
  9b 0c f9 85 01020304 a5a6a7a8 f1e2d3c4
  0102030405060708 1112131415161718 2122232425262728 f132333435363738
  de ad be ef 05`)

const DISTINCT_PACKET: NtpPacket = {
  leap: 2,
  version: 3,
  mode: 3,
  stratum: 12,
  poll: -7,
  precision: -123,
  rootDelay: 0x01020304,
  rootDispersion: 0xa5a6a7a8,
  referenceId: 0xf1e2d3c4,
  referenceTimestamp: 0x0102030405060708n,
  originTimestamp: 0x1112131415161718n,
  receiveTimestamp: 0x2122232425262728n,
  transmitTimestamp: 0xf132333435363738n,
  trailer: bytes('deadbeef05'),
}

describe('the packet, RFC 5905 figure 8', () => {
  test.each([
    ['an answer of chronyd', CHRONYD, CHRONYD_PACKET],
    ['a packet of distinct values', DISTINCT, DISTINCT_PACKET],
  ])('%s reads as its fields and writes as its bytes', (_, wire, packet) => {
    expect(decodePacket(wire)).toEqual(packet)
    expect(encodePacket(packet)).toEqual(wire)
  })

  test('all 256 first bytes hold leap, version and mode', () => {
    for (let first = 0; first < 256; first++) {
      const wire = DISTINCT.with(0, first)
      const packet = decodePacket(wire)
      expect([packet.leap, packet.version, packet.mode]).toEqual([
        Math.floor(first / 64),
        Math.floor(first / 8) % 8,
        first % 8,
      ])
      expect(encodePacket(packet)).toEqual(wire)
    }
  })

  test('all 256 values of stratum, poll and precision: the last two are signed', () => {
    for (let value = 0; value < 256; value++) {
      const wire = DISTINCT.with(1, value)
        .with(2, value)
        .with(3, 255 - value)
      const packet = decodePacket(wire)
      expect(packet.stratum).toBe(value)
      expect(packet.poll).toBe(value < 128 ? value : value - 256)
      expect(packet.precision).toBe(value < 128 ? -1 - value : 255 - value)
      expect(encodePacket(packet)).toEqual(wire)
    }
  })

  test('fields left out are zero', () => {
    expect(encodePacket({ version: 4, mode: 3 })).toEqual(new Uint8Array(48).with(0, 0x23))
  })

  test('the fields lie where they lie in memory, too: a packet inside a larger buffer', () => {
    const buffer = new Uint8Array(80).fill(0xee)
    buffer.set(CHRONYD, 7)
    expect(decodePacket(buffer.subarray(7, 55))).toEqual(CHRONYD_PACKET)
  })

  test('any 48 bytes or more decode and encode to themselves; any fewer are a short packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (wire) => {
        if (wire.length < 48) {
          const fault = new ProtocolError('ntp/short-packet', `an NTP header has 48 bytes, got ${wire.length}`)
          expect(() => decodePacket(wire)).toThrow(fault)
        } else {
          expect(encodePacket(decodePacket(wire))).toEqual(wire)
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('any packet encodes and decodes to itself', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        expect(decodePacket(encodePacket(packet))).toEqual(packet)
      }),
    )
  })

  test.each([
    [{ leap: 4 }, 'leap must be a whole number from 0 to 3, got 4'],
    [{ version: 8 }, 'version must be a whole number from 0 to 7, got 8'],
    [{ mode: -1 }, 'mode must be a whole number from 0 to 7, got -1'],
    [{ mode: 2.5 }, 'mode must be a whole number from 0 to 7, got 2.5'],
    [{ stratum: 256 }, 'u8 must be a whole number from 0 to 255, got 256'],
    [{ transmitTimestamp: 1n << 64n }, 'u64 must be a whole number'],
  ])('%o does not fit', (field, message) => {
    expect(() => encodePacket({ version: 4, mode: 3, ...field })).toThrow(RangeError)
    expect(() => encodePacket({ version: 4, mode: 3, ...field })).toThrow(message)
  })

  test('the time in the captured answer is the time of the capture', () => {
    const capturedAt = 1_795_350_908_972_169_630n // T1 of the same exchange, by the same clock plus 50 ms
    const aheadNs = CHRONYD_PACKET.receiveTimestamp - fromUnixNanoseconds(capturedAt)
    expect(Number(aheadNs) / 2 ** 32).toBeCloseTo(0.05, 3)
  })
})
