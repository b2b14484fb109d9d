import { describe, expect, test } from 'vitest'
import { KissMemory } from './kiss-memory.ts'
import { kissOfDeath } from './kiss-of-death.ts'

const kiss = (kissCode: string, poll = 0) => kissOfDeath({ kissCode, poll }, `kiss ${kissCode}`)

describe('orders of servers, RFC 5905 §7.4', () => {
  test('who has ordered nothing may be asked', () => {
    expect(new KissMemory().permission('a', 0)).toEqual({ name: 'granted' })
  })

  test.each(['DENY', 'RSTR'])('%s is for ever, and for that server alone', (code) => {
    const kisses = new KissMemory()
    const order = kiss(code)
    kisses.obey('a', order, 1000)
    expect(kisses.permission('a', 1e12)).toEqual({ name: 'refused', kiss: order })
    expect(kisses.permission('b', 1000)).toEqual({ name: 'granted' })
  })

  test('RATE is for four seconds at least, and for twice as long each time that it comes again', () => {
    const kisses = new KissMemory()
    const order = kiss('RATE', 1)
    kisses.obey('a', order, 1000)
    expect(kisses.permission('a', 4999)).toEqual({ name: 'later', atMs: 5000, kiss: order })
    expect(kisses.permission('a', 5000)).toEqual({ name: 'granted' })
    kisses.obey('a', order, 6000)
    expect(kisses.permission('a', 6000)).toMatchObject({ atMs: 14_000 })
    kisses.obey('a', order, 20_000)
    expect(kisses.permission('a', 20_000)).toMatchObject({ atMs: 36_000 })
  })

  test('RATE is for as long as its poll says, up to 2¹⁷ s; less than four seconds only where the caller wants it', () => {
    const [patient, quick] = [new KissMemory(), new KissMemory({ leastMs: 1 })]
    patient.obey('a', kiss('RATE', 6), 0)
    expect(patient.permission('a', 0)).toMatchObject({ atMs: 64_000 })
    for (const _ of [1, 2, 3]) patient.obey('b', kiss('RATE', 127), 0)
    expect(patient.permission('b', 0)).toMatchObject({ atMs: 131_072_000 })
    quick.obey('a', kiss('RATE', -6), 0)
    expect(quick.permission('a', 0)).toMatchObject({ atMs: 15.625 })
  })

  test('an answer with time in it ends the doubling', () => {
    const kisses = new KissMemory()
    kisses.obey('a', kiss('RATE'), 0)
    kisses.forgive('a')
    expect(kisses.permission('a', 0)).toEqual({ name: 'granted' })
    kisses.obey('a', kiss('RATE'), 0)
    expect(kisses.permission('a', 0)).toMatchObject({ atMs: 4000 })
  })

  test.each(['DENY', 'RSTR'])('%s stands, whatever is heard after it', (code) => {
    const kisses = new KissMemory()
    kisses.obey('a', kiss(code), 0)
    kisses.obey('a', kiss('RATE'), 1)
    kisses.forgive('a')
    expect(kisses.permission('a', 1e12)).toMatchObject({ name: 'refused', kiss: { kissCode: code } })
  })

  test.each([NaN, 0, -1, Infinity, '4000' as unknown as number])('leastMs cannot be %j', (leastMs) => {
    expect(() => new KissMemory({ leastMs })).toThrow(RangeError)
  })

  test('other codes order nothing', () => {
    const kisses = new KissMemory()
    kisses.obey('a', kiss('INIT', 10), 0)
    expect(kisses.permission('a', 0)).toEqual({ name: 'granted' })
  })
})
