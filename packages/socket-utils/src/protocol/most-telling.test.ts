import { expect, test } from 'vitest'
import { mostTelling } from './most-telling.ts'

test.each([
  ['out-of-descriptors', 'connect-refused'],
  ['connect-refused', 'connection-reset'],
  ['connection-reset', 'permission-denied'],
  ['permission-denied', 'timed-out'],
  ['timed-out', 'unreachable'],
  ['unreachable', 'address-unavailable'],
  ['address-unavailable', 'unsupported'],
  ['unsupported', 'failed'],
])('%s says more than %s', (more, less) => {
  expect(mostTelling([more, less])).toBe(more)
  expect(mostTelling([less, more])).toBe(more)
})

test('what is not known says nothing', () => {
  expect(mostTelling([])).toBe('failed')
  expect(mostTelling(['abandoned'])).toBe('failed')
})
