import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './bytes.ts'
import { ProtocolError } from './errors.ts'

/** One row for each field type: bytes in network order, distinct in every place, the top bit set where signs differ. */
const FIELDS = [
  { type: 'u8', bytes: [0xf3], value: 0xf3, least: 0, most: 0xff },
  { type: 'i8', bytes: [0xf3], value: -13, least: -0x80, most: 0x7f },
  { type: 'u16', bytes: [0xf3, 0x41], value: 0xf341, least: 0, most: 0xffff },
  { type: 'i16', bytes: [0xf3, 0x41], value: -3263, least: -0x8000, most: 0x7fff },
  { type: 'u32', bytes: [0xf3, 0x41, 0x27, 0x5a], value: 0xf341275a, least: 0, most: 0xffff_ffff },
  { type: 'i32', bytes: [0xf3, 0x41, 0x27, 0x5a], value: -213833894, least: -0x8000_0000, most: 0x7fff_ffff },
  {
    type: 'u64',
    bytes: [0xf3, 0x41, 0x27, 0x5a, 0x01, 0x9c, 0xe8, 0x6d],
    value: 0xf341275a019ce86dn,
    least: 0n,
    most: 0xffff_ffff_ffff_ffffn,
  },
  {
    type: 'i64',
    bytes: [0xf3, 0x41, 0x27, 0x5a, 0x01, 0x9c, 0xe8, 0x6d],
    value: 0xf341275a019ce86dn - 2n ** 64n,
    least: -(2n ** 63n),
    most: 2n ** 63n - 1n,
  },
] as const

type AnyWriter = Record<string, (value: number | bigint) => ByteWriter>

function write(type: string, value: number | bigint, writer = new ByteWriter()): ByteWriter {
  return (writer as unknown as AnyWriter)[type]!(value)
}

describe.each(FIELDS)('$type, network byte order', ({ type, bytes, value, least, most }) => {
  test('reads its bytes and stops behind them', () => {
    const reader = new ByteReader(Uint8Array.of(...bytes, 0x99))
    expect(reader[type]()).toBe(value)
    expect(reader.offset).toBe(bytes.length)
    expect(reader.remaining).toBe(1)
  })

  test('writes the same bytes', () => {
    expect([...write(type, value).finish()]).toEqual([...bytes])
  })

  test('holds its least and its most, and nothing beyond', () => {
    const one = typeof least === 'bigint' ? 1n : 1
    for (const edge of [least, most]) expect(new ByteReader(write(type, edge).finish())[type]()).toBe(edge)
    for (const beyond of [(least as number) - (one as number), (most as number) + (one as number)]) {
      const writer = new ByteWriter()
      expect(() => write(type, beyond, writer)).toThrow(
        new RangeError(`${type} must be a whole number from ${least} to ${most}, got ${beyond}`),
      )
      expect(writer.length).toBe(0)
    }
  })

  test('one byte too few is the peer’s fault, and nothing is read', () => {
    const reader = new ByteReader(Uint8Array.of(0x55, ...bytes.slice(1)))
    reader.take(1)
    expect(() => reader[type]()).toThrow(
      new ProtocolError('bytes/truncated', `needed ${bytes.length} bytes at offset 1, got ${bytes.length - 1}`),
    )
    expect(reader.offset).toBe(1)
  })

  test('a number where a bigint belongs, or the reverse, writes nothing', () => {
    const writer = new ByteWriter()
    const wrong = typeof least === 'bigint' ? 7 : 7n
    expect(() => write(type, wrong, writer)).toThrow(new TypeError(`${type} takes a ${typeof least}, got 7`))
    expect(writer.length).toBe(0)
  })
})

describe('ByteReader', () => {
  test('reads within a view that begins in the middle of its buffer', () => {
    const message = Uint8Array.of(0xaa, 0xbb, 0x12, 0x34, 0xcc).subarray(2, 4)
    const reader = new ByteReader(message)
    expect(reader.u16()).toBe(0x1234)
    expect(() => reader.u8()).toThrow(ProtocolError)
  })

  test('takes a view, not a copy', () => {
    const message = Uint8Array.of(1, 2, 3, 4, 5)
    const reader = new ByteReader(message)
    reader.u8()
    const taken = reader.take(3)
    expect([...taken]).toEqual([2, 3, 4])
    message[2] = 0x77
    expect([...taken]).toEqual([2, 0x77, 4])
    expect([...reader.take(1)]).toEqual([5])
    expect([...reader.take(0)]).toEqual([])
  })

  test.each([-1, 1.5, NaN, Infinity])('take(%d) is the caller’s mistake', (length) => {
    expect(() => new ByteReader(new Uint8Array(4)).take(length)).toThrow(
      new RangeError(`length must be a whole number from 0, got ${length}`),
    )
  })
})

describe('ByteWriter', () => {
  test.each([0, 1, 5, 64])('grows from a capacity of %i without losing a byte', (capacity) => {
    const writer = new ByteWriter(capacity)
    const expected: number[] = []
    for (let value = 0; value < 300; value++) {
      writer
        .u8(value & 0xff)
        .bytes(Uint8Array.of(value & 0x0f))
        .u8(0xee)
      expected.push(value & 0xff, value & 0x0f, 0xee)
    }
    expect(writer.length).toBe(900)
    expect([...writer.finish()]).toEqual(expected)
  })

  test('what was finished stays as it was', () => {
    const writer = new ByteWriter(8).u8(0x51)
    const finished = writer.finish()
    writer.u8(0x52)
    expect([...finished]).toEqual([0x51])
    expect([...writer.finish()]).toEqual([0x51, 0x52])
  })

  test.each([1.5, NaN])('%d is no whole number', (value) => {
    expect(() => new ByteWriter().u16(value)).toThrow(RangeError)
  })
})

test('whatever is written is read again', () => {
  const field = fc.oneof(
    ...FIELDS.map(({ type, least, most }) =>
      typeof least === 'bigint'
        ? fc.bigInt({ min: least, max: most }).map((value) => ({ type, value }))
        : fc.integer({ min: least, max: most }).map((value) => ({ type, value })),
    ),
    fc.uint8Array({ maxLength: 40 }).map((value) => ({ type: 'take' as const, value })),
  )
  fc.assert(
    fc.property(fc.array(field, { maxLength: 30 }), fc.nat(16), (fields, capacity) => {
      const writer = new ByteWriter(capacity)
      for (const { type, value } of fields) {
        if (type === 'take') writer.bytes(value)
        else write(type, value, writer)
      }
      const reader = new ByteReader(writer.finish())
      for (const { type, value } of fields) {
        if (type === 'take') expect(reader.take(value.length)).toEqual(value)
        else expect(reader[type]()).toBe(value)
      }
      expect(reader.remaining).toBe(0)
    }),
  )
})
