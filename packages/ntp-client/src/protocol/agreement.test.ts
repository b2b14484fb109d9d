import { describe, expect, test } from 'vitest'
import { agree } from './agreement.ts'
import { cluster } from './cluster.ts'

const MS = 1_000_000n
const candidate = (name: string, offsetMs: number, changes: object = {}) => ({
  name,
  offsetNs: BigInt(Math.round(offsetMs * 1e6)),
  maxErrorMs: 20,
  rootDistanceMs: 10,
  jitterMs: 0.5,
  stratum: 2,
  ...changes,
})
const names = (candidates: readonly { name: string }[]) => candidates.map(({ name }) => name).join('')

describe('cluster, RFC 5905 §11.2.2', () => {
  test('puts the lowest stratum first, among equals the smallest root distance, and leaves three alone', () => {
    const { survivors, outliers } = cluster([
      candidate('far', 0),
      candidate('near', 9, { rootDistanceMs: 3 }),
      candidate('first', -9, { stratum: 1, rootDistanceMs: 900 }),
    ])
    expect(survivors.map(({ name }) => name)).toEqual(['first', 'near', 'far'])
    expect(outliers).toEqual([])
  })

  test('leaves out the one that is furthest from all others, again and again, down to three', () => {
    const all = [candidate('a', 0), candidate('b', 1), candidate('x', 9), candidate('c', -1), candidate('y', -15)]
    const { survivors, outliers } = cluster(all)
    expect(names(survivors)).toBe('abc')
    expect(names(outliers)).toBe('yx')
  })

  test('stops when each one’s own jitter is larger than what leaving one out would gain', () => {
    const all = ['a', 'b', 'c', 'd'].map((name, index) => candidate(name, index, { jitterMs: 3 }))
    expect(names(cluster(all).survivors)).toBe('abcd')
    const steady = all.with(2, candidate('c', 2, { jitterMs: 1.9 }))
    expect(names(cluster(steady).survivors)).toBe('abc')
  })

  test('of equals leaves out the one at the end, which is the worse one', () => {
    const all = [candidate('a', 4), candidate('b', -4), candidate('c', 4), candidate('d', -4)]
    expect(names(cluster(all).outliers)).toBe('d')
  })
})

describe('combine, RFC 5905 §11.2.3', () => {
  test('weighs each offset with the inverse of its root distance', () => {
    const near = candidate('near', 2, { rootDistanceMs: 1 })
    const found = agree([candidate('far', 6, { rootDistanceMs: 3 }), near], { quorum: 2, liars: 0 })
    expect(found?.offsetNs).toBe(3n * MS)
    // 4 ms off at a quarter of the weight is 2 ms in the root mean square, and half a millisecond of its own.
    expect(found?.jitterMs).toBeCloseTo(Math.hypot(2, 0.5), 9)
    expect(found?.survivors[0]).toBe(near)
  })

  test('the bound reaches from the mean to the further end of what can be true', () => {
    const found = agree([candidate('a', 0), candidate('b', 6, { rootDistanceMs: 5 })], { quorum: 2, liars: 0 })
    expect(found).toMatchObject({ offsetNs: 4n * MS, maxErrorMs: 18 }) // −14 to 20
    const mirrored = agree([candidate('a', 0), candidate('b', -6, { rootDistanceMs: 5 })], { quorum: 2, liars: 0 })
    expect(mirrored).toMatchObject({ offsetNs: -4n * MS, maxErrorMs: 18 })
  })

  test.each([1, -1])('a mean beyond what can be true is brought back to it (sign %i)', (sign) => {
    // Together they must be right at 19 to 20; the mean, all but the first one's, is near 0.
    const certain = { rootDistanceMs: 0.001 }
    const found = agree([candidate('a', 0, certain), candidate('b', sign * 39)], { quorum: 2, liars: 0 })
    expect(found).toMatchObject({ offsetNs: BigInt(sign) * 19n * MS, maxErrorMs: 1 })
  })

  test('is exact for a clock that is wrong by 60 years', () => {
    const years = 60n * 31_556_952_000n * MS
    const all = [1n, 2n, 3n].map((ns) => ({ ...candidate('a', 0), offsetNs: years + ns }))
    expect(agree(all, { quorum: 2, liars: 1 })?.offsetNs).toBe(years + 2n)
  })

  test('a root distance of nothing does not divide by it', () => {
    const all = [candidate('a', 2, { rootDistanceMs: 0 }), candidate('b', 4, { rootDistanceMs: 0 })]
    expect(agree(all, { quorum: 2, liars: 0 })?.offsetNs).toBe(3n * MS)
  })

  test('the falseticker has no part in it, and is named', () => {
    const all = [candidate('a', 1), candidate('x', 500), candidate('b', 3), candidate('c', 2)]
    const found = agree(all, { quorum: 3, liars: 1 })
    expect(found?.offsetNs).toBe(2n * MS)
    expect(names(found?.falsetickers ?? [])).toBe('x')
    expect(found?.outliers).toEqual([])
  })

  test('no majority is no time; a quorum of half the candidates or less is none', () => {
    const split = [candidate('a', 0), candidate('x', 500)]
    expect(agree(split, { quorum: 2, liars: 0 })).toBeUndefined()
    const message = 'quorum must be more than half of 2 candidates, got 1'
    expect(() => agree(split, { quorum: 1, liars: 0 })).toThrow(new RangeError(message))
  })
})
