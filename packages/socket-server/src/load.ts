// `@plainwire/socket-server/load`: how many requests a server answers, and how long it takes. In one thread of its own
// process at best; when that thread is what limits the figures, they say so.

import { NetworkError, quoted, type WireError } from '@plainwire/socket-utils/errors'
import { type Exchange, LoadConnection } from './load-connection.ts'
import { exchangeWith } from './load-target.ts'
import { wholeNumber } from './options.ts'
import { Histogram } from './protocol/histogram.ts'

export { type LoadErrorCode } from './protocol/reply.ts'

/** How many, how long, and by which clock. RangeError for a number out of its range. */
export interface LoadOptions {
  /** At the same time, one request on each. 1 or more, default 64. */
  readonly connections?: number | undefined
  /** Milliseconds, default 10,000. */
  readonly durationMs?: number | undefined
  /**
   * Requests a second, all connections together, sent when they are due whether or not the server keeps up, and their latency
   * counted from then. Without it each connection sends as soon as it has its reply: a server that stalls is then asked
   * less, and what it kept waiting does not show in the latency.
   */
  readonly rate?: number | undefined
  /** Of a message to an echo server. Bytes, 1 or more, default 64. */
  readonly messageBytes?: number | undefined
  /** Ends the run early, with what was measured until then. */
  readonly signal?: AbortSignal | undefined
}

/** Milliseconds; NaN where nothing was measured. Right to 1 part in 128. */
export interface Latency {
  readonly min: number
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** What one run has measured. */
export interface LoadReport {
  /** How long it ran. */
  readonly durationMs: number
  readonly requests: number
  readonly replies: number
  readonly repliesPerSecond: number
  /** From when a request was due, with `rate`; otherwise from when it was sent. To the end of its reply. */
  readonly latency: Latency
  /**
   * How many of the replies took less than `upToUs` microseconds, and not less than the bucket before: each its own count, not
   * those below it as well. The bounds are the same in every report, four to a doubling (…, 64, 80, 96, 112, 128, 160, …; below 4
   * every microsecond), so that reports can be added up and neighbours taken together. Up to 2^31; the first and the last bucket
   * hold something; empty where nothing was measured.
   */
  readonly histogram: readonly { readonly upToUs: number; readonly count: number }[]
  /** What is wrong with the latency: `no-schedule` without `rate`, where a stall hides the requests that it prevents. */
  readonly omission: 'none' | 'no-schedule'
  /** Requests that had fallen due and were not sent by the end, most of them behind a reply that had not come. */
  readonly unsent: number
  /** By code, such as `connection-reset`, `load/bad-reply` or `http-503`. */
  readonly errors: Readonly<Record<string, number>>
  readonly bytesSent: number
  readonly bytesReceived: number
  /** What kept the figures from being better. `generator`: this thread had no time left; run more of them. */
  readonly limitedBy: 'generator' | 'server' | 'rate'
  readonly generator: {
    /** Part of the time in which its thread had something to do, 0 to 1. From 0.85 it is taken for the limit. */
    readonly utilization: number
    /** How much later than due requests were sent that nothing but this thread held up. Not in the latency. */
    readonly lateness: Latency
  }
}

/** Where the generator's own queue would be most of what it measures. */
const BUSY = 0.85
/** A schedule that is kept up to this part, or to one reply that is still on its way, is the limit. */
const KEPT = 0.99

/**
 * Puts load on a server that echoes (`tcp://127.0.0.1:8888`, `127.0.0.1:8888`) or answers HTTP GET (`http://host:port/path`)
 * and measures it. Rejects with the NetworkError if no connection ever came about; what breaks later is counted.
 * TypeError for a target of another kind.
 */
export async function generateLoad(target: string, options: LoadOptions = {}): Promise<LoadReport> {
  const exchange = exchangeWith(target, options.messageBytes)
  const count = wholeNumber('connections', options.connections ?? 64, 1, 65535)
  const durationMs = wholeNumber('durationMs', options.durationMs ?? 10_000, 1, 0x7fff_ffff)
  const { rate, signal } = options
  if (rate !== undefined && !(rate > 0 && rate < Infinity)) {
    throw new RangeError(`rate must be above 0, got ${quoted(rate)}`)
  }
  signal?.throwIfAborted()
  return new Run(exchange, count, durationMs, rate).result(signal)
}

class Run {
  readonly #exchange: Exchange
  readonly #durationMs: number
  /** Between two requests of one connection; undefined where the next follows the reply. */
  readonly #periodMs: number | undefined
  readonly #connections: LoadConnection[]
  /** How many requests of each connection were sent: the next one's place in its schedule. */
  readonly #sent: Uint32Array
  readonly #latency = new Histogram()
  readonly #lateness = new Histogram()
  readonly #errors = new Map<string, number>()
  readonly #over = Promise.withResolvers<void>()
  #firstError: WireError | undefined
  #connected = false
  #replies = 0
  #startedAt = 0
  #tick: NodeJS.Timeout | undefined

