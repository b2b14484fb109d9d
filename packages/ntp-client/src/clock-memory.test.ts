import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { clockMemory, ClockReader, writeClock } from './clock-memory.ts'
import { type Discipline } from './protocol/discipline.ts'

const TRUE = 1_795_350_908_123_456_789n
const settled = (changes: Partial<Discipline> = {}): Discipline => ({
  segments: [{ fromNs: 5_000_000_000n, timeNs: TRUE, rate: 0.25 }],
  maxErrorNs: 20_000.5,
  maxErrorRate: 1e-3,
  asOfNs: 4_000_000_000n,
  frequency: -123.4e-6,
  correctionNs: 0,
  stepped: false,
  ...changes,
})

/** A monotonic clock that stands where it was put; the cheap one has begun 4 s later. */
function standing(atNs: bigint) {
  const clock = { atNs, ns: () => clock.atNs, ms: () => Number(clock.atNs) / 1e6 - 4000 }
  return clock
}

describe('a clock in shared memory', () => {
  test('is read as it was written', () => {
    const clock = standing(5_000_004_000n)
    const memory = clockMemory()
    writeClock(memory, 'synchronized', 2, settled())
    const reader = new ClockReader(memory, clock)
    expect(reader.nowNs()).toBe(TRUE + 5000n)
    expect(reader.now()).toBe(Number(TRUE + 5000n) / 1e6)
    expect(reader.state).toBe('synchronized')
    expect(reader.leap).toBe(2)
    expect(reader.frequencyPpm).toBeCloseTo(-123.4, 6)
    clock.atNs = 6_000_000_000n
    expect(reader.maxErrorMs).toBeCloseTo(0.020001 + 2, 6)
  })

  test('each reading is later than the one before, though the time itself stands still or goes back', () => {
    const memory = clockMemory()
    writeClock(memory, 'synchronized', 0, settled())
    const reader = new ClockReader(memory, standing(5_000_000_000n))
    expect([reader.nowNs(), reader.nowNs(), reader.nowNs()]).toEqual([TRUE, TRUE + 1n, TRUE + 2n])
    writeClock(memory, 'synchronized', 0, settled({ segments: [{ fromNs: 0n, timeNs: 5n, rate: 0 }] }))
    expect(reader.nowNs()).toBe(TRUE + 3n)
  })

  test('while it is set forward the bound holds what is still to come', () => {
    const memory = clockMemory()
    const forward = [
      { fromNs: 5_000_000_000n, timeNs: TRUE, rate: 0 },
      { fromNs: 5_020_000_000n, timeNs: TRUE + 10_020_000_000n, rate: 0 },
    ]
    writeClock(memory, 'synchronized', 0, settled({ segments: forward, maxErrorNs: 0, maxErrorRate: 0 }))
    const clock = standing(5_001_000_000n)
    const reader = new ClockReader(memory, clock)
    expect(reader.maxErrorMs).toBe(10_000)
    clock.atNs = 5_020_000_000n
    expect(reader.maxErrorMs).toBe(0)
  })

  test.each(['now', 'nowNs'] as const)(
    'while %s stands still after it was set back, the bound says by how much',
    (now) => {
      const memory = clockMemory()
      const back = [
        { fromNs: 5_000_000_000n, timeNs: TRUE, rate: 0 },
        { fromNs: 5_020_000_000n, timeNs: TRUE - 9_980_000_000n, rate: 0 },
      ]
      const clock = standing(5_019_000_000n)
      writeClock(memory, 'synchronized', 0, settled({ segments: back, maxErrorNs: 0, maxErrorRate: 0 }))
      const reader = new ClockReader(memory, clock)
      reader[now]()
      clock.atNs += 501_000_000n
      expect(reader.maxErrorMs).toBeCloseTo(9_499, 3)
      clock.atNs += 10_000_000_000n
      expect(reader.maxErrorMs).toBeCloseTo(0, 3)
      expect(new ClockReader(memory, clock).maxErrorMs).toBe(0)
    },
  )

  test('milliseconds follow each segment as it comes into force, and a discipline that is written meanwhile', () => {
    const memory = clockMemory()
    const segments = [
      { fromNs: 5_000_000_000n, timeNs: TRUE, rate: 0.25 },
      { fromNs: 6_000_000_000n, timeNs: TRUE + 1_250_000_000n, rate: -0.5 },
      { fromNs: 7_000_000_000n, timeNs: TRUE + 1_750_000_000n, rate: 0 },
    ]
    writeClock(memory, 'synchronized', 0, settled({ segments }))
    const clock = standing(4_999_000_000n) // the first segment counts backwards, too
    const reader = new ClockReader(memory, clock)
    const sinceMs = (): number => reader.now() - Number(TRUE) / 1e6
    for (const [atMs, expected] of [
      [4999, -1.25],
      [5400, 500],
      [5999, 1248.75],
      [6000, 1250],
      [6800, 1650],
      [9000, 3750],
    ] as const) {
      clock.atNs = BigInt(atMs) * 1_000_000n
      expect(sinceMs()).toBeCloseTo(expected, 3)
      expect(reader.nowNs()).toBe(TRUE + BigInt(expected * 1e6))
    }
    writeClock(memory, 'synchronized', 0, settled({ segments: [{ fromNs: 0n, timeNs: TRUE, rate: 0 }] }))
    expect(sinceMs()).toBeCloseTo(9000, 3)
    writeClock(memory, 'synchronized', 0, settled({ segments: [{ fromNs: 0n, timeNs: 5n, rate: 0 }] }))
    expect(sinceMs()).toBeCloseTo(9000, 3) // it does not go back
  })

  test('the two clocks are matched at the closest of their readings', () => {
    const memory = clockMemory()
    writeClock(memory, 'synchronized', 0, settled({ segments: [{ fromNs: 0n, timeNs: TRUE, rate: 0 }] }))
    const ms = [0, 9, 100, 103, 200, 200.002, 300, 307, 400, 401, 500]
    const ns = [1n, 101_000_000n, 200_001_000n, 303_000_000n, 400_000_000n]
    const reader = new ClockReader(memory, { ms: () => ms.shift() ?? NaN, ns: () => ns.shift() ?? 0n })
    expect(reader.now() - Number(TRUE) / 1e6).toBeCloseTo(500, 3)
  })

  test('a new state without a new discipline leaves the time as it was', () => {
    const memory = clockMemory()
    writeClock(memory, 'synchronized', 0, settled())
    const reader = new ClockReader(memory, standing(5_000_000_000n))
    writeClock(memory, 'holdover', 1)
    expect([reader.state, reader.leap, reader.nowNs()]).toEqual(['holdover', 1, TRUE])
  })

  test('is never read in the middle of being written', async () => {
    const memory = clockMemory()
    // Of each discipline the bound at this moment is the same, if all that it is made of was read together.
    const atNs = 1_000_000_000
    const write = (count: number): void => {
      writeClock(memory, 'synchronized', 0, settled({ maxErrorNs: count, maxErrorRate: 1, asOfNs: BigInt(count) }))
    }
    write(1)
    const source = `
      const { parentPort, workerData } = require('node:worker_threads')
      import(workerData.module).then(({ ClockReader }) => {
        const reader = new ClockReader(workerData.memory, { ns: () => ${atNs}n, ms: () => 0 })
        let torn = 0, reads = 0
        parentPort.on('message', () => parentPort.postMessage({ torn, reads }))
        parentPort.postMessage('ready')
        const read = () => {
          for (let count = 0; count < 500; count++, reads++) if (reader.maxErrorMs !== ${atNs / 1e6}) torn++
          setImmediate(read)
        }
        read()
      })`
    const worker = new Worker(source, {
      eval: true,
      workerData: { memory, module: new URL('clock-memory.ts', import.meta.url).href },
    })
    await new Promise((resolve) => worker.once('message', resolve))
    for (let count = 2; count < 100_000; count++) write(count)
    const verdict = new Promise((resolve) => worker.once('message', resolve))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage('done')
    const { torn, reads } = (await verdict) as { torn: number; reads: number }
    await worker.terminate()
    expect(torn).toBe(0)
    expect(reads).toBeGreaterThan(0)
  })
})
