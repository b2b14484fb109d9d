// What the steps of one connect share: the deadline over all of them, and the record of those that have ended.

import type net from 'node:net'
import { type Cancellation, Deadline } from './deadline.ts'
import { NetworkError, type WireError } from './protocol/errors.ts'

const DEFAULT_MS = 10_000

export interface ProgressOptions<Step> {
  /** For all steps together; Infinity: as long as `signal` allows. Default 10_000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Called as each step ends. What it throws ends the connect. */
  readonly onStep?: (step: Step) => void
}

/** The side of it that the work on a step sees. */
export interface StepReporter<Step> extends Cancellation {
  report(step: Step): void
  /** The last report may have ended the connect that has just succeeded: the socket is nobody's then. */
  throwIfEnded(socket: net.Socket): void
}

/** `operation` says, should the time be up, what the steps so far had led to. */
export class Progress<Target, Step extends { readonly error?: WireError | undefined }>
  extends Deadline
  implements StepReporter<Step>
{
  readonly steps: Step[] = []
  readonly #options: Target & ProgressOptions<Step>
  readonly #operation: (target: Target, steps: readonly Step[]) => string

  constructor(options: Target & ProgressOptions<Step>, operation: (target: Target, steps: readonly Step[]) => string) {
    super(options.timeoutMs ?? DEFAULT_MS, options.signal)
    this.#options = options
    this.#operation = operation
  }

  report(step: Step): void {
    this.steps.push(step)
    try {
      this.#options.onStep?.(step)
    } catch (error) {
      this.abort(error) // half of the steps end in a socket's event, where a throw would reach nobody
    }
  }

  protected override expired(): Error {
    const { timeoutMs = DEFAULT_MS } = this.#options
    const failures = this.steps.flatMap(({ error }) => error ?? [])
    const cause = failures.length > 0 ? { cause: new AggregateError(failures) } : {}
    const operation = this.#operation(this.#options, this.steps)
    return new NetworkError('timed-out', `${operation}: timed out after ${timeoutMs} ms`, cause)
  }

  throwIfEnded(socket: net.Socket): void {
    if (!this.aborted) return
    socket.destroy()
    throw this.reason
  }
}
