import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { quoted } from './protocol/errors.ts'
import { type Outcome, race } from './race.ts'

/** Attempts that end when the test says so, on a clock that moves when the test says so. */
function field() {
  const log: string[] = []
  const outcomes = new Map<string, Outcome<string>>()
  const startedAt = Date.now()
  const start = (name: string, outcome: Outcome<string>) => {
    log.push(`${Date.now() - startedAt} start ${name}`)
    outcomes.set(name, outcome)
    return (why: unknown) => {
      log.push(`${Date.now() - startedAt} cancel ${name}${why === undefined ? '' : ` (${quoted(why)})`}`)
    }
  }
  return {
    log,
    start,
    succeed: (name: string) => outcomes.get(name)?.succeeded(name),
    fail: (name: string) => outcomes.get(name)?.failed(new Error(`${name} failed`)),
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount(), 'timers left').toBe(0)
  vi.useRealTimers()
})

describe('race, RFC 8305 §5', () => {
  const never = new AbortController().signal

  test('the second attempt starts 250 ms after the first and may win; the first is cancelled', async () => {
    const { log, start, succeed } = field()
    const winner = race(['a', 'b', 'c'], start, never)
    vi.advanceTimersByTime(249)
    expect(log).toEqual(['0 start a'])
    vi.advanceTimersByTime(2)
    succeed('b')
    await expect(winner).resolves.toBe('b')
    expect(log).toEqual(['0 start a', '250 start b', '251 cancel a'])
  })

  test('a slow first attempt stays in the race and wins when all others have failed', async () => {
    const { log, start, succeed, fail } = field()
    const winner = race(['a', 'b', 'c'], start, never)
    vi.advanceTimersByTime(500)
    fail('b')
    fail('c')
    vi.advanceTimersByTime(3000)
    succeed('a')
    await expect(winner).resolves.toBe('a')
    expect(log).toEqual(['0 start a', '250 start b', '500 start c'])
  })

  test('the last attempt waits for nobody behind it', async () => {
    const { start, succeed } = field()
    const winner = race(['a', 'b'], start, never)
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(250)
    expect(vi.getTimerCount()).toBe(0)
    succeed('b')
    await winner
  })

  test('nobody at all is an empty failure', async () => {
    await expect(race([], field().start, never)).rejects.toThrow(AggregateError)
  })

  test('a failure starts the next attempt at once, and the one after it 250 ms later', () => {
    const { log, start, fail, succeed } = field()
    const winner = race(['a', 'b', 'c'], start, never)
    vi.advanceTimersByTime(100)
    fail('a')
    vi.advanceTimersByTime(249)
    expect(log).toEqual(['0 start a', '100 start b'])
    vi.advanceTimersByTime(1)
    expect(log.at(-1)).toBe('350 start c')
    succeed('c')
    return expect(winner).resolves.toBe('c')
  })

  test('all failed: every failure is kept, in the order in which they came', async () => {
    const { start, fail } = field()
    const winner = race(['a', 'b'], start, never)
    vi.advanceTimersByTime(250)
    fail('b')
    fail('a')
    const error = await winner.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(AggregateError)
    expect((error as AggregateError).errors.map(String)).toEqual(['Error: b failed', 'Error: a failed'])
  })

  test('the signal cancels what runs, starts nothing more and gives its own reason', async () => {
    const { log, start } = field()
    const controller = new AbortController()
    const winner = race(['a', 'b', 'c'], start, controller.signal)
    vi.advanceTimersByTime(300)
    controller.abort('enough')
    await expect(winner).rejects.toBe('enough')
    vi.advanceTimersByTime(1000)
    expect(log).toEqual(['0 start a', '250 start b', '300 cancel a ("enough")', '300 cancel b ("enough")'])
  })

  test('a signal that is aborted already starts nothing', async () => {
    const { log, start } = field()
    await expect(race(['a'], start, AbortSignal.abort('before'))).rejects.toBe('before')
    expect(log).toEqual([])
  })

  test('lets go of the signal however it ends', async () => {
    const controller = new AbortController()
    const listening = vi.spyOn(controller.signal, 'addEventListener')
    const letGo = vi.spyOn(controller.signal, 'removeEventListener')
    const won = field()
    const winner = race(['a'], won.start, controller.signal)
    won.succeed('a')
    await winner
    const lost = field()
    const loser = race(['a'], lost.start, controller.signal)
    lost.fail('a')
    await expect(loser).rejects.toThrow(AggregateError)
    expect(letGo.mock.calls.length).toBe(listening.mock.calls.length)
    controller.abort()
    expect([...won.log, ...lost.log]).toEqual(['0 start a', '0 start a'])
  })
})
