import { assert, constantFrom, property, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { fromFragment, toFragment } from './share.ts'

test('a message survives its address', () => {
  assert(
    property(uint8Array(), constantFrom('ntp', 'response', 'request'), (bytes, protocol) => {
      const fragment = toFragment({ protocol, bytes })
      expect(new URL(fragment, 'http://localhost/').hash).toBe(fragment)
      expect(fromFragment(fragment)).toEqual({ protocol, bytes })
    }),
  )
})

test('other fragments are headings, and long messages have none', () => {
  expect(fromFragment('#what-goes-wrong')).toBeUndefined()
  expect(fromFragment('#ftp=AAAA')).toBeUndefined()
  expect(fromFragment('#ntp=A')).toBeUndefined()
  expect(toFragment({ protocol: 'ntp', bytes: new Uint8Array(4097) })).toBe('')
})
