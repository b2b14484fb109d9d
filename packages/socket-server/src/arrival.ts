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
  /** A trusted proxy has named its client: undefined lets it in. */
  readonly onNamed?: ((client: Address) => CloseReason | undefined) | undefined
  /** The client's place is free: its handler is done, and our FIN is with the kernel. Once. */
  readonly onServed?: (() => void) | undefined
  /** The connection is closed as well. Once, after onServed. */
  readonly onOver?: (() => void) | undefined
}
