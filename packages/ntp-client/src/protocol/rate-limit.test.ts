import { describe, expect, test } from 'vitest'
import { RateLimit } from './rate-limit.ts'

const judge = (limit: RateLimit, client: string, ...timesMs: number[]) =>
  timesMs.map((atMs) => limit.judge(client, atMs))

describe('a rate limit', () => {
  test('answers a burst, then a request for each interval, tells once per interval and ignores the rest', () => {
    const limit = new RateLimit({ intervalMs: 1000, burst: 3 })
    expect(judge(limit, 'a', 5000, 5000, 5001, 5002, 5003, 5999, 6000, 6001, 6002, 7100)).toEqual([
      'answer',
      'answer',
      'answer',
      'kiss',
      'ignore',
      'ignore',
      'answer',
      'ignore',
      'kiss',
      'answer',
    ])
  })

  test('eight at once unless told otherwise, and never more, however long a client was quiet', () => {
    const limit = new RateLimit({ intervalMs: 10 })
    judge(limit, 'a', 0)
    const answered = judge(limit, 'a', ...Array.from({ length: 12 }, () => 1e9)).filter((what) => what === 'answer')
    expect(answered).toHaveLength(8)
  })

  test('a client that keeps to the interval is always answered', () => {
    const limit = new RateLimit({ intervalMs: 700, burst: 1 })
    const times = Array.from({ length: 50 }, (_, count) => 123 + count * 700)
    expect(new Set(judge(limit, 'a', ...times))).toEqual(new Set(['answer']))
  })

  test('each client has its own', () => {
    const limit = new RateLimit({ intervalMs: 1000, burst: 1 })
    expect([limit.judge('a', 0), limit.judge('b', 0), limit.judge('a', 0)]).toEqual(['answer', 'answer', 'kiss'])
  })

  test('of more clients than it may remember it forgets the one that asked longest ago', () => {
    const limit = new RateLimit({ intervalMs: 1000, burst: 1, maxClients: 2 })
    judge(limit, 'a', 0)
    judge(limit, 'b', 1)
    judge(limit, 'a', 2) // kissed, and now later than b
    judge(limit, 'c', 3)
    expect(limit.judge('a', 4)).toBe('ignore')
    expect(limit.judge('b', 5)).toBe('answer')
  })

  test.each([
    [{ intervalMs: 0 }, 'rateLimit.intervalMs must be above 0 and at most 131072000, got 0'],
    [{ intervalMs: 131_072_001 }, 'got 131072001'],
    [{ intervalMs: NaN }, 'got NaN'],
    [{ intervalMs: 1, burst: 0 }, 'rateLimit.burst must be a whole number from 1, got 0'],
    [{ intervalMs: 1, maxClients: 1.5 }, 'rateLimit.maxClients must be a whole number from 1, got 1.5'],
  ])('%o is a RangeError', (options, message) => {
    expect(() => new RateLimit(options)).toThrow(RangeError)
    expect(() => new RateLimit(options)).toThrow(message)
  })
})
