// How often a client may ask. Each has a bucket of tokens that fills slowly and that requests empty; a client that finds it
// empty is told so once (RATE, RFC 5905 §7.4) and then no more, so that a flood under a forged address is not passed on.

import { quoted } from '@plainwire/socket-utils/errors'

export interface RateLimitOptions {
  /** A request every so many ms is always answered. Above 0; a second or more is usual. */
  readonly intervalMs: number
  /** So many requests at once are answered, too; 1 or more, default 8: a client begins with a few. */
  readonly burst?: number
  /** Clients that are remembered, 1 or more, default 4096: beyond that the one that asked longest ago is forgotten. */
  readonly maxClients?: number
}

export type RateVerdict = 'answer' | 'kiss' | 'ignore'

/** Kept as moments rather than as tokens, whose fractions would add up to a little less than one. */
interface Bucket {
  /** When it will be full: each answer puts this off by an interval, and a burst's worth of them empties the bucket. */
  readonly fullAtMs: number
  /** No kiss before this. */
  readonly kissFromMs: number
}

export class RateLimit {
  readonly intervalMs: number
  readonly #burst: number
  readonly #maxClients: number
  /** In the order of the latest request. */
  readonly #buckets = new Map<string, Bucket>()

  /** RangeError for options out of their range. */
  constructor({ intervalMs, burst = 8, maxClients = 4096 }: RateLimitOptions) {
    if (!(typeof intervalMs === 'number' && intervalMs > 0 && intervalMs <= MOST_INTERVAL_MS)) {
      throw new RangeError(
        `rateLimit.intervalMs must be above 0 and at most ${MOST_INTERVAL_MS}, got ${quoted(intervalMs)}`,
      )
    }
    for (const [name, value] of Object.entries({ burst, maxClients })) {
      if (!(Number.isInteger(value) && value >= 1)) {
        throw new RangeError(`rateLimit.${name} must be a whole number from 1, got ${quoted(value)}`)
      }
    }
    this.intervalMs = intervalMs
    this.#burst = burst
    this.#maxClients = maxClients
  }

  /** What to do with a request of `client` at `nowMs`, of a clock that does not go back. */
  judge(client: string, nowMs: number): RateVerdict {
    const before = this.#buckets.get(client) ?? { fullAtMs: nowMs, kissFromMs: nowMs }
    const fullAtMs = Math.max(nowMs, before.fullAtMs)
    const isEmpty = fullAtMs - nowMs > (this.#burst - 1) * this.intervalMs
    const verdict = !isEmpty ? 'answer' : nowMs >= before.kissFromMs ? 'kiss' : 'ignore'
    this.#buckets.delete(client)
    this.#buckets.set(client, {
      fullAtMs: isEmpty ? fullAtMs : fullAtMs + this.intervalMs,
      kissFromMs: verdict === 'kiss' ? nowMs + this.intervalMs : before.kissFromMs,
    })
    if (this.#buckets.size > this.#maxClients) this.#forgetOldest()
    return verdict
  }

  #forgetOldest(): void {
    for (const client of this.#buckets.keys()) {
      this.#buckets.delete(client)
      return
    }
  }
}

/** 2¹⁷ s, the longest interval that NTP has. */
const MOST_INTERVAL_MS = 131_072_000
