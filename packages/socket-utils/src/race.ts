// Happy Eyeballs, RFC 8305 §5: attempts begin one after another without waiting for each other, and the first that
// succeeds ends the rest. A slow first attempt stays in the race for as long as nobody is faster.

import type { Cancellation } from './deadline.ts'

/** The RFC's recommended Connection Attempt Delay. */
const ATTEMPT_DELAY_MS = 250

export interface Outcome<T> {
  succeeded(value: T): void
  failed(error: Error): void
}

/**
 * Starts attempts in order: the next one `delayMs` after the one before, or at once when one fails. Resolves to the
 * first success, rejects with an AggregateError of every failure in order when all have failed, or with the signal's
 * reason. By then every attempt that was still running has been cancelled with what ended the race.
 *
 * `start` begins one attempt and returns how to cancel it; it settles the outcome later, never before it returns.
 */
export function race<A, T>(
  candidates: readonly A[],
  start: (candidate: A, outcome: Outcome<T>) => (why: unknown) => void,
  signal: Cancellation,
  delayMs = ATTEMPT_DELAY_MS,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const running = new Set<(why: unknown) => void>()
    const failures: Error[] = []
    let started = 0
    let timer: NodeJS.Timeout | undefined

    const end = (why?: unknown): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      for (const cancel of running) cancel(why)
    }
    const abort = (): void => {
      end(signal.reason)
      reject(signal.reason)
    }
    const startNext = (): void => {
      clearTimeout(timer)
      const candidate = candidates[started]
      if (candidate === undefined) {
        if (running.size > 0) return
        end()
        reject(new AggregateError(failures))
        return
      }
      started++
      const cancel = start(candidate, {
        succeeded(value) {
          running.delete(cancel)
          end()
          resolve(value)
        },
        failed(error) {
          running.delete(cancel)
          failures.push(error)
          startNext()
        },
      })
      running.add(cancel)
      if (started < candidates.length) timer = setTimeout(startNext, delayMs)
    }

    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    else startNext()
  })
}
