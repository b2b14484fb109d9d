import { describe, expect, test } from 'vitest'
import { select, type Claim } from './selection.ts'

const MS = 1_000_000n
/** A claim in whole ms, by its name. */
const claim = (name: string, offsetMs: number, maxErrorMs: number): Claim & { name: string } => ({
  name,
  offsetNs: BigInt(offsetMs) * MS,
  maxErrorMs,
})
const names = (claims: readonly { name: string }[] | undefined) => claims?.map(({ name }) => name).join('')
const outcome = (claims: readonly (Claim & { name: string })[], quorum: number, liars: number) => {
  const found = select(claims, { quorum, liars })
  if (found === undefined) return undefined
  const { lowNs, highNs } = found.bound
  return `${names(found.truechimers)}/${names(found.falsetickers)} ${Number(lowNs) / 1e6}..${Number(highNs) / 1e6}`
}

describe('selection, RFC 5905 §11.2.1', () => {
  test('one claim alone is believed, as wide as it is', () => {
    expect(outcome([claim('a', 7, 3)], 1, 0)).toBe('a/ 4..10')
  })

  test('three that share a point are right, and the fourth, far off, is not', () => {
    const claims = [claim('a', 0, 5), claim('x', 50, 5), claim('b', 3, 5), claim('c', -4, 7)]
    expect(outcome(claims, 3, 1)).toBe('abc/x -2..3')
  })

  test('intervals that touch in a point share it; a nanosecond apart they do not', () => {
    expect(outcome([claim('a', 0, 5), claim('b', 10, 5)], 2, 0)).toBe('ab/ 5..5')
    const apart = { ...claim('b', 10, 5), offsetNs: 10n * MS + 1n }
    expect(outcome([claim('a', 0, 5), apart], 2, 0)).toBeUndefined()
  })

  test.each([
    ['one against one', [claim('a', 0, 5), claim('x', 50, 5)], 2, 0],
    ['two against two', [claim('a', 0, 5), claim('b', 1, 5), claim('x', 50, 5), claim('y', 51, 5)], 3, 1],
    ['a chain of neighbours', [claim('a', 0, 5), claim('b', 8, 5), claim('c', 16, 5)], 3, 0],
    ['too few, though they agree', [claim('a', 0, 5), claim('b', 1, 5)], 3, 1],
    ['none', [], 1, 0],
  ])('%s is no majority', (_, claims, quorum, liars) => {
    expect(outcome(claims, quorum, liars)).toBeUndefined()
  })

  test('a narrow lie inside the overlap of two honest claims cannot narrow the bound', () => {
    // All midpoints are inside the intersection, so the RFC's loop is content; the truth may be at 0 for all that.
    const claims = [claim('a', 10, 10), claim('b', 11, 11), claim('x', 11, 2)]
    expect(outcome(claims, 2, 1)).toBe('abx/ 0..20')
  })

  test('when an honest server is silent, the two liars left could be the quorum: the bound allows for it', () => {
    const claims = [claim('a', 10, 20), claim('x', 25, 1), claim('y', 25, 1)]
    expect(outcome(claims, 3, 2)).toBe('axy/ -10..30')
  })

  test('midpoints outside the intersection are held against it: a second look finds the wider one', () => {
    // The intersection of all four is 9..10, with three midpoints outside; that of three is 1..11, with none but x.
    const claims = [claim('a', 1, 10), claim('b', 2, 9), claim('c', 11, 10), claim('x', 12, 3)]
    expect(outcome(claims, 3, 1)).toBe('abcx/ 1..11')
  })

  test('a narrow overlap of four is not believed while more midpoints than one are outside it', () => {
    // Four share 19 to 20 with e cast out, yet all five midpoints lie elsewhere; that of three is 1 to 21, with two outside.
    const claims = [claim('a', 10, 10), claim('b', 11, 10), claim('c', 12, 10), claim('d', 29, 10), claim('e', -2, 3)]
    expect(outcome(claims, 3, 2)).toBe('abcde/ 1..21')
  })

  test('two that hardly overlap are still a majority against a third', () => {
    const claims = [claim('a', -9, 10), claim('b', 9, 10), claim('x', 500, 5)]
    expect(outcome(claims, 2, 1)).toBe('ab/x -1..1')
  })

  test('an error that is no whole number of nanoseconds is rounded up', () => {
    expect(outcome([claim('a', 0, 0.0000013)], 1, 0)).toBe('a/ -0.000002..0.000002')
  })
})
