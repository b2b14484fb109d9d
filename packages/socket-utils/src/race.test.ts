import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WireError } from './protocol/errors.ts'
import { Race, type Racer } from './race.ts'

interface Runner extends Racer {
  readonly name: string
}

/** Attempts that end when the test says so, on a clock that moves when the test says so. */
class Field extends Race<string, Runner> {
  readonly log: string[] = []
  readonly #runners = new Map<string, Runner>()
  readonly #startedAt = Date.now()

  succeed(name: string): void {
    this.succeeded(this.#runner(name))
  }

  fail(name: string): void {
    this.failed(this.#runner(name), new WireError('failed', `${name} failed`))
  }

  protected override start(name: string): Runner {
    this.#note(`start ${name}`)
    const runner = {
      name,
      won: () => this.#note(`won ${name}`),
      cancel: (why: unknown) => this.#note(`cancel ${name}${why === undefined ? '' : ` (${why as string})`}`),
    }
    this.#runners.set(name, runner)
    return runner
  }

  protected override allFailed(failures: readonly WireError[]): Error {
    return new AggregateError(failures)
  }

  #runner(name: string): Runner {
    const runner = this.#runners.get(name)
    if (!runner) throw new Error(`${name} has not started`)
    return runner
  }

  #note(what: string): void {
    this.log.push(`${Date.now() - this.#startedAt} ${what}`)
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount(), 'timers left').toBe(0)
  vi.useRealTimers()
})

describe('a race, RFC 8305 §5', () => {
  const never = new AbortController().signal

  test('the second attempt starts 250 ms after the first and may win; the first is cancelled', async () => {
    const field = new Field(['a', 'b', 'c'], never)
    const winner = field.run()
    vi.advanceTimersByTime(249)
    expect(field.log).toEqual(['0 start a'])
    vi.advanceTimersByTime(2)
    field.succeed('b')
    await expect(winner).resolves.toMatchObject({ name: 'b' })
    expect(field.log).toEqual(['0 start a', '250 start b', '251 cancel a', '251 won b'])
  })

  test('a slow first attempt stays in the race and wins when all others have failed', async () => {
    const field = new Field(['a', 'b', 'c'], never)
    const winner = field.run()
    vi.advanceTimersByTime(500)
    field.fail('b')
    field.fail('c')
    vi.advanceTimersByTime(3000)
    field.succeed('a')
    await expect(winner).resolves.toMatchObject({ name: 'a' })
    expect(field.log).toEqual(['0 start a', '250 start b', '500 start c', '3500 won a'])
  })

  test('the last attempt waits for nobody behind it', async () => {
    const field = new Field(['a', 'b'], never)
    const winner = field.run()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(250)
    expect(vi.getTimerCount()).toBe(0)
    field.succeed('b')
    await winner
  })

  test('nobody at all is an empty failure', async () => {
    await expect(new Field([], never).run()).rejects.toEqual(new AggregateError([]))
  })

  test('a failure starts the next attempt at once, and the one after it 250 ms later', () => {
    const field = new Field(['a', 'b', 'c'], never)
    const winner = field.run()
    vi.advanceTimersByTime(100)
    field.fail('a')
    vi.advanceTimersByTime(249)
    expect(field.log).toEqual(['0 start a', '100 start b'])
    vi.advanceTimersByTime(1)
    expect(field.log.at(-1)).toBe('350 start c')
    field.succeed('c')
    return expect(winner).resolves.toMatchObject({ name: 'c' })
  })

  test('all failed: every failure is kept, in the order in which they came', async () => {
    const field = new Field(['a', 'b'], never)
    const winner = field.run()
    vi.advanceTimersByTime(250)
    field.fail('b')
    field.fail('a')
    const error = await winner.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(AggregateError)
    expect((error as AggregateError).errors.map(String)).toEqual(['WireError: b failed', 'WireError: a failed'])
  })

  test('a failure that was on its way when another won starts nobody', async () => {
    const field = new Field(['a', 'b', 'c'], never)
    const winner = field.run()
    vi.advanceTimersByTime(250)
    field.succeed('a')
    field.fail('b')
    await winner
    vi.advanceTimersByTime(1000)
    expect(field.log).toEqual(['0 start a', '250 start b', '250 cancel b', '250 won a'])
  })

  test('the signal cancels what runs, starts nothing more and gives its own reason', async () => {
    const controller = new AbortController()
    const field = new Field(['a', 'b', 'c'], controller.signal)
    const winner = field.run()
    vi.advanceTimersByTime(300)
    controller.abort('enough')
    await expect(winner).rejects.toBe('enough')
    vi.advanceTimersByTime(1000)
    expect(field.log).toEqual(['0 start a', '250 start b', '300 cancel a (enough)', '300 cancel b (enough)'])
  })

  test('a signal that is aborted already starts nothing', async () => {
    const field = new Field(['a'], AbortSignal.abort('before'))
    await expect(field.run()).rejects.toBe('before')
    expect(field.log).toEqual([])
  })

  test('lets go of the signal however it ends', async () => {
    const { signal } = new AbortController()
    const won = new Field(['a'], signal)
    const winner = won.run()
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    won.succeed('a')
    await winner
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    const lost = new Field(['a'], signal)
    const loser = lost.run()
    lost.fail('a')
    await expect(loser).rejects.toThrow(AggregateError)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})
