import { describe, expect, test } from 'vitest'
import { Random } from '../../test/simulation/random.ts'
import { discipline, remember, timeAt, type ClockSample, type Discipline } from './discipline.ts'

const SECOND = 1_000_000_000n
const TRUE_BEGAN = 1_795_350_908n * SECOND
const options = { maxSlew: 500e-6, stepNs: Infinity }

/** A local clock that runs `ppm` slow, read at true times in seconds since the world began. */
const localAt = (ppm: number, trueS: number): bigint => BigInt(Math.round(trueS * (1e9 - ppm * 1e3)))
const trueAt = (trueS: number): bigint => TRUE_BEGAN + BigInt(Math.round(trueS * 1e9))

/** Follows a server for so many samples and then runs alone; tells what every 0.1 s came to. */
function follow(seed: number, ppm: number, sampleCount: number, aloneS: number) {
  const random = new Random(seed)
  let samples: ClockSample[] = []
  let current: Discipline | undefined
  let previous = 0n
  let worstExcessNs = -Infinity
  let backwards = 0
  const read = (trueS: number): void => {
    if (current === undefined) return
    const localNs = localAt(ppm, trueS)
    const time = timeAt(current.segments, localNs)
    if (time < previous) backwards++
    previous = time
    const boundNs = current.maxErrorNs + current.maxErrorRate * Number(localNs - current.asOfNs)
    worstExcessNs = Math.max(worstExcessNs, Math.abs(Number(time - trueAt(trueS))) - boundNs)
  }
  for (let count = 0; count < sampleCount; count++) {
    const trueS = count * 0.5
    const maxErrorNs = random.between(20_000, 60_000)
    const timeNs = trueAt(trueS) + BigInt(Math.round(random.between(-0.5, 0.5) * maxErrorNs))
    samples = remember(samples, { localNs: localAt(ppm, trueS), timeNs, maxErrorNs })
    current = discipline(samples, current, localAt(ppm, trueS + 0.001), options)
    for (let step = 1; step <= 5; step++) read(trueS + step * 0.1)
  }
  for (let step = 0; step <= aloneS * 10; step++) read((sampleCount - 1) * 0.5 + 0.5 + step * 0.1)
  return { current: current!, worstExcessNs, backwards }
}

