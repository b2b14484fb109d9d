// Which of several samples to believe, and how long a sample is worth waiting for. Network delay only ever adds: of the
// samples from one server the one with the least delay has the least room for error (RFC 5905 §10, the clock filter).

import { type NtpSample } from './exchange.ts'

/** A slower answer than this cannot matter once there is a faster one; generous, for the local machine stalls too. */
const LEAST_WAIT_MS = 500

/** The sample with the least delay, the first of equals; undefined for none. */
export function leastDelay<Sample extends NtpSample>(samples: readonly Sample[]): Sample | undefined {
  return samples.reduce<Sample | undefined>(
    (best, sample) => (best === undefined || sample.delayNs < best.delayNs ? sample : best),
    undefined,
  )
}

/**
 * How long the next exchange may wait for its answer. A lost datagram must leave time for another: each exchange gets
 * half of what remains. Once a sample is there, an answer that takes four times as long would never be chosen, and is not
 * waited for.
 */
export function answerTimeoutMs(remainingMs: number, best: NtpSample | undefined): number {
  const fair = remainingMs < LEAST_WAIT_MS ? remainingMs : remainingMs / 2
  if (best === undefined) return fair
  return Math.min(fair, Math.max(LEAST_WAIT_MS, (4 * Number(best.delayNs)) / 1e6))
}
