import * as fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { stoppedClock } from '../test/clock.ts'
import { type Timed, TimerQueue } from './timer-queue.ts'

afterEach(() => void vi.useRealTimers())

function entry(fired: (name: string, now: number) => void, name = 'entry'): Timed {
  return { due: Infinity, place: -1, expire: (now) => fired(name, now) }
}

test('wakes everybody once, in the order of their moments, with one timer', async () => {
  vi.useFakeTimers()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 }), async (delays) => {
      const queue = new TimerQueue()
      const started = performance.now()
      const fired: number[] = []
      for (const delay of delays)
        queue.schedule(
          entry(() => fired.push(delay)),
          started + delay,
        )
      expect(vi.getTimerCount()).toBe(delays.length > 0 ? 1 : 0)
      await vi.advanceTimersByTimeAsync(60)
      expect(fired).toEqual(delays.toSorted((a, b) => a - b))
      expect(queue.length).toBe(0)
      expect(vi.getTimerCount()).toBe(0)
    }),
  )
})

test('holds whatever was scheduled, moved and cancelled, like a sorted list would', () => {
  const operation = fc.tuple(
    fc.integer({ min: 0, max: 19 }),
    fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 99 })),
  )
  vi.useFakeTimers()
  fc.assert(
    fc.property(fc.array(operation, { minLength: 40, maxLength: 200 }), (operations) => {
      const queue = new TimerQueue()
      const fired: number[] = []
      const entries = Array.from({ length: 20 }, (_, index) => entry(() => fired.push(index)))
      const due = new Map<number, number>()
      const started = performance.now()
      for (const [index, delay] of operations) {
        queue.schedule(entries[index] as Timed, started + delay)
        if (delay === Infinity) due.delete(index)
        else due.set(index, delay)
      }
      expect(queue.length).toBe(due.size)
      vi.advanceTimersByTime(100)
      expect(fired.map((index) => due.get(index))).toEqual([...due.values()].toSorted((a, b) => a - b))
    }),
    { numRuns: 1000 },
  )
})

test('an entry that is moved later is not woken early, one that is moved earlier not late', async () => {
  using clock = stoppedClock()
  const queue = new TimerQueue()
  const fired: string[] = []
  const note = (name: string): void => void fired.push(name)
  const [first, second] = [entry(note, 'first'), entry(note, 'second')]
  const now = performance.now()
  queue.schedule(first, now + 10)
  queue.schedule(second, now + 1000)
  queue.schedule(first, now + 500)
  queue.schedule(second, now + 20)
  await clock.pass(19)
  expect(fired).toEqual([])
  await clock.pass(1)
  expect(fired).toEqual(['second'])
  await clock.pass(480)
  expect(fired).toEqual(['second', 'first'])
})

test('an entry may schedule itself again when it is woken, and others', async () => {
  using clock = stoppedClock()
  const queue = new TimerQueue()
  let count = 0
  const again: Timed = entry((_, now) => {
    count += 1
    if (count < 5) queue.schedule(again, now + 10)
  })
  queue.schedule(again, performance.now() + 10)
  for (let woken = 1; woken <= 7; woken++) {
    await clock.pass(10)
    expect(count).toBe(Math.min(woken, 5))
  }
  expect(vi.getTimerCount()).toBe(0)
})

test('waits for longer than a timer of Node can hold', async () => {
  using clock = stoppedClock()
  const queue = new TimerQueue()
  const fired = vi.fn()
  queue.schedule(entry(fired), performance.now() + 2 ** 31 + 1000)
  await clock.pass(2 ** 31)
  expect(fired).not.toHaveBeenCalled()
  await clock.pass(1000)
  expect(fired).toHaveBeenCalledOnce()
})

test('its timer keeps no process alive', () => {
  const queue = new TimerQueue()
  const one = entry(() => {})
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  queue.schedule(one, performance.now() + 60_000)
  expect(timers()).toBe(before)
  queue.cancel(one)
  queue.cancel(one)
})
