// Promises that may be left alone: a handler that does not wait for its last write is not to end the process.

/** The same promise; a rejection that nobody awaits does not end the process. */
export function unawaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(ignored)
  return promise
}

/** Rejected, and nobody has to look. */
export function rejected(reason: unknown): Promise<never> {
  return unawaited(Promise.reject(reason))
}

function ignored(): void {}
