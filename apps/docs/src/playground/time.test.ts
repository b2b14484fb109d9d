import { describe, expect, test } from 'vitest'
import { judge, msOf, verdict, xOf } from './exchange.ts'
import { decide, roleOf, scene } from './majority.ts'

describe('the four times', () => {
  test('give the offset and the delay of the lesson’s exercise', () => {
    expect(judge([100, 205, 206, 111])).toMatchObject({
      kind: 'accepted',
      sample: { offsetNs: 100_000_000n, delayNs: 10_000_000n },
    })
    expect(verdict([100, 205, 206, 111], 'es')).toContain('<strong>100 ms</strong>: tu reloj atrasa')
  })

  test('that cannot be are dropped, as a client drops them', () => {
    expect(judge([20, 95, 94, 90])).toEqual({ kind: 'dropped', reason: 'server-clock-backwards' })
    expect(judge([20, 20, 180, 60])).toEqual({ kind: 'dropped', reason: 'negative-delay' })
  })

  test('stand where they are dragged to', () => {
    for (const ms of [0, 1, 99, 200]) expect(msOf(xOf(ms))).toBe(ms)
    expect([msOf(-1000), msOf(10_000)]).toEqual([0, 200])
  })
})

describe('the majority', () => {
  const roles = (name: Parameters<typeof scene>[0]): string[] => {
    const claimants = scene(name)
    const agreed = decide(claimants)
    return claimants.map((one) => roleOf(one.name, agreed))
  }

  test('throws out one liar, and two', () => {
    expect(roles('one-liar').at(-1)).toBe('falseticker')
    expect(roles('two-liars').slice(3)).toEqual(['falseticker', 'falseticker'])
  })

  test('is itself believed when it lies, and nobody is without one', () => {
    expect(roles('conspiracy').slice(0, 2)).toEqual(['falseticker', 'falseticker'])
    expect(decide(scene('no-majority'))).toBeUndefined()
    expect(new Set(roles('no-majority'))).toEqual(new Set(['unknown']))
  })
})
