// Happy Eyeballs, RFC 8305 §5: attempts begin one after another without waiting for each other, and the first that
// succeeds ends the rest. A slow first attempt stays in the race for as long as nobody is faster.

import type { Cancellation } from './deadline.ts'
import type { WireError } from './protocol/errors.ts'

/** The RFC's recommended Connection Attempt Delay. */
const ATTEMPT_DELAY_MS = 250

/** One attempt. It tells the race how it ended, once, and later than it was started. */
export interface Racer {
  /** It has won, and the others have been cancelled. */
  won(): void
  cancel(why: unknown): void
}

/** The side of a race that its attempts see. */
export interface Outcome<R extends Racer> {
  succeeded(racer: R): void
  failed(racer: R, error: WireError): void
}

/** What is raced for says how an attempt begins, and what it means when all have failed. */
export abstract class Race<A, R extends Racer> implements Outcome<R> {
  readonly #candidates: readonly A[]
  readonly #signal: Cancellation
  readonly #delayMs: number
  #started = 0
  #over = false
  #running: readonly R[] = []
  #failures: readonly WireError[] = []
  #timer: NodeJS.Timeout | undefined
  #resolve: ((winner: R) => void) | undefined
  #reject: ((reason: unknown) => void) | undefined

  constructor(candidates: readonly A[], signal: Cancellation, delayMs = ATTEMPT_DELAY_MS) {
    this.#candidates = candidates
    this.#signal = signal
    this.#delayMs = delayMs
  }

  protected abstract start(candidate: A): R

  protected abstract allFailed(failures: readonly WireError[]): Error

  /**
   * Starts attempts in order: the next one a delay after the one before, or at once when one fails. Resolves to the
   * first that succeeds, rejects with what is made of all failures, in order, or with the signal's reason. By then every
   * attempt that was still running has been cancelled with what ended the race.
   */
  run(): Promise<R> {
    return new Promise((resolve, reject) => {
      if (this.#signal.aborted) return reject(this.#signal.reason)
      this.#resolve = resolve
      this.#reject = reject
      this.#signal.addEventListener('abort', this, { once: true })
      this.#startNext()
    })
  }

  /** The signal is aborted. */
  handleEvent(): void {
    this.#end(undefined, this.#signal.reason)
    this.#reject?.(this.#signal.reason)
  }

  succeeded(winner: R): void {
    this.#end(winner)
    winner.won()
    this.#resolve?.(winner)
  }

  failed(loser: R, error: WireError): void {
    if (this.#over) return // its failure was on its way when the race ended
    this.#running = this.#running.filter((other) => other !== loser)
    this.#failures = [...this.#failures, error]
    this.#startNext()
  }

  #startNext(): void {
    clearTimeout(this.#timer)
    const candidate = this.#candidates[this.#started]
    if (candidate !== undefined) {
      this.#started++
      const racer = this.start(candidate)
      this.#running = this.#started === 1 ? [racer] : [...this.#running, racer]
      if (this.#started < this.#candidates.length) this.#timer = setTimeout(() => this.#startNext(), this.#delayMs)
    } else if (this.#running.length === 0) {
      this.#end()
      this.#reject?.(this.allFailed(this.#failures))
    }
  }

  #end(winner?: R, why?: unknown): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#signal.removeEventListener('abort', this)
    for (const racer of this.#running) {
      if (racer !== winner) racer.cancel(why)
    }
  }
}
