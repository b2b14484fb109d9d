// What the samples of one server are worth together: the best of them, and how far it may be from the truth.

import { leastDelay } from './clock-filter.ts'
import { type NtpSample } from './exchange.ts'
import { type NtpPacket } from './packet.ts'
import { shortToMilliseconds } from './timestamp.ts'

/** Φ, RFC 5905 §7.2: 15 µs per second, what a clock that is kept right may drift. */
const TOLERANCE = 15e-6
/** MAXFREQ, RFC 5905 A.1.1: no clock that works drifts, or is slewed, by more than 500 µs per second. */
const MOST_DRIFT = 500e-6
/** ρ, what the local clock is anchored to: 4 µs. */
const LOCAL_PRECISION_MS = 2 ** -18 * 1000

/** A sample with the four times that it came from, in nanoseconds since 1970, and the answer itself. */
export interface TimedSample extends NtpSample {
  readonly header: Pick<NtpPacket, 'precision' | 'rootDelay' | 'rootDispersion' | 'stratum'>
  readonly t1Ns: bigint
  readonly t2Ns: bigint
  readonly t3Ns: bigint
  readonly t4Ns: bigint
}

/** All in milliseconds. */
export interface Estimate {
  /** What reading both clocks and their drift since may amount to. ε, RFC 5905 §8. */
  readonly dispersionMs: number
  /** How much the samples differ from the best one (root mean square), at least the clock's precision. ψ, RFC 5905 §10. */
  readonly jitterMs: number
  /** Half of the way to the reference clock and back, all dispersions, and jitter. Λ, RFC 5905 A.5.5.2, without a floor. */
  readonly rootDistanceMs: number
  /**
   * The true offset lies within offsetMs ± maxErrorMs, as long as the server is right within the bound that it claims and
   * neither clock drifts by more than 500 ppm.
   */
  readonly maxErrorMs: number
}

/**
 * `samples` are one server's, at least one; `nowNs` is the local time at which the offset is to hold, not before the best
 * sample. The bound holds without any luck: however the delay was split between the two ways, and however late a
 * timestamp was cut.
 */
export function estimate<Sample extends TimedSample>(
  samples: readonly Sample[],
  nowNs: bigint,
): Estimate & { readonly best: Sample } {
  const best = leastDelay(samples)
  if (best === undefined) throw new RangeError('samples must be one or more, got none')
  const { precision, rootDelay, rootDispersion } = best.header
  const readingMs = 2 ** precision * 1000 + LOCAL_PRECISION_MS + impossibleMs(best)
  const sinceMs = milliseconds(nowNs - best.t1Ns)
  const pathMs = (shortToMilliseconds(rootDelay) + milliseconds(best.delayNs)) / 2 + shortToMilliseconds(rootDispersion)
  const dispersionMs = readingMs + TOLERANCE * sinceMs
  const jitterMs = Math.max(rms(samples.map(({ offsetNs }) => milliseconds(offsetNs - best.offsetNs))), readingMs)
  return {
    best,
    dispersionMs,
    jitterMs,
    rootDistanceMs: pathMs + dispersionMs + jitterMs,
    maxErrorMs: pathMs + readingMs + MOST_DRIFT * sinceMs,
  }
}

/** By how much the server claims to have taken longer than there was time: coarse clocks do, and their error is no less. */
function impossibleMs({ t1Ns, t2Ns, t3Ns, t4Ns }: TimedSample): number {
  const delayNs = t4Ns - t1Ns - (t3Ns - t2Ns)
  return delayNs < 0n ? milliseconds(-delayNs) : 0
}

/** One of the differences is the best sample's with itself. */
function rms(differences: readonly number[]): number {
  const sum = differences.reduce((sum, difference) => sum + difference ** 2, 0)
  return Math.sqrt(sum / Math.max(1, differences.length - 1))
}

function milliseconds(ns: bigint): number {
  return Number(ns) / 1e6
}
