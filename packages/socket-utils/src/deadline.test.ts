import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startDeadline, unlessAborted } from './deadline.ts'

const tooLate = (): Error => new Error('too late')

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('startDeadline', () => {
  test('aborts with what expired made, at the time and not before', () => {
    using deadline = startDeadline(200, undefined, tooLate)
    vi.advanceTimersByTime(199)
    expect(deadline.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(deadline.signal.reason).toEqual(new Error('too late'))
  })

  test('aborts with the caller’s own reason, untouched', () => {
    const controller = new AbortController()
    using deadline = startDeadline(200, controller.signal, tooLate)
    const reason = { mine: true }
    controller.abort(reason)
    expect(deadline.signal.reason).toBe(reason)
  })

  test('is itself what can be listened to, and ends once, with the first reason', () => {
    using deadline = startDeadline(200, undefined, tooLate)
    const heard: unknown[] = []
    const deaf = (): void => void heard.push('deaf')
    deadline.addEventListener('abort', () => heard.push(deadline.aborted, deadline.reason))
    deadline.addEventListener('abort', deaf)
    deadline.removeEventListener('abort', deaf)
    deadline.throwIfAborted()
    expect(deadline.aborted).toBe(false)
    deadline.abort('first')
    deadline.abort('second')
    vi.advanceTimersByTime(200)
    expect(heard).toEqual([true, 'first'])
    expect(deadline.reason).toBe('first')
    expect(() => deadline.throwIfAborted()).toThrow('first')
  })

  test('gives a signal, the same each time, also when it has ended already', () => {
    using before = startDeadline(200, undefined, tooLate)
    const { signal } = before
    expect(before.signal).toBe(signal)
    before.abort('mine')
    expect([signal.aborted, signal.reason]).toEqual([true, 'mine'])
    using after = startDeadline(200, undefined, tooLate)
    after.abort('mine')
    expect([after.signal.aborted, after.signal.reason]).toEqual([true, 'mine'])
  })

  test('a signal that is aborted already throws its reason', () => {
    expect(() => startDeadline(200, AbortSignal.abort(new Error('mine')), tooLate)).toThrow('mine')
  })

  test('is over once disposed of, for the clock and for the caller', () => {
    const controller = new AbortController()
    const deadline = startDeadline(200, controller.signal, tooLate)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    deadline[Symbol.dispose]()
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    vi.advanceTimersByTime(1000)
    expect(deadline.aborted).toBe(false)
  })

  test('tells objects and functions alike, also when one leaves while the others are told', () => {
    using deadline = startDeadline(200, undefined, tooLate)
    const heard: string[] = []
    const second = { handleEvent: () => void heard.push('second') }
    deadline.addEventListener('abort', () => {
      heard.push('first')
      deadline.removeEventListener('abort', second)
    })
    deadline.addEventListener('abort', second)
    deadline.addEventListener('abort', () => heard.push('third'))
    deadline.abort('now')
    expect(heard).toEqual(['first', 'second', 'third'])
  })

  test.each([0, -1, NaN, -Infinity, 2 ** 31, '5' as unknown as number])('timeoutMs %j is a RangeError', (timeoutMs) => {
    expect(() => startDeadline(timeoutMs, undefined, tooLate)).toThrow(
      /^timeoutMs must be above 0 and at most 2147483647, or Infinity, got/,
    )
    expect(() => startDeadline(timeoutMs, undefined, tooLate)).toThrow(RangeError)
  })

  test('with timeoutMs Infinity ends by its signal alone, and holds no timer', () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length
    const before = timers()
    const caller = new AbortController()
    using deadline = startDeadline(Infinity, caller.signal, tooLate)
    expect(timers()).toBe(before)
    caller.abort('enough')
    expect([deadline.aborted, deadline.reason]).toEqual([true, 'enough'])
  })

  test.each([0.5, 2 ** 31 - 1, Infinity])('timeoutMs %d is none', (timeoutMs) => {
    startDeadline(timeoutMs, undefined, tooLate)[Symbol.dispose]()
  })
})

describe('unlessAborted', () => {
  test('gives the promise’s outcome and lets go of the signal', async () => {
    const { signal } = new AbortController()
    await expect(unlessAborted(Promise.resolve('found'), signal)).resolves.toBe('found')
    await expect(unlessAborted(Promise.reject(new Error('lost')), signal)).rejects.toThrow('lost')
    await Promise.resolve()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('does not wait for it once the signal is aborted, and swallows what it says later', async () => {
    const controller = new AbortController()
    const { promise, reject } = Promise.withResolvers<never>()
    const outcome = unlessAborted(promise, controller.signal)
    controller.abort('enough')
    await expect(outcome).rejects.toBe('enough')
    reject(new Error('late'))
    await expect(unlessAborted(Promise.resolve(1), controller.signal)).rejects.toBe('enough')
  })
})
