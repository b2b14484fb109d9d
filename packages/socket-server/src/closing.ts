/**
 * Why a connection came to its end.
 * - `eof`: the client finished, and then we did. `handler-done`: the handler had finished first.
 * - `idle`, `deadline`: it was silent, or took longer, than it may. `slow-reader`: it did not take what was written.
 * - `limit`, `denied`: it was one too many, or from an address that may not connect; no handler saw it.
 * - `drain`: the server closes. It was idle, or still there at the end of the grace.
 * - `reset`: the client or the network broke it off. `handler-error`: the handler threw.
 * - `proxy-error`, `tls-error`: what came in front of its own bytes was no PROXY header, or no TLS.
 */
export type CloseReason =
  | 'eof'
  | 'handler-done'
  | 'idle'
  | 'deadline'
  | 'slow-reader'
  | 'limit'
  | 'denied'
  | 'drain'
  | 'reset'
  | 'handler-error'
  | 'proxy-error'
  | 'tls-error'

/** Each once, in the order in which they are told. */
export const CLOSE_REASONS: readonly CloseReason[] = [
  'eof',
  'handler-done',
  'idle',
  'deadline',
  'slow-reader',
  'limit',
  'denied',
  'drain',
  'reset',
  'handler-error',
  'proxy-error',
  'tls-error',
]

/** How a connection ended. Plain data, so that a thread or a process can send it home. */
export interface Closing {
  readonly reason: CloseReason
  /** What was handed to the handler, and what it wrote: bytes inside TLS, behind a PROXY header. */
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Reads that brought bytes. */
  readonly messages: number
  /** From the accept to the close of both directions. */
  readonly durationMs: number
}
