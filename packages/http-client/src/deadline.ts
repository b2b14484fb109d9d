// One deadline and one cancellation for a whole exchange, as a single signal that is handed down. It outlives the
// call that made it: the body is read under it too.

import { quoted } from '@plainwire/socket-utils/errors'

/** What setTimeout can hold; a longer one would fire at once. */
const MOST_MS = 2 ** 31 - 1

export interface Deadline extends Disposable {
  /** Aborts with the caller's own reason, or with what `expired` made when the time was up. */
  readonly signal: AbortSignal
}

/**
 * Disposing of it clears the timer and lets go of the caller's signal. RangeError for a `timeoutMs` that is not above 0
 * and up to 2147483647; a signal that is aborted already throws its reason.
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
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    },
  }
}
