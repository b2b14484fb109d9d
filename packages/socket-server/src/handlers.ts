import type { WireError } from '@plainwire/socket-utils/errors'
import type { Closing } from './closing.ts'
import type { Link } from './link.ts'

/**
 * What a server does with its clients, declared once. `link.context` is yours: what you keep for one client. What a handler
 * throws costs its client alone (`handler-error`).
 */
export interface Handlers<Context = unknown> {
  open?(link: Link<Context>): void
  /**
   * What one read brought. It is yours to keep. All that is written to `link` in here leaves in one piece. A promise that
   * this gives is waited for before a link is closed, because the client has finished or the server drains; of a reply that
   * comes later in another way nobody knows: who makes such needs the handlers `end` and `shutdown`.
   */
  data(link: Link<Context>, bytes: Uint8Array): unknown
  /**
   * Everything that was written is with the kernel, after a `write` that gave false. A server without this handler stops
   * reading from a client that does not take its replies; with it, back-pressure is yours: `pause`, `resume`.
   */
  drain?(link: Link<Context>): void
  /** The client has finished; writing goes on. Without this handler: `link.close()`. */
  end?(link: Link<Context>): void
  /** The server drains. Without this handler a link is closed once all that has come is dealt with. */
  shutdown?(link: Link<Context>): void
  /** The connection broke; `close` follows. */
  error?(link: Link<Context>, error: WireError): void
  /** The last call for this link, whatever ended it. */
  close?(link: Link<Context>, closing: Closing): void
}
