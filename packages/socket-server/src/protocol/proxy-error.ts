import { ProtocolError } from '@plainwire/socket-utils/errors'

/** What can be wrong with a PROXY header. Each ends the connection: nothing behind it could be trusted. */
export type ProxyErrorCode =
  /** The bytes are not a PROXY header: the peer is no proxy, or one that was not told to send it. */
  | 'proxy/no-header'
  /** A v1 line that is none. */
  | 'proxy/bad-line'
  | 'proxy/bad-version'
  | 'proxy/bad-command'
  /** An address family or transport that version 2 does not have. */
  | 'proxy/bad-family'
  | 'proxy/bad-address'
  | 'proxy/bad-tlv'
  | 'proxy/bad-checksum'
  | 'proxy/too-long'
  /** The peer finished before its header was complete. */
  | 'proxy/truncated'

/** The proxy’s fault, in the words of this package. */
export function proxyError(code: ProxyErrorCode, message: string): ProtocolError<ProxyErrorCode> {
  return new ProtocolError(code, message)
}
