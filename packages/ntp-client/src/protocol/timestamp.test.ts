import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  difference,
  fromUnixNanoseconds,
  millisecondsToShort,
  shortToMilliseconds,
  toNanoseconds,
  toUnixNanoseconds,
} from './timestamp.ts'

const ns = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000_000n
const ROLLOVER = ns('2036-02-07T06:28:16Z')
const YEAR_NS = 31_556_952_000_000_000n

describe('timestamps, RFC 5905 §6', () => {
  // The first four are rows of the RFC's figure 4.
  test.each([
    ['1970-01-01T00:00:00Z', 2_208_988_800n],
    ['1972-01-01T00:00:00Z', 2_272_060_800n],
    ['1999-12-31T00:00:00Z', 3_155_587_200n],
    ['2036-02-08T00:00:00Z', 63_104n],
    ['2036-02-07T06:28:15Z', 0xffff_ffffn],
    ['2036-02-07T06:28:16Z', 0n],
    ['2036-02-07T06:28:17Z', 1n],
    ['1968-01-20T03:14:08Z', 0x8000_0000n],
    ['2104-02-26T09:42:23Z', 0x7fff_ffffn],
  ])('%s has %i seconds', (iso, seconds) => {
    expect(fromUnixNanoseconds(ns(iso))).toBe(seconds << 32n)
    expect(toUnixNanoseconds(seconds << 32n, ROLLOVER)).toBe(ns(iso))
  })

  test('the era is the one that brings the moment nearest to the pivot', () => {
    const at1900 = ns('1900-01-01T00:00:00Z')
    expect(toUnixNanoseconds(0n, ns('1950-01-01T00:00:00Z'))).toBe(at1900)
    expect(toUnixNanoseconds(0n, ns('2026-11-22T00:00:00Z'))).toBe(ROLLOVER)
    expect(toUnixNanoseconds(0n, ns('2172-01-01T00:00:00Z'))).toBe(ns('2172-03-15T12:56:32Z'))
    expect(fromUnixNanoseconds(at1900)).toBe(0n)
  })

  test('the fraction is in units of 2⁻³² s, to the nearest', () => {
    const second = fromUnixNanoseconds(0n)
    expect(fromUnixNanoseconds(750_000_000n) - second).toBe(0xc000_0000n)
    expect(fromUnixNanoseconds(1n) - second).toBe(4n) // 4.29 units
    expect(fromUnixNanoseconds(2n) - second).toBe(9n) // 8.59
    expect(fromUnixNanoseconds(-1n) - second).toBe(-4n)
    expect(fromUnixNanoseconds(-2n) - second).toBe(-9n)
    expect(fromUnixNanoseconds(-250_000_000n) - second).toBe(-0x4000_0000n)
  })

  test('any moment survives the way there and back, to the nanosecond, from any pivot within 68 years', () => {
    const moment = fc.bigInt({ min: -100n * YEAR_NS, max: 300n * YEAR_NS })
    const away = fc.bigInt({ min: -68n * YEAR_NS, max: 68n * YEAR_NS })
    fc.assert(
      fc.property(moment, away, (unixNs, awayNs) => {
        expect(toUnixNanoseconds(fromUnixNanoseconds(unixNs), unixNs + awayNs)).toBe(unixNs)
      }),
      { numRuns: 2000 },
    )
  })

  test('a difference is as short as can be, across eras', () => {
    const before = fromUnixNanoseconds(ROLLOVER - 3_000_000_000n)
    const after = fromUnixNanoseconds(ROLLOVER + 2_000_000_000n)
    expect(toNanoseconds(difference(after, before))).toBe(5_000_000_000n)
    expect(toNanoseconds(difference(before, after))).toBe(-5_000_000_000n)
  })

  test('a span is rounded to the nearest nanosecond, both ways', () => {
    expect([9n, 4n, 2n, 0n, -2n, -4n, -9n].map(toNanoseconds)).toEqual([2n, 1n, 0n, 0n, 0n, -1n, -2n])
  })
})

describe('NTP shorts, RFC 5905 §6', () => {
  test.each([
    [0x0000_0000, 0],
    [0x0000_0001, 0.0152587890625],
    [0x0001_0000, 1000],
    [0x0002_c000, 2750],
    [0xffff_ffff, 65_535_999.9847412109375],
  ])('%i is %f ms', (short, ms) => {
    expect(shortToMilliseconds(short)).toBe(ms)
    expect(millisecondsToShort(ms)).toBe(short)
  })

  test('milliseconds go to the nearest step', () => {
    expect(millisecondsToShort(0.022)).toBe(1)
    expect(millisecondsToShort(0.024)).toBe(2)
  })

  test.each([-1, 65_536_000, NaN])('%f ms does not fit', (ms) => {
    expect(() => millisecondsToShort(ms)).toThrow(new RangeError(`an NTP short holds 0 to 65535.99 s, got ${ms} ms`))
  })
})
