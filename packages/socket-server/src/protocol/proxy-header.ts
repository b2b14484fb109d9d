// The PROXY protocol (HAProxy's proxy-protocol.txt, 2020): a proxy says in front of a connection's own bytes for whom it
// speaks. There is no guessing whether a header is there (§2): who is behind a trusted proxy must wait for one, and must
// not read one from anybody else.

import type { ProxyTlv } from './proxy-tlv.ts'

/** One end of what a proxy forwards, over IP. */
export interface InetEndpoint {
  /** Numeric; IPv6 as in RFC 5952, an IPv4-mapped address as `::ffff:192.0.2.1`. */
  readonly host: string
  readonly port: number
}

/** One end of what a proxy forwards, over a Unix socket. */
export interface UnixEndpoint {
  /** Without the NULs behind it; an abstract name (Linux) begins with one. Bytes that are no UTF-8 become U+FFFD. */
  readonly path: string
}

/** Between whom a proxy stands. `datagram` and `unix`: version 2 alone. */
export type ProxyAddresses =
  | {
      readonly family: 'ipv4' | 'ipv6'
      readonly transport: 'stream' | 'datagram'
      /** The client, as the proxy sees it. */
      readonly source: InetEndpoint
      /** What the client connected to. */
      readonly destination: InetEndpoint
    }
  | {
      readonly family: 'unix'
      readonly transport: 'stream' | 'datagram'
      readonly source: UnixEndpoint
      readonly destination: UnixEndpoint
    }

/** A PROXY header of either version, as HAProxy’s proxy-protocol.txt has it. */
export interface ProxyHeader {
  readonly version: 1 | 2
  /** `local`: the proxy speaks for itself, as in a health check, and the connection's own addresses hold. Version 2 alone. */
  readonly command: 'proxy' | 'local'
  /** Undefined where the proxy does not say (LOCAL, UNKNOWN, UNSPEC): then the connection's own addresses hold. */
  readonly addresses?: ProxyAddresses | undefined
  /** More that the proxy knows, in wire order; version 2 alone. Paddings are left out, and a checksum that was right. */
  readonly tlvs?: readonly ProxyTlv[] | undefined
}

/** What to add to a header that is written. */
export interface EncodeProxyHeaderOptions {
  /** Adds a CRC-32C over the whole header; version 2 alone. Default false. */
  readonly checksum?: boolean | undefined
}
