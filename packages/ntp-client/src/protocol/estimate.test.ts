import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSample } from './exchange.ts'
import { estimate, type TimedSample } from './estimate.ts'
import { fromUnixNanoseconds } from './timestamp.ts'

const MS = 1_000_000n
const NOW = 1_795_350_908_123n * MS
const LOCAL_MS = 2 ** -18 * 1000

/** A sample as an exchange gives it: the way there and back and the stay in the server, in ns; the clock 300 ms behind. */
function sample(outNs: bigint, backNs: bigint, header: Partial<TimedSample['header']> = {}, t1Ns = NOW): TimedSample {
  const t2Ns = t1Ns + 300n * MS + outNs
  const t3Ns = t2Ns + 2n * MS
  const t4Ns = t1Ns + outNs + 2n * MS + backNs
  const stamps = { receiveTimestamp: fromUnixNanoseconds(t2Ns), transmitTimestamp: fromUnixNanoseconds(t3Ns) }
  const measured = readSample(stamps, fromUnixNanoseconds(t1Ns), fromUnixNanoseconds(t4Ns))
  const full = { precision: -20, rootDelay: 0, rootDispersion: 0, stratum: 2, ...header }
  const delayNs = measured.delayNs < 0n ? 0n : measured.delayNs
  return { ...measured, delayNs, header: full, t1Ns, t2Ns, t3Ns, t4Ns }
}

describe('what the samples of one server are worth', () => {
  const header = { precision: -10, rootDelay: 0x0000_8000, rootDispersion: 0x0000_4000 } // 0.98, 500 and 250 ms

  test('dispersion is what both clocks resolve, and 15 ppm of the time since the request', () => {
    const only = sample(30n * MS, 18n * MS, header)
    expect(estimate([only], only.t4Ns).dispersionMs).toBeCloseTo(1000 / 1024 + LOCAL_MS + 50 * 15e-6, 9)
    expect(estimate([only], NOW + 10_000n * MS).dispersionMs).toBeCloseTo(1000 / 1024 + LOCAL_MS + 0.15, 9)
  })

  test('jitter is the root mean square of the differences from the best sample, and at least the precision', () => {
    const best = sample(4n * MS, 4n * MS)
    const samples = [sample(10n * MS, 4n * MS), best, sample(4n * MS, 12n * MS), sample(6n * MS, 6n * MS)] // +3, 0, −4, 0
    expect(estimate(samples, NOW).jitterMs).toBeCloseTo(5 / Math.sqrt(3), 6)
    expect(estimate([best], NOW).jitterMs).toBe(1000 / 2 ** 20 + LOCAL_MS)
    expect(estimate(samples, NOW).best).toBe(best)
  })

  test('root distance is half of all delays, all dispersions and jitter; maxError leaves luck out and allows 500 ppm', () => {
    const only = sample(30n * MS, 18n * MS, header)
    const { rootDistanceMs, maxErrorMs, dispersionMs, jitterMs } = estimate([only], NOW + 1000n * MS)
    expect(rootDistanceMs).toBeCloseTo(250 + 24 + 250 + dispersionMs + jitterMs, 9)
    expect(maxErrorMs).toBeCloseTo(250 + 24 + 250 + 1000 / 1024 + LOCAL_MS + 0.5, 9)
  })

  test('time that the server claims to have spent and did not have is added to its error', () => {
    const before = sample(0n, 0n)
    const impossible = { ...before, t4Ns: before.t4Ns - 7n * MS }
    const moreMs = estimate([impossible], NOW).maxErrorMs - estimate([before], NOW).maxErrorMs
    expect(moreMs).toBeCloseTo(7, 9)
  })

  test('there is none of no samples', () => {
    expect(() => estimate([], NOW)).toThrow(new RangeError('samples must be one or more, got none'))
  })

  test('the truth lies within maxError, whatever the two ways took, however coarse the server’s clock, at any drift', () => {
    const way = fc.bigInt({ min: 0n, max: 3000n * MS })
    const drift = fc.double({ min: -500e-6, max: 500e-6, noNaN: true })
    const years = fc.bigInt({ min: -60n, max: 60n })
    fc.assert(
      fc.property(
        way,
        way,
        way,
        fc.integer({ min: -25, max: -6 }),
        drift,
        years,
        way,
        (out, stay, back, precision, drift, years, later) => {
          const offsetNs = years * 31_556_952_000n * MS + 300n * MS
          // The server's clock is true and ticks; the local one is behind, and drifts from T1 on.
          const tick = BigInt(Math.floor(2 ** precision * 1e9))
          const server = (trueNs: bigint): bigint => ((NOW + trueNs) / tick) * tick
          const local = (trueNs: bigint): bigint => NOW + trueNs - offsetNs - BigInt(Math.round(Number(trueNs) * drift))
          const [t1Ns, t4Ns] = [local(0n), local(out + stay + back)]
          const [t2Ns, t3Ns] = [server(out), server(out + stay)]
          const stamps = { receiveTimestamp: fromUnixNanoseconds(t2Ns), transmitTimestamp: fromUnixNanoseconds(t3Ns) }
          const measured = readSample(stamps, fromUnixNanoseconds(t1Ns), fromUnixNanoseconds(t4Ns))
          const header = { precision, rootDelay: 0, rootDispersion: 0, stratum: 1 }
          const atNs = out + stay + back + later
          const { maxErrorMs } = estimate([{ ...measured, header, t1Ns, t2Ns, t3Ns, t4Ns }], local(atNs))
          const wrongByNs = measured.offsetNs - (NOW + atNs - local(atNs))
          expect(Math.abs(Number(wrongByNs)) / 1e6).toBeLessThanOrEqual(maxErrorMs)
        },
      ),
      { numRuns: 3000 },
    )
  })
})
