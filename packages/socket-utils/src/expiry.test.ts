import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { expireAfter } from './expiry.ts'

const began = (): number => Math.round(performance.now())

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('expireAfter', () => {
  test('each is called after its own time, in order, whatever their lengths', () => {
    const start = began()
    const log: string[] = []
    const note = (name: string): void => void log.push(`${began() - start} ${name}`)
    expireAfter(note, 200, 'a')
    vi.advanceTimersByTime(50)
    expireAfter(note, 200, 'b')
    expireAfter(note, 100, 'short')
    vi.advanceTimersByTime(60)
    expireAfter(note, 200, 'c')
    vi.advanceTimersByTime(1000)
    expect(log).toEqual(['150 short', '200 a', '250 b', '310 c'])
  })

  test.each([
    ['the first', 0, ['b', 'c']],
    ['one between two', 1, ['a', 'c']],
    ['the last', 2, ['a', 'b']],
  ] as const)('%s of a line can leave it, twice', (_, index, rest) => {
    const log: string[] = []
    const expiries = ['a', 'b', 'c'].map((name) => expireAfter((name) => log.push(name), 200, name))
    expiries[index]?.cancel()
    expiries[index]?.cancel()
    vi.advanceTimersByTime(200)
    expect(log).toEqual(rest)
  })

  test('one that has expired can still be cancelled, and harms nobody who came after', () => {
    const log: string[] = []
    const first = expireAfter((name) => log.push(name), 200, 'first')
    vi.advanceTimersByTime(200)
    expireAfter((name) => log.push(name), 200, 'second')
    first.cancel()
    vi.advanceTimersByTime(200)
    expect(log).toEqual(['first', 'second'])
  })

  test('one that left long ago, cancelled again, brings nobody back', () => {
    const log: string[] = []
    const [a, b] = ['a', 'b', 'c'].map((name) => expireAfter((name) => log.push(name), 200, name))
    a?.cancel()
    b?.cancel()
    a?.cancel()
    vi.advanceTimersByTime(200)
    expect(log).toEqual(['c'])
  })

  test('a timer is believed where the clock says that it came early', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const log: string[] = []
    expireAfter((name) => log.push(name), 200, 'due')
    vi.advanceTimersByTime(200)
    expect(log).toEqual(['due'])
  })

  test('what begins while another expires waits its full time', () => {
    const start = began()
    const log: number[] = []
    expireAfter(
      () => {
        log.push(began() - start)
        expireAfter(() => log.push(began() - start), 200, undefined)
      },
      200,
      undefined,
    )
    vi.advanceTimersByTime(1000)
    expect(log).toEqual([200, 400])
  })

  test('a failure in one is not the next one’s', () => {
    const log: string[] = []
    expireAfter(
      () => {
        throw new Error('mine')
      },
      200,
      undefined,
    )
    expireAfter((name) => log.push(name), 200, 'next')
    expect(() => vi.advanceTimersByTime(200)).toThrow('mine')
    vi.advanceTimersByTime(1)
    expect(log).toEqual(['next'])
  })

  test('one timer does for all of one length, and for those who come later', () => {
    const expiries = Array.from({ length: 100 }, () => expireAfter(() => {}, 200, undefined))
    expect(vi.getTimerCount()).toBe(1)
    for (const expiry of expiries) expiry.cancel()
    vi.advanceTimersByTime(100)
    expireAfter(() => {}, 200, undefined).cancel()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(100)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a thousand lengths that nobody waits for leave a handful of timers', () => {
    for (let ms = 1000; ms < 2000; ms++) expireAfter(() => {}, ms, undefined).cancel()
    expect(vi.getTimerCount()).toBeLessThan(10)
    const log: string[] = []
    expireAfter((name) => log.push(name), 1999, 'one of them again')
    vi.advanceTimersByTime(1999)
    expect(log).toEqual(['one of them again'])
  })

  test('a clock that a test moves, and the real one after it, are two clocks', () => {
    const log: string[] = []
    expireAfter((name) => log.push(name), 200, 'left behind')
    vi.useRealTimers()
    vi.useFakeTimers()
    expireAfter((name) => log.push(name), 200, 'new')
    vi.advanceTimersByTime(200)
    expect(log).toEqual(['new'])
  })

  test('keeps the process alive while somebody waits, and not a moment longer', () => {
    const program = `
      import { expireAfter } from ${JSON.stringify(import.meta.resolve('./expiry.ts'))}
      expireAfter(() => console.log('not in our time'), 60_000, undefined).cancel()
      expireAfter(() => console.log('cancelled'), 20, undefined).cancel()
      const another = expireAfter(() => console.log('cancelled, too'), 20, undefined)
      expireAfter(() => console.log('expired'), 20, undefined)
      another.cancel()`
    const options = { input: program, encoding: 'utf8', timeout: 30_000 } as const
    expect(execFileSync(process.execPath, ['--input-type=module', '-'], options)).toBe('expired\n')
  })
})
