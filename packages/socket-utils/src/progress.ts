// What the steps of one connect share: the deadline over all of them, and the record of those that have ended.

import type net from 'node:net'
import { type Cancellation, type Deadline, startDeadline } from './deadline.ts'
import { NetworkError, type WireError } from './protocol/errors.ts'

export interface ProgressOptions<Step> {
  /** For all steps together. Default 10_000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Called as each step ends. What it throws ends the connect. */
  readonly onStep?: (step: Step) => void
}

/** The side of it that the work on a step sees. */
export interface StepReporter<Step> {
  readonly signal: Cancellation
  report(step: Step): void
  /** The last report may have ended the connect that has just succeeded: the socket is nobody's then. */
  throwIfEnded(socket: net.Socket): void
}

export class Progress<Step extends { readonly error?: WireError | undefined }>
  implements StepReporter<Step>, Disposable
{
  readonly steps: Step[] = []
  readonly #deadline: Deadline
  readonly #onStep: ((step: Step) => void) | undefined

  /** `operation` says, should the time be up, what the steps so far had led to. */
  constructor(options: ProgressOptions<Step>, operation: (steps: readonly Step[]) => string) {
    const { timeoutMs = 10_000 } = options
    const expired = (): Error => {
      const failures = this.steps.flatMap(({ error }) => error ?? [])
      const cause = failures.length > 0 ? { cause: new AggregateError(failures) } : {}
      return new NetworkError('timed-out', `${operation(this.steps)}: timed out after ${timeoutMs} ms`, cause)
    }
    this.#deadline = startDeadline(timeoutMs, options.signal, expired)
    this.#onStep = options.onStep
  }

  get signal(): Cancellation {
    return this.#deadline
  }

  report(step: Step): void {
    this.steps.push(step)
    try {
      this.#onStep?.(step)
    } catch (error) {
      this.#deadline.abort(error) // half of the steps end in a socket's event, where a throw would reach nobody
    }
  }

  throwIfEnded(socket: net.Socket): void {
    if (!this.signal.aborted) return
    socket.destroy()
    throw this.signal.reason
  }

  [Symbol.dispose](): void {
    this.#deadline[Symbol.dispose]()
  }
}
