// One deadline and one cancellation for a whole operation, as a single signal that is handed down.

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
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: true }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Aborts with the caller's own reason, or with what `expired` made when the time was up. */
export class Deadline implements Cancellation, Disposable {
  aborted = false
  reason: unknown
  readonly #listeners = new Set<() => void>()
  readonly #callersSignal: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout
  #controller: AbortController | undefined

  constructor(timeoutMs: number, callersSignal: AbortSignal | undefined, expired: () => Error) {
    this.#timer = setTimeout(() => this.abort(expired()), timeoutMs)
    this.#callersSignal = callersSignal
    callersSignal?.addEventListener('abort', this.#cancel, { once: true })
  }

  /** Ends the operation early, with a reason that is neither the caller's nor the clock's. */
  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener()
    this.#controller?.abort(reason)
  }

  /** For what takes an AbortSignal and nothing less. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.aborted) this.#controller.abort(this.reason)
    return this.#controller.signal
  }

  addEventListener(_type: 'abort', listener: () => void, _options?: { readonly once: true }): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener)
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#callersSignal?.removeEventListener('abort', this.#cancel)
  }

  readonly #cancel = (): void => this.abort(this.#callersSignal?.reason)
}

/**
 * Begins a deadline; disposing of it clears the timer and lets go of the caller's signal. RangeError for a `timeoutMs`
 * that is not a number above 0 and up to 2147483647; a signal that is aborted already throws its reason.
 */
export function startDeadline(timeoutMs: number, signal: AbortSignal | undefined, expired: () => Error): Deadline {
  if (!(typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= MOST_MS)) {
    throw new RangeError(`timeoutMs must be above 0 and at most ${MOST_MS}, got ${quoted(timeoutMs)}`)
  }
  signal?.throwIfAborted()
  return new Deadline(timeoutMs, signal, expired)
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
