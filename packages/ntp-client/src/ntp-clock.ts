// A clock that stays right: kept in a thread of its own, so that a busy main thread does not delay its timestamps.

import { EventEmitter } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { NetworkError, ProtocolError, quoted, type NetworkErrorCode } from '@plainwire/socket-utils/errors'
import { clockMemory, ClockReader, writeClock, type ClockState } from './clock-memory.ts'
import { type ClockMessage, type ClockWorkerData, type Failure } from './clock-worker-data.ts'
import { type SymmetricKey } from './protocol/key-file.ts'
import { kissOfDeath } from './protocol/kiss-of-death.ts'

/** How often and whom the clock asks, and how fast it may mend an error. RangeError for what is out of range. */
export interface NtpClockOptions {
  /** Exchanges with each server each time, 1 to 64; default 8. */
  readonly samples?: number
  /** For each attempt, the first included; default 5000. */
  readonly timeoutMs?: number
  /** How many servers must agree; default more than half. */
  readonly quorum?: number
  /** The key of each server that has one, by the server's name as given; TypeError for another name. */
  readonly keys?: Readonly<Record<string, SymmetricKey>>
  /** The first pause between two attempts, default 2000; doubled each time up to `maxIntervalMs`, default 64_000. */
  readonly minIntervalMs?: number
  readonly maxIntervalMs?: number
  /** How much faster or slower time runs while an error is corrected, in parts per million; default 500. */
  readonly maxSlewPpm?: number
  /** A larger error is corrected at once instead: forward by a jump, backward by standing still. Default: never. */
  readonly stepMs?: number
  /** Closes the clock. */
  readonly signal?: AbortSignal
}

/**
 * What NtpClock emits. None of them needs a listener: a failure is not an `error` event, since the clock runs on, with
 * `maxErrorMs` growing.
 */
export interface NtpClockEvents {
  /** After each answer: by how much the clock was off, and is being corrected. */
  update: [{ readonly correctionMs: number; readonly survivors: readonly string[] }]
  /** The clock was set at once, by so many ms. */
  step: [correctionMs: number]
  /** The servers announce a leap second (1 or 2), or no longer do (0). */
  leap: [leap: number]
  /** A server that cannot be right if the majority is. */
  falseticker: [server: string]
  /** An attempt found no time; the clock runs on by what it knew. */
  failure: [error: Error]
}

/**
 * Time that `synchronize` keeps right in the background. `now()` costs about as much as Date.now(), is not affected by the
 * machine's clock being set, and can be read in any thread from `handle`.
 */
export class NtpClock extends EventEmitter<NtpClockEvents> implements AsyncDisposable {
  /** For a `new ClockReader(handle)` in any thread of this process. */
  readonly handle: SharedArrayBuffer
  readonly #reader: ClockReader
  readonly #worker: Worker
  readonly #signal: AbortSignal | undefined
  readonly #exited: Promise<void>
  readonly #abort = (): void => void this.close()
  #leap = 0

