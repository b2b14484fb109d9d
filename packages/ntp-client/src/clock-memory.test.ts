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

describe('a clock in shared memory', () => {
  test('is read as it was written', () => {
    let monotonicNs = 5_000_004_000n
    const memory = clockMemory()
    writeClock(memory, 'synchronized', 2, settled())
    const reader = new ClockReader(memory, () => monotonicNs)
    expect(reader.nowNs()).toBe(TRUE + 5000n)
    expect(reader.now()).toBe(Number(TRUE + 5001n) / 1e6)
    expect(reader.state).toBe('synchronized')
    expect(reader.leap).toBe(2)
    expect(reader.frequencyPpm).toBeCloseTo(-123.4, 6)
    monotonicNs = 6_000_000_000n
    expect(reader.maxErrorMs).toBeCloseTo(0.020001 + 2, 6)
  })

  test('each reading is later than the one before, though the time itself stands still or goes back', () => {
    const memory = clockMemory()
    writeClock(memory, 'synchronized', 0, settled())
    const reader = new ClockReader(memory, () => 5_000_000_000n)
    expect([reader.nowNs(), reader.nowNs(), reader.nowNs()]).toEqual([TRUE, TRUE + 1n, TRUE + 2n])
    writeClock(memory, 'synchronized', 0, settled({ segments: [{ fromNs: 0n, timeNs: 5n, rate: 0 }] }))
    expect(reader.nowNs()).toBe(TRUE + 3n)
  })

  test('a new state without a new discipline leaves the time as it was', () => {
    const memory = clockMemory()
    writeClock(memory, 'synchronized', 0, settled())
    const reader = new ClockReader(memory, () => 5_000_000_000n)
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
        const reader = new ClockReader(workerData.memory, () => ${atNs}n)
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
