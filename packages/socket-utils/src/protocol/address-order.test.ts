import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { interleaveFamilies } from './address-order.ts'

const v6 = (...names: string[]) => names.map((address) => ({ address, family: 6 as const }))
const v4 = (...names: string[]) => names.map((address) => ({ address, family: 4 as const }))
const order = (addresses: { address: string; family: 4 | 6 }[]): string =>
  interleaveFamilies(addresses)
    .map(({ address }) => address)
    .join(' ')

test('families by turns, the first address first: RFC 8305 §4', () => {
  expect(order([...v6('a', 'b', 'c'), ...v4('x', 'y')])).toBe('a x b y c')
  expect(order([...v4('x'), ...v6('a', 'b', 'c')])).toBe('x a b c')
  expect(order([...v6('a'), ...v4('x', 'y'), ...v6('b')])).toBe('a x b y')
  expect(order(v4('x', 'y'))).toBe('x y')
  expect(order([])).toBe('')
})

test('loses none, and keeps the order within a family', () => {
  const address = fc.record({ address: fc.nat(), family: fc.constantFrom(4 as const, 6 as const) })
  fc.assert(
    fc.property(fc.array(address), (addresses) => {
      const ordered = interleaveFamilies(addresses)
      for (const family of [4, 6]) {
        const of = (list: readonly (typeof addresses)[number][]) => list.filter((one) => one.family === family)
        expect(of(ordered)).toEqual(of(addresses))
      }
    }),
  )
})
