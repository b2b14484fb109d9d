import { describe, expect, test } from 'vitest'
import { anchoredClock, followingClock, type ClockSources } from './clock.ts'

const MS = 1_000_000n
const STALL_NS = 150_000n
const AHEAD = 1_795_350_908n * 1000n * MS + 123_456n

/** A machine on which reading a clock takes 100 ns, but for the readings that are interrupted for longer. */
function machine({ fine = false, interrupted = (_reading: number): boolean => false } = {}) {
  const state = { monotonicNs: 5_000_000_000n, aheadNs: AHEAD, readings: 0, frozen: false }
  const read = (): bigint => {
    state.readings++
    state.monotonicNs += interrupted(state.readings) ? STALL_NS : 100n
    return state.monotonicNs
  }
  const wallNs = (): bigint => (state.frozen ? 0n : read() + state.aheadNs)
  const sources: ClockSources = { monotonicNs: read, wallMs: () => Number(wallNs() / MS), ...(fine && { wallNs }) }
  const errorNs = (now: bigint): bigint => now - (state.monotonicNs + state.aheadNs)
  return { state, sources, errorNs }
}

const within = (errorNs: bigint, boundNs: bigint) => {
  expect(errorNs).toBeGreaterThanOrEqual(-boundNs)
  expect(errorNs).toBeLessThanOrEqual(boundNs)
}

describe.each([
  ['Date.now(), which is cut to milliseconds', false],
  ['a fine wall clock', true],
])('a clock anchored to %s', (_, fine) => {
  test('is right to well below a microsecond on a quiet machine', () => {
    const { sources, errorNs } = machine({ fine })
    within(errorNs(anchoredClock(sources)()), 200n)
  })

  test('is anchored in a millisecond and a bit at most on a quiet machine', () => {
    const { state, sources } = machine({ fine })
    const before = state.monotonicNs
    anchoredClock(sources)
    expect(state.monotonicNs - before).toBeLessThan(MS + 1000n)
  })

  test('stays right when readings are interrupted, wherever that happens: it reads again', () => {
    for (let seed = 1; seed <= 300; seed++) {
      // One reading in 2000, which is four tenths of the time; by a generator (LCG), so that every run is the same.
      let random = seed
      const interrupted = (): boolean =>
        (random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0) < 2 ** 32 / 2000
      const { sources, errorNs } = machine({ fine, interrupted })
      within(errorNs(anchoredClock(sources)()), 300n)
    }
  })

  test('takes the best there is when the machine is busy for long', () => {
    const { sources, errorNs } = machine({ fine, interrupted: (reading) => reading < 40 })
    within(errorNs(anchoredClock(sources)()), 300n)
  })

  test('takes the best there is when every reading is interrupted', () => {
    const { sources, errorNs } = machine({ fine, interrupted: () => true })
    within(errorNs(anchoredClock(sources)()), 3n * STALL_NS)
  })

  test('does not follow when the wall clock is set: the spans that it measures stay true', () => {
    const { state, sources } = machine({ fine })
    const clock = anchoredClock(sources)
    const before = clock()
    state.aheadNs += 3600n * 1000n * MS
    within(clock() - before, 1000n)
  })

  test('follows, as a following clock, when the wall clock is set by more than 2 ms', () => {
    const { state, sources, errorNs } = machine({ fine })
    const clock = followingClock(sources)
    within(errorNs(clock()), 200n)
    for (const step of [3n * MS, -3n * MS, 86_400_000n * MS]) {
      state.aheadNs += step
      within(errorNs(clock()), 200n)
    }
  })
})

describe('a following clock', () => {
  test('does not anchor again without need: Date.now() costs one reading, not a millisecond', () => {
    const { state, sources } = machine()
    const clock = followingClock(sources)
    const before = state.readings
    for (let i = 0; i < 100; i++) clock()
    expect(state.readings - before).toBeLessThanOrEqual(300)
  })
})

test('a wall clock that never ticks, as under fake timers, does not hang the program', () => {
  const { state, sources } = machine()
  state.frozen = true
  const { monotonicNs } = state
  within(anchoredClock(sources)(), state.monotonicNs - monotonicNs)
})

test('the clock of this machine agrees with Date.now()', () => {
  const clock = anchoredClock()
  // The machine may stop between two readings, though hardly every time.
  const errors = Array.from({ length: 50 }, () => {
    const before = Date.now()
    const now = Number(clock()) / 1e6
    return Math.max(before - now, now - (Date.now() + 1))
  })
  expect(Math.min(...errors)).toBeLessThan(0.1)
})
