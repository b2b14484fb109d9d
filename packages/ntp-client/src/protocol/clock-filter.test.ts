import { describe, expect, test } from 'vitest'
import { answerTimeoutMs, leastDelay } from './clock-filter.ts'

const sample = (delayMs: number, offsetNs = 0n) => ({ delayNs: BigInt(delayMs) * 1_000_000n, offsetNs })

describe('clock filter, RFC 5905 §10', () => {
  test('the sample with the least delay wins, the first of equals', () => {
    const samples = [sample(9, 1n), sample(3, 2n), sample(5, 3n), sample(3, 4n)]
    expect(leastDelay(samples)).toBe(samples[1])
    expect(leastDelay([])).toBeUndefined()
  })
})

describe('the wait for an answer', () => {
  test('is half of what remains, so that another can be asked for', () => {
    expect(answerTimeoutMs(5000, undefined)).toBe(2500)
    expect(answerTimeoutMs(2500, undefined)).toBe(1250)
    expect(answerTimeoutMs(500, undefined)).toBe(250)
  })

  test('is all that remains when that is less than half a second', () => {
    expect(answerTimeoutMs(499, undefined)).toBe(499)
  })

  test('is no longer than four times the best delay once there is one, but half a second at least', () => {
    expect(answerTimeoutMs(5000, sample(200))).toBe(800)
    expect(answerTimeoutMs(5000, sample(1))).toBe(500)
    expect(answerTimeoutMs(5000, sample(900))).toBe(2500)
    expect(answerTimeoutMs(120, sample(1))).toBe(120)
  })
})
