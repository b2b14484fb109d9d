import type { Closing, CloseReason } from './closing.ts'
import type { Deadlines } from './deadlines.ts'
import type { Handlers } from './handlers.ts'
import type { Link } from './link.ts'
import type { TimerQueue } from './timer-queue.ts'

/** What all links of a server have in common. */
export interface LinkRules {
  readonly handlers: Handlers<never>
  readonly deadlines: Deadlines
  /** A write that finds more than so many bytes waiting ends the connection: `slow-reader`. */
  readonly maxQueuedBytes: number
  readonly timers: TimerQueue
  /** The silence after which the kernel asks whether the client is still there; Infinity: never. */
  readonly keepAliveMs: number
  /** A handler threw. */
  readonly onFault: (error: unknown, link: Link) => void
  /** Nothing more is served on it: our FIN is with the kernel and what still comes is dropped, or it is closed. Once. */
  readonly onServed: (link: Link) => void
  readonly onClosed: (link: Link, closing: Closing) => void
}

/**
 * `lingerMs`: how long to wait for the client’s FIN, milliseconds, default 2000. `reason` counts unless something breaks
 * first.
 */
export interface CloseLinkOptions {
  readonly reason?: CloseReason | undefined
  readonly lingerMs?: number | undefined
}