describe('a disciplined clock', () => {
  test('is right at once after its first sample, at the local clock’s own pace', () => {
    const first = discipline(
      [{ localNs: 5n * SECOND, timeNs: TRUE_BEGAN, maxErrorNs: 1000 }],
      undefined,
      6n * SECOND,
      options,
    )
    expect(timeAt(first.segments, 7n * SECOND)).toBe(TRUE_BEGAN + 2n * SECOND)
    expect(first).toMatchObject({ frequency: 0, maxErrorNs: 1000, correctionNs: 0, stepped: false })
    expect(first.maxErrorRate).toBeCloseTo(515e-6, 12)
  })

  test.each([100, -100, 0, 333])('knows a drift of %i ppm to half a ppm after 20 s', (ppm) => {
    for (let seed = 1; seed <= 30; seed++) {
      const { current } = follow(seed, ppm, 40, 0)
      expect(Math.abs(current.frequency * 1e6 - ppm / (1 - ppm * 1e-6)), `seed ${seed}`).toBeLessThan(1.5)
    }
    const errors = Array.from({ length: 30 }, (_, seed) =>
      Math.abs(follow(seed, ppm, 40, 0).current.frequency * 1e6 - ppm),
    )
    expect(errors.sort((a, b) => a - b)[15]).toBeLessThan(0.5)
  })

  test('answers that waited in a queue turn the line little, however wide the bound that all have in common', () => {
    const errors = Array.from({ length: 30 }, (_, seed) => {
      const random = new Random(seed)
      const samples = Array.from({ length: 40 }, (_, count): ClockSample => {
        // Every other answer was kept waiting, on one way alone: all of its excess is error.
        const queuedNs = count % 2 === 0 ? random.between(10_000_000, 40_000_000) : random.between(0, 50_000)
        const timeNs = trueAt(count) + BigInt(Math.round(queuedNs))
        return { localNs: localAt(100, count), timeNs, maxErrorNs: 10_000_000 + queuedNs }
      })
      return Math.abs(discipline(samples, undefined, localAt(100, 39), options).frequency * 1e6 - 100)
    })
    expect(errors.sort((a, b) => a - b)[15]).toBeLessThan(4)
  })

  test('is within its own bound at all times, 60 s of running alone included, and never goes back', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { worstExcessNs, backwards } = follow(seed, new Random(seed).between(-450, 450), 40, 60)
      expect(worstExcessNs, `seed ${seed}`).toBeLessThanOrEqual(0)
      expect(backwards).toBe(0)
    }
  })

  test('corrects by running faster or slower, no more than it may, and then by its frequency alone', () => {
    const first = discipline([{ localNs: 0n, timeNs: TRUE_BEGAN, maxErrorNs: 1e6 }], undefined, 0n, options)
    const late = { localNs: SECOND, timeNs: TRUE_BEGAN + SECOND + 400_000n, maxErrorNs: 10 }
    const next = discipline([late], first, SECOND, options)
    expect(next.correctionNs).toBe(400_000)
    expect(next.segments.map(({ rate }) => rate)).toEqual([0, 500e-6, 0])
    // It begins 20 ms later, and takes 0.8 s.
    expect(next.segments.map(({ fromNs }) => fromNs)).toEqual([0n, 1_020_000_000n, 1_820_000_000n])
    expect(timeAt(next.segments, 1_020_000_000n)).toBe(timeAt(first.segments, 1_020_000_000n))
    expect(timeAt(next.segments, 3n * SECOND)).toBe(TRUE_BEGAN + 3n * SECOND + 400_000n)
    expect(next.maxErrorNs).toBe(400_010)
  })

  test('is set at once where the caller wants that for so large an error', () => {
    const first = discipline([{ localNs: 0n, timeNs: TRUE_BEGAN, maxErrorNs: 10 }], undefined, 0n, options)
    const late = { localNs: SECOND, timeNs: TRUE_BEGAN + 3n * SECOND, maxErrorNs: 10 }
    const next = discipline([late], first, SECOND, { maxSlew: 500e-6, stepNs: 1e9 })
    expect(next).toMatchObject({ stepped: true, correctionNs: 2e9, maxErrorNs: 10 })
    expect(timeAt(next.segments, 2n * SECOND)).toBe(TRUE_BEGAN + 4n * SECOND)
  })

  test('samples that contradict each other leave the frequency as uncertain as it was', () => {
    const samples = [
      { localNs: 0n, timeNs: TRUE_BEGAN, maxErrorNs: 10 },
      { localNs: SECOND, timeNs: TRUE_BEGAN + 2n * SECOND, maxErrorNs: 10 },
    ]
    expect(discipline(samples, undefined, SECOND, options).maxErrorRate).toBeGreaterThanOrEqual(515e-6)
  })

  test('where the line of all samples is off the latest one, the bound is as much wider', () => {
    const samples = [
      { localNs: 0n, timeNs: TRUE_BEGAN, maxErrorNs: 10 },
      { localNs: SECOND, timeNs: TRUE_BEGAN + SECOND, maxErrorNs: 10 },
      { localNs: 2n * SECOND, timeNs: TRUE_BEGAN + 2n * SECOND + 600n, maxErrorNs: 1000 },
    ]
    const { maxErrorNs, segments } = discipline(samples, undefined, 2n * SECOND, options)
    expect(Number(segments[0]!.timeNs - TRUE_BEGAN - 2n * SECOND)).toBeCloseTo(0, -1)
    expect(maxErrorNs).toBeGreaterThan(1590)
    expect(maxErrorNs).toBeLessThan(1610)
  })

  test('remembers 64 samples, and none that is older than an hour', () => {
    const at = (seconds: number): ClockSample => ({
      localNs: BigInt(seconds) * SECOND,
      timeNs: BigInt(seconds) * SECOND,
      maxErrorNs: 1,
    })
    let samples: ClockSample[] = []
    for (let count = 0; count < 100; count++) samples = remember(samples, at(count))
    expect(samples).toHaveLength(64)
    expect(remember(samples, at(99 + 3600)).map(({ localNs }) => localNs / SECOND)).toEqual([99n, 3699n])
  })

  test.each([
    ['a leap second', -1000],
    ['a step of the servers by 50 ms', 50],
    ['a night in which the local clock stood still', 30_000_000],
  ])('%s makes it forget what went before, but for the frequency', (_, jumpMs) => {
    let samples: ClockSample[] = []
    let current: Discipline | undefined
    const answer = (count: number, jumpNs: bigint): void => {
      const trueS = count * 64
      samples = remember(samples, {
        localNs: localAt(100, trueS),
        timeNs: trueAt(trueS) + jumpNs,
        maxErrorNs: 5_000_000,
      })
      current = discipline(samples, current, localAt(100, trueS), { ...options, stepNs: 1e6 })
    }
    for (let count = 0; count < 20; count++) answer(count, 0n)
    expect(samples).toHaveLength(20)
    for (let count = 20; count < 70; count++) {
      answer(count, BigInt(jumpMs) * 1_000_000n)
      expect(samples).toHaveLength(count - 19)
      expect(current!.frequency * 1e6).toBeCloseTo(100, 1)
      const soonNs = localAt(100, count * 64 + 60)
      const wrongByNs = timeAt(current!.segments, soonNs) - trueAt(count * 64 + 60) - BigInt(jumpMs) * 1_000_000n
      expect(Math.abs(Number(wrongByNs))).toBeLessThan(10_000)
    }
  })
})