  private constructor(handle: SharedArrayBuffer, worker: Worker, signal: AbortSignal | undefined) {
    super()
    this.handle = handle
    this.#worker = worker
    this.#signal = signal
    this.#reader = new ClockReader(handle)
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()))
    signal?.addEventListener('abort', this.#abort, { once: true })
    worker.on('message', (message: ClockMessage) => this.#hear(message))
    worker.on('error', (error: Error) => this.emit('failure', error))
    worker.unref()
  }

  /**
   * Resolves once the servers have agreed on a time for the first time. Rejects as `synchronize` does where they do not (an
   * `ntp/no-majority` has what each one said in its message alone, since it comes from another thread), with the signal's reason, and with NetworkError `unsupported` where threads have no monotonic clock in common (Bun,
   * Deno); nothing runs on then. It does not keep the process alive.
   */
  static async start(servers: readonly string[], options: NtpClockOptions = {}): Promise<NtpClock> {
    const { signal } = options
    const workerData = workerDataOf(servers, options)
    signal?.throwIfAborted()
    const worker = new Worker(new URL(`./clock-worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url), {
      workerData,
    })
    try {
      const message = await firstMessage(worker, signal)
      if (message.type === 'failure') throw errorOf(message.failure)
      const clock = new NtpClock(workerData.memory, worker, signal)
      clock.#leap = message.leap
      return clock
    } catch (error) {
      await worker.terminate()
      throw error
    }
  }

  /** Milliseconds since 1970 as Date.now() has them, but to a quarter of a microsecond; never less than the one before. */
  now(): number {
    return this.#reader.now()
  }

  /** Nanoseconds since 1970; each reading is later than the one before from this object. */
  nowNs(): bigint {
    return this.#reader.nowNs()
  }

  /** The time is wrong by no more than this, now. */
  get maxErrorMs(): number {
    return this.#reader.maxErrorMs
  }

  /** How much faster than this machine's monotonic clock true time runs, in parts per million. */
  get frequencyPpm(): number {
    return this.#reader.frequencyPpm
  }

  get leap(): number {
    return this.#reader.leap
  }

  get state(): ClockState {
    return this.#reader.state
  }

  /** Ends the thread; the clock runs on by what it knew, in the state `closed`. A second call does no harm. */
  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#worker.ref()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage('close')
    await this.#exited
    writeClock(this.handle, 'closed', this.leap)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #hear(message: ClockMessage): void {
    switch (message.type) {
      case 'failure':
        this.emit('failure', errorOf(message.failure))
        break
      case 'update': {
        const { correctionMs, stepped, leap, survivors, falsetickers } = message
        this.emit('update', { correctionMs, survivors })
        if (stepped) this.emit('step', correctionMs)
        if (leap !== this.#leap) this.emit('leap', leap)
        this.#leap = leap
        for (const server of falsetickers) this.emit('falseticker', server)
        break
      }
    }
  }
}

function workerDataOf(servers: readonly string[], options: NtpClockOptions): ClockWorkerData {
  const { samples = 8, timeoutMs = 5000, quorum, keys = {}, stepMs = Infinity } = options
  const { minIntervalMs = 2000, maxIntervalMs = Math.max(64_000, minIntervalMs), maxSlewPpm = 500 } = options
  const nobodys = Object.keys(keys).find((server) => !servers.includes(server))
  if (nobodys !== undefined) throw new TypeError(`keys has ${quoted(nobodys)}, which is none of the servers`)
  for (const [name, value] of Object.entries({ minIntervalMs, maxIntervalMs, maxSlewPpm, stepMs })) {
    if (!(typeof value === 'number' && value > 0)) throw new RangeError(`${name} must be above 0, got ${quoted(value)}`)
  }
  if (!(minIntervalMs <= maxIntervalMs && maxIntervalMs <= MOST_INTERVAL_MS)) {
    throw new RangeError(`maxIntervalMs must be ${minIntervalMs} to ${MOST_INTERVAL_MS}, got ${quoted(maxIntervalMs)}`)
  }
  if (maxSlewPpm > MOST_SLEW_PPM) throw new RangeError(`maxSlewPpm must be up to 100000, got ${quoted(maxSlewPpm)}`)
  return {
    memory: clockMemory(),
    timeOrigin: performance.timeOrigin,
    servers: [...servers],
    samples,
    timeoutMs,
    quorum,
    keys,
    minIntervalMs,
    maxIntervalMs,
    maxSlew: maxSlewPpm / 1e6,
    stepNs: stepMs * 1e6,
  }
}

/** What setTimeout can hold. */
const MOST_INTERVAL_MS = 2 ** 31 - 1
/** A tenth: time must never stand still, let alone go back. */
const MOST_SLEW_PPM = 100_000

function firstMessage(worker: Worker, signal: AbortSignal | undefined): Promise<ClockMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<ClockMessage>()
  const abort = (): void => reject(signal?.reason)
  worker.once('message', resolve)
  worker.once('error', reject)
  signal?.addEventListener('abort', abort, { once: true })
  return promise.finally(() => {
    worker.off('message', resolve)
    worker.off('error', reject)
    signal?.removeEventListener('abort', abort)
  })
}

/** The error that the thread had, in its own class again. */
function errorOf({ kind, code, message, kiss }: Failure): Error {
  switch (kind) {
    case 'protocol':
      return kiss === undefined ? new ProtocolError(code, message) : kissOfDeath(kiss, message)
    case 'network':
      return new NetworkError(code as NetworkErrorCode, message)
    case 'caller':
      return code === 'RangeError' ? new RangeError(message) : new TypeError(message)
  }
}
