import type { Closing, CloseReason } from '../src/closing.ts'

/** How a connection ended of which nothing else is known. */
export function closingFor(reason: CloseReason, more: Partial<Closing> = {}): Closing {
  return { reason, bytesRead: 0, bytesWritten: 0, messages: 0, durationMs: 0, ...more }
}