  constructor(exchange: Exchange, count: number, durationMs: number, rate: number | undefined) {
    this.#exchange = exchange
    this.#durationMs = durationMs
    this.#periodMs = rate === undefined ? undefined : (count * 1000) / rate
    this.#sent = new Uint32Array(count)
    this.#connections = Array.from({ length: count }, (_, index) => new LoadConnection(index, exchange, this.#events))
  }

  async result(signal: AbortSignal | undefined): Promise<LoadReport> {
    const before = performance.eventLoopUtilization()
    this.#startedAt = performance.now()
    const end = (): void => this.#over.resolve()
    const timer = setTimeout(end, this.#durationMs)
    signal?.addEventListener('abort', end, { once: true })
    if (this.#periodMs !== undefined) this.#tick = setInterval(() => this.#sendDue(), 1)
    for (const connection of this.#connections) connection.connect()
    try {
      await this.#over.promise
    } finally {
      clearTimeout(timer)
      clearInterval(this.#tick)
      signal?.removeEventListener('abort', end)
      for (const connection of this.#connections) connection.close()
    }
    if (!this.#connected && this.#firstError) throw this.#firstError
    if (!this.#connected && !signal?.aborted) throw this.#unanswered()
    return this.#report(performance.now(), performance.eventLoopUtilization(before).utilization)
  }

  /** The kernel still waits for an answer to its SYN. */
  #unanswered(): WireError {
    const { host, port } = this.#exchange
    return new NetworkError('timed-out', `connect to ${host}:${port}: timed out after ${this.#durationMs} ms`)
  }

  readonly #events = {
    idle: (connection: LoadConnection): void => {
      this.#connected = true
      const now = performance.now()
      if (this.#periodMs === undefined) this.#send(connection, now, now)
      // Due while its connection was busy: the server's doing, so that the time since then counts.
      else if (this.#dueAt(connection) <= now) this.#send(connection, this.#dueAt(connection), now)
    },
    replied: (connection: LoadConnection, statusCode: number | undefined): void => {
      this.#replies += 1
      this.#latency.record((performance.now() - connection.dueAt) * 1000)
      if (statusCode !== undefined && statusCode >= 400) this.#count(`http-${statusCode}`)
    },
    failed: (_: LoadConnection, error: WireError): void => {
      this.#firstError ??= error
      this.#count(error.code)
    },
  }

  /** Sends what has become due on connections that had nothing to wait for. */
  #sendDue(): void {
    const now = performance.now()
    for (const connection of this.#connections) {
      const dueAt = this.#dueAt(connection)
      if (dueAt > now || !connection.idle) continue
      this.#lateness.record((now - dueAt) * 1000)
      this.#send(connection, now, now)
    }
  }

  /** When the next request of a connection is due: the schedules of all are spread over one period. */
  #dueAt({ index }: LoadConnection): number {
    const period = this.#periodMs ?? 0
    return this.#startedAt + ((this.#sent[index] ?? 0) + index / this.#connections.length) * period
  }

  #send(connection: LoadConnection, dueAt: number, now: number): void {
    const { index } = connection
    this.#sent[index] = (this.#sent[index] ?? 0) + 1
    connection.send(dueAt, now)
  }

  #count(code: string): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1)
  }

  #report(endedAt: number, utilization: number): LoadReport {
    const durationMs = endedAt - this.#startedAt
    const requests = this.#sent.reduce((sum, sent) => sum + sent, 0)
    const period = this.#periodMs
    const due =
      period === undefined
        ? requests
        : this.#connections.reduce((sum, { index }) => {
            const offset = (index / this.#connections.length) * period
            return sum + Math.max(0, Math.floor((durationMs - offset) / period) + 1)
          }, 0)
    const sum = (field: 'bytesSent' | 'bytesReceived'): number =>
      this.#connections.reduce((sum, connection) => sum + connection[field], 0)
    return {
      durationMs,
      requests,
      replies: this.#replies,
      repliesPerSecond: (this.#replies / durationMs) * 1000,
      latency: latencyOf(this.#latency),
      histogram: this.#latency.buckets().map(({ below, count }) => ({ upToUs: below, count })),
      omission: period === undefined ? 'no-schedule' : 'none',
      unsent: Math.max(0, due - requests),
      errors: Object.fromEntries(this.#errors),
      bytesSent: sum('bytesSent'),
      bytesReceived: sum('bytesReceived'),
      limitedBy:
        utilization >= BUSY
          ? 'generator'
          : period !== undefined && due - this.#replies <= Math.max(1, (1 - KEPT) * due)
            ? 'rate'
            : 'server',
      generator: { utilization, lateness: latencyOf(this.#lateness) },
    }
  }
}

/** From microseconds. */
function latencyOf(histogram: Histogram): Latency {
  const percentile = (percent: number): number => histogram.percentile(percent) / 1000
  return {
    min: histogram.least / 1000,
    mean: histogram.mean / 1000,
    p50: percentile(50),
    p90: percentile(90),
    p99: percentile(99),
    p999: percentile(99.9),
    max: histogram.most / 1000,
  }
}
