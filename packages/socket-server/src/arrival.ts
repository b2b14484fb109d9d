import type { CloseReason } from './closing.ts'
import type { ProxyHeader } from './protocol/proxy-header.ts'

/** One end of a connection; it fits `formatEndpoint`. */
export interface Address {
  /** Numeric, as the kernel gives it: `127.0.0.1`, `::1`, `::ffff:127.0.0.1` on a dual-stack listener. */
  readonly host: string
  readonly port: number
}

/** What is known of a connection before its own first byte. */
export interface Arrival {
  /** On performance.now()'s clock. */
  readonly acceptedAt: number
  /** As a trusted proxy told; else the socket's own. */
  readonly remote?: Address | undefined
  readonly local?: Address | undefined
  readonly proxy?: ProxyHeader | undefined
  readonly place?: Place | undefined
}

/** What whoever keeps count of a server's clients is told of one. */
export interface Place {
  /** A trusted proxy has named its client: undefined lets it in. */
  named?(client: Address): CloseReason | undefined
  /** The handler is done, and our FIN is with the kernel. Once. */
  served?(): void
  /** The connection is closed as well. Once, after `served`. */
  over?(): void
}
