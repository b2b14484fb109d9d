import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatMoment } from './moment.ts'

describe('a moment as text, RFC 3339', () => {
  test.each([
    [0n, '1970-01-01T00:00:00.000000000Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
    [-2_208_988_800_000_000_000n, '1900-01-01T00:00:00.000000000Z'],
    [951_782_400_123_456_789n, '2000-02-29T00:00:00.123456789Z'],
    [2_085_978_496_000_000_000n, '2036-02-07T06:28:16.000000000Z'], // era 1 begins
    [4_107_542_399_999_999_999n, '2100-02-28T23:59:59.999999999Z'], // and no leap day follows
    [4_107_542_400_000_000_000n, '2100-03-01T00:00:00.000000000Z'],
  ])('%s ns', (unixNs, text) => {
    expect(formatMoment(unixNs)).toBe(text)
  })

  test('agrees with Date on every millisecond that both can hold', () => {
    const milliseconds = fc.integer({
      min: Date.parse('0000-01-01T00:00:00Z'),
      max: Date.parse('9999-12-31T23:59:59.999Z'),
    })
    fc.assert(
      fc.property(milliseconds, (ms) => {
        expect(formatMoment(BigInt(ms) * 1_000_000n)).toBe(new Date(ms).toISOString().replace('Z', '000000Z'))
      }),
      { numRuns: 2000 },
    )
  })
})
