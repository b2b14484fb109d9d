import { isDeepStrictEqual } from 'node:util'
import { ProtocolError } from '@plainwire/socket-utils/errors'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePacket, encodePacket, encodeTrailer, readAnswer, readTrailer } from '../src/packet.ts'
import { anyPacket } from './any-packet.ts'

const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn })
const anyBytes = fc.uint8Array({ maxLength: 120, size: 'max' })
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

test('500,000 times any bytes: 48 and more decode and encode to themselves, fewer are a short packet', () => {
  fc.assert(
    fc.property(anyBytes, (wire) => {
      if (wire.length >= 48) return same(encodePacket(decodePacket(wire)), wire)
      try {
        decodePacket(wire)
        return false
      } catch (error) {
        return error instanceof ProtocolError && error.code === 'ntp/short-packet'
      }
    }),
    { numRuns: 500_000 },
  )
})

test('200,000 times any packet encodes and decodes to itself', () => {
  fc.assert(
    fc.property(anyPacket, (packet) => isDeepStrictEqual(decodePacket(encodePacket(packet)), packet)),
    { numRuns: 200_000 },
  )
})

test('200,000 times any bytes, most of them with the right origin, some plausible, are accepted, dropped or a ProtocolError', () => {
  const kinds = { accepted: 0, dropped: 0, refused: 0 }
  fc.assert(
    fc.property(anyBytes, u64, u64, fc.constantFrom('any', 'matching', 'plausible'), (wire, cookie, now, kind) => {
      if (kind !== 'any' && wire.length >= 48) {
        wire[0] = 0x24
        new DataView(wire.buffer, wire.byteOffset).setBigUint64(24, cookie)
      }
      if (kind === 'plausible' && wire.length >= 48) {
        wire.set([1, 0, 0], 1)
        wire.fill(0, 4, 12)
        wire.copyWithin(40, 32, 40)
      }
      try {
        kinds[readAnswer(wire, { cookie, sentAt: now, receivedAt: now }).kind]++
        return true
      } catch (error) {
        kinds.refused++
        return error instanceof ProtocolError
      }
    }),
    { numRuns: 200_000 },
  )
  expect(Math.min(...Object.values(kinds)), JSON.stringify(kinds)).toBeGreaterThan(50)
})

test('100,000 times any trailer is malformed or encodes to itself', () => {
  const field = fc.integer({ min: 3, max: 9 }).map((words) => words * 4)
  const built = fc
    .tuple(fc.array(field, { maxLength: 3 }), fc.constantFrom(0, 4, 20, 24, 36, 68))
    .map(([fields, mac]) => {
      const parts = fields.map((length) => [1, 4, 0, length, ...new Uint8Array(length - 4).fill(7)])
      return Uint8Array.from([...parts.flat(), ...new Uint8Array(mac).fill(9)])
    })
  let wellFormed = 0
  fc.assert(
    fc.property(fc.oneof(anyBytes, built), fc.constantFrom(3, 4), (wire, version) => {
      const trailer = readTrailer(wire, version)
      if (trailer.kind === 'malformed') return true
      wellFormed++
      return same(encodeTrailer(trailer.fields, trailer.mac, version), wire)
    }),
    { numRuns: 100_000 },
  )
  expect(wellFormed).toBeGreaterThan(10_000)
})
