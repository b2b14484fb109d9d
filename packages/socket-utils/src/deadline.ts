// One deadline and one cancellation for a whole operation, as a single signal that is handed down.

import { type Expiry, expireAfter } from './expiry.ts'
import { NetworkError, quoted } from './protocol/errors.ts'

/** What setTimeout can hold; a longer one would fire at once. */
const MOST_MS = 2 ** 31 - 1

/**
 * What the work under a deadline sees of it: the part of an AbortSignal that is used here, without its price, which is
 * half a microsecond for each listener. An AbortSignal will do, too.
 */
export interface Cancellation {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: Listener, options?: { readonly once: true }): void
  removeEventListener(type: 'abort', listener: Listener): void
}

/** As EventTarget takes them, but for the event. */
type Listener = (() => void) | { handleEvent(): void }

const ONCE = { once: true } as const
const NOBODY: readonly Listener[] = []

/** Aborts with the caller's own reason, or with what `expired` makes when the time is up. */
export abstract class Deadline implements Cancellation, Disposable {
  aborted = false
  reason: unknown
  /** Never changed, only replaced: there is mostly one, and one may leave while all are being called. */
  #listeners = NOBODY
  /** Undefined where there is time without end. */
  readonly #expiry: Expiry | undefined
  readonly #callersSignal: AbortSignal | undefined
  #controller: AbortController | undefined

  /** RangeError for a `timeoutMs` that cannot be; throws the reason of a signal that is aborted already. */
  constructor(timeoutMs: number, callersSignal: AbortSignal | undefined) {
    if (!(typeof timeoutMs === 'number' && timeoutMs > 0 && (timeoutMs <= MOST_MS || timeoutMs === Infinity))) {
      throw new RangeError(`timeoutMs must be above 0 and at most ${MOST_MS}, or Infinity, got ${quoted(timeoutMs)}`)
    }
    callersSignal?.throwIfAborted()
    this.#expiry = timeoutMs === Infinity ? undefined : expireAfter(Deadline.#timeIsUp, timeoutMs, this)
    this.#callersSignal = callersSignal
    callersSignal?.addEventListener('abort', this, ONCE)
  }

  /** The caller's signal is aborted. */
  handleEvent(): void {
    this.abort(this.#callersSignal?.reason)
  }

  protected abstract expired(): Error

  static #timeIsUp(this: void, deadline: Deadline): void {
    deadline.abort(deadline.expired())
  }

  /** Ends the operation early, with a reason that is neither the caller's nor the clock's. */
  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) {
      if (typeof listener === 'function') listener()
      else listener.handleEvent()
    }
    this.#controller?.abort(reason)
  }

  /** For what takes an AbortSignal and nothing less. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.aborted) this.#controller.abort(this.reason)
    return this.#controller.signal
  }

  addEventListener(_type: 'abort', listener: Listener, _options?: { readonly once: true }): void {
    this.#listeners = this.#listeners === NOBODY ? [listener] : [...this.#listeners, listener]
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    const [first, second] = this.#listeners
    if (second !== undefined) this.#listeners = this.#listeners.filter((other) => other !== listener)
    else if (first === listener) this.#listeners = NOBODY
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  [Symbol.dispose](): void {
    this.#expiry?.cancel()
    this.#callersSignal?.removeEventListener('abort', this)
  }
}

class OperationDeadline extends Deadline {
  protected override readonly expired: () => Error

  constructor(timeoutMs: number, signal: AbortSignal | undefined, expired: () => Error) {
    super(timeoutMs, signal)
    this.expired = expired
  }
}

/**
 * Begins a deadline; disposing of it clears the timer and lets go of the caller's signal. RangeError for a `timeoutMs`
 * that is not a number above 0 and up to 2147483647, nor Infinity, which is no limit; a signal that is aborted already throws its reason.
 */
export function startDeadline(timeoutMs: number, signal: AbortSignal | undefined, expired: () => Error): Deadline {
  return new OperationDeadline(timeoutMs, signal, expired)
}

/** The promise's outcome, or the signal's reason if that comes first: for work that cannot itself be cancelled. */
export function unlessAborted<T>(promise: Promise<T>, signal: Cancellation): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Does the work under a deadline of its own, 10 seconds by default; NetworkError `timed-out` names the operation. */
export async function withDeadline<T>(
  operation: string,
  { timeoutMs = 10_000, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  work: (signal: Deadline) => Promise<T>,
): Promise<T> {
  const expired = (): Error => new NetworkError('timed-out', `${operation}: timed out after ${timeoutMs} ms`)
  using deadline = startDeadline(timeoutMs, signal, expired)
  return await work(deadline)
}
