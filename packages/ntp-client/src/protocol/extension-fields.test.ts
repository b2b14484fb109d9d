import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeTrailer, readTrailer } from './extension-fields.ts'

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
const FIELD_16 = `0104 0010 ${'a1'.repeat(12)}`
const FIELD_28 = `0204 001c ${'b2'.repeat(24)}`
const MAC_20 = `0000002a ${'c3'.repeat(16)}`
const MAC_24 = `f000002a ${'d4'.repeat(20)}`
const field16 = { type: 0x0104, value: bytes('a1'.repeat(12)) }
const field28 = { type: 0x0204, value: bytes('b2'.repeat(24)) }
const mac20 = { keyId: 42, digest: bytes('c3'.repeat(16)) }
const mac24 = { keyId: 0xf000002a, digest: bytes('d4'.repeat(20)) }

describe('what follows the header, RFC 7822 and RFC 5905 §7.3', () => {
  test.each([
    ['nothing', '', [], undefined, 0],
    ['a MAC of 20 bytes', MAC_20, [], mac20, 0],
    ['a MAC of 24 bytes', MAC_24, [], mac24, 0],
    ['a crypto-NAK', '00000000', [], { keyId: 0, digest: new Uint8Array() }, 0],
    ['a field of 28 bytes, the least without a MAC', FIELD_28, [field28], undefined, 28],
    ['a field of 16 bytes and a MAC', FIELD_16 + MAC_20, [field16], mac20, 16],
    ['two fields and a MAC', FIELD_16 + FIELD_28 + MAC_24, [field16, field28], mac24, 44],
    ['a field and a crypto-NAK', `${FIELD_28}00000007`, [field28], { keyId: 7, digest: new Uint8Array() }, 28],
  ])('%s, both ways', (_, hex, fields, mac, covered) => {
    expect(readTrailer(bytes(hex))).toEqual({ kind: 'well-formed', fields, mac, covered })
    expect(encodeTrailer(fields, mac)).toEqual(bytes(hex))
  })

  test('every length that is neither a MAC’s nor enough for a field is malformed', () => {
    const wellFormed = Array.from({ length: 28 }, (_, length) => length).filter(
      (length) => readTrailer(new Uint8Array(length)).kind === 'well-formed',
    )
    expect(wellFormed).toEqual([0, 4, 20, 24])
  })

  test('before version 4 all of it is a MAC, of any digest’s length', () => {
    const wellFormed = Array.from({ length: 80 }, (_, length) => length).filter(
      (length) => readTrailer(new Uint8Array(length), 3).kind === 'well-formed',
    )
    expect(wellFormed).toEqual([0, 4, 20, 24, 36, 68])
    const mac = { keyId: 42, digest: new Uint8Array(32).fill(5) }
    const wire = encodeTrailer([], mac, 3)
    expect(readTrailer(wire, 3)).toEqual({ kind: 'well-formed', fields: [], mac, covered: 0 })
  })

  test.each([
    ['a length of 0', `0104 0000 ${'00'.repeat(24)}`],
    ['a length of 12, less than a field has', `0104 000c ${'00'.repeat(24)}`],
    ['a length that is no multiple of four', `0104 001a ${'00'.repeat(22)} ${MAC_20}`],
    ['a length beyond the end', `0104 0020 ${'00'.repeat(24)}`],
    ['8 bytes left after the last field', `${FIELD_28}${'00'.repeat(8)}`],
  ])('%s is malformed', (_, hex) => {
    expect(readTrailer(bytes(hex))).toEqual({ kind: 'malformed' })
  })

  test('a value is padded with zeros, a last field without a MAC to 28 bytes', () => {
    const short = { type: 0x0104, value: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13) }
    expect(encodeTrailer([short], mac20)).toEqual(bytes(`0104 0014 0102030405060708090a0b0c0d 000000 ${MAC_20}`))
    expect(encodeTrailer([short])).toEqual(bytes(`0104 001c 0102030405060708090a0b0c0d ${'00'.repeat(11)}`))
    expect(encodeTrailer([short, field28])).toEqual(bytes(`0104 0014 0102030405060708090a0b0c0d 000000 ${FIELD_28}`))
  })

  test('what no field and no MAC can hold is a RangeError', () => {
    const whole = encodeTrailer([{ type: 1, value: new Uint8Array(65_528) }])
    expect(whole.length).toBe(65_532)
    expect(() => encodeTrailer([{ type: 1, value: new Uint8Array(65_529) }])).toThrow(
      new RangeError('an extension field holds up to 65528 bytes, got 65529'),
    )
    expect(() => encodeTrailer([], { keyId: 1, digest: new Uint8Array(32) })).toThrow(
      new RangeError('a digest has 0, 16, 20 bytes in version 4, got 32'),
    )
    expect(() => encodeTrailer([{ type: 0x1_0000, value: new Uint8Array() }])).toThrow(RangeError)
  })

  test('any bytes are well-formed or malformed, and well-formed ones encode to themselves', () => {
    const field = fc.integer({ min: 3, max: 9 }).map((words) => words * 4)
    const built = fc.tuple(fc.array(field, { maxLength: 3 }), fc.constantFrom(0, 4, 20, 24)).map(([fields, mac]) => {
      const parts = fields.map((length) => [1, 4, 0, length, ...new Uint8Array(length - 4).fill(7)])
      return Uint8Array.from([...parts.flat(), ...new Uint8Array(mac).fill(9)])
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 120 }), built), (wire) => {
        const trailer = readTrailer(wire)
        if (trailer.kind === 'malformed') return
        expect(encodeTrailer(trailer.fields, trailer.mac)).toEqual(wire)
        expect(trailer.covered).toBe(encodeTrailer([], trailer.mac).length === 0 ? wire.length : trailer.covered)
      }),
      { numRuns: 2000 },
    )
  })
})
