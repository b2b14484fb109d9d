import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Histogram } from './histogram.ts'

const of = (...values: number[]): Histogram => {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram
}

test('below 256 every value is exact', () => {
  const histogram = of(...Array.from({ length: 256 }, (_, value) => value))
  expect([1, 25, 50, 75, 100].map((percent) => histogram.percentile(percent))).toEqual([2, 63, 127, 191, 255])
  expect([histogram.least, histogram.most, histogram.mean, histogram.count]).toEqual([0, 255, 127.5, 256])
})

test('nothing recorded is NaN, not 0', () => {
  const { least, most, mean, count } = new Histogram()
  expect([least, most, mean, count]).toEqual([NaN, NaN, NaN, 0])
  expect(new Histogram().percentile(50)).toBeNaN()
})

test('a tail of one in a thousand shows in the 99.9th percentile and not below', () => {
  const histogram = of(...Array.from({ length: 998 }, () => 100), 1_500_000, 1_600_000)
  expect(histogram.percentile(99.8)).toBe(100)
  expect(Math.abs(histogram.percentile(99.9) / 1_500_000 - 1)).toBeLessThan(1 / 128)
  expect(Math.abs(histogram.percentile(100) / 1_600_000 - 1)).toBeLessThan(1 / 128)
})

test('what is out of range counts as the least or the most; fractions are rounded', () => {
  const histogram = of(-5, NaN, 2 ** 40, 7.5)
  expect([histogram.least, histogram.most, histogram.count]).toEqual([0, 2 ** 31 - 1, 4])
  expect(histogram.percentile(75)).toBe(8)
  expect(histogram.percentile(50)).toBe(0)
})

test('any value comes back right to 1 part in 128, any percentile within the values', () => {
  const value = fc.oneof(
    fc.nat(2 ** 31 - 1),
    fc.nat(31).map((power) => Math.min(2 ** power, 2 ** 31 - 1)),
    fc.nat(4096),
  )
  fc.assert(
    fc.property(value, (value) => {
      expect(of(value).percentile(50)).toBe(value)
      // With others beyond it, it is not the most: the class answers.
      const shown = of(value, 0, 2 ** 31 - 1).percentile(50)
      expect(Math.abs(shown - value)).toBeLessThanOrEqual(value / 128)
    }),
  )
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 1, max: 100 }),
      (values, percent) => {
        const exact = values.toSorted((a, b) => a - b)[Math.ceil((percent * values.length) / 100) - 1] ?? NaN
        expect(Math.abs(of(...values).percentile(percent) - exact)).toBeLessThanOrEqual(exact / 128)
      },
    ),
  )
})

test('buckets: four to a doubling, each with its own count, none empty at either end', () => {
  expect(new Histogram().buckets()).toEqual([])
  expect(of(0, 0, 1, 4).buckets()).toEqual([
    { below: 1, count: 2 },
    { below: 2, count: 1 },
    { below: 3, count: 0 },
    { below: 4, count: 0 },
    { below: 5, count: 1 },
  ])
  // A bound belongs to the bucket above it, on either side of the end of the linear part.
  expect(of(223, 224, 255, 256, 319, 320, 383).buckets()).toEqual([
    { below: 224, count: 1 },
    { below: 256, count: 2 },
    { below: 320, count: 2 },
    { below: 384, count: 2 },
  ])
  expect(of(999_999).buckets()).toEqual([{ below: 1_048_576, count: 1 }])
  expect(of(2 ** 31 - 1).buckets()).toEqual([{ below: 2 ** 31, count: 1 }])
})

test('buckets hold every value once, below their bound and not below the one before', () => {
  const values = fc.array(fc.oneof(fc.nat(2 ** 31 - 1), fc.nat(5000)), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(values, (values) => {
      const buckets = of(...values).buckets()
      for (const [index, { below, count }] of buckets.entries()) {
        const from = buckets[index - 1]?.below ?? 0
        expect(count).toBe(values.filter((value) => value >= from && value < below).length)
        if (index > 0) expect(below / from).toBeLessThanOrEqual(below <= 4 ? 2 : 1.25)
      }
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(values.length)
    }),
  )
})
