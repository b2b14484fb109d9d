// One deadline and one cancellation for a whole operation, as a single signal that is handed down.

import { NetworkError, quoted } from './protocol/errors.ts'

/** What setTimeout can hold; a longer one would fire at once. */
const MOST_MS = 2 ** 31 - 1

export interface Deadline extends Disposable {
  /** Aborts with the caller's own reason, or with what `expired` made when the time was up. */
  readonly signal: AbortSignal
  /** Ends the operation early, with a reason that is neither the caller's nor the clock's. */
  abort(reason: unknown): void
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
  const controller = new AbortController()
  const cancel = (): void => controller.abort(signal?.reason)
  const timer = setTimeout(() => controller.abort(expired()), timeoutMs)
  signal?.addEventListener('abort', cancel, { once: true })
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    },
  }
}

/** The promise's outcome, or the signal's reason if that comes first: for work that cannot itself be cancelled. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Does the work under a deadline of its own, 10 seconds by default; NetworkError `timed-out` names the operation. */
export async function withDeadline<T>(
  operation: string,
  { timeoutMs = 10_000, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const expired = (): Error => new NetworkError('timed-out', `${operation}: timed out after ${timeoutMs} ms`)
  using deadline = startDeadline(timeoutMs, signal, expired)
  return await work(deadline.signal)
}
