// What a peer can do wrong in HTTP/1.x, and where it did it.

import { ProtocolError } from '@plainwire/socket-utils/errors'

/** The `code` of every ProtocolError that this package throws. */
export type HttpErrorCode =
  | 'http/bad-request-line'
  | 'http/bad-status-line'
  | 'http/bad-version'
  | 'http/bad-line-ending'
  | 'http/bad-header'
  | 'http/bad-host'
  | 'http/bad-content-length'
  | 'http/bad-transfer-encoding'
  | 'http/ambiguous-length'
  | 'http/bad-chunk'
  | 'http/bad-trailer'
  | 'http/line-too-long'
  | 'http/head-too-large'
  | 'http/too-many-headers'
  | 'http/body-too-large'
  | 'http/truncated'

/** `offset` counts bytes from the first that the peer sent on this connection, from 0. */
export type HttpProtocolError = ProtocolError<HttpErrorCode> & { readonly offset: number }

/** The same bytes give the same code and offset, however the network cut them. */
export function violation(code: HttpErrorCode, what: string, offset: number): HttpProtocolError {
  return Object.assign(new ProtocolError(code, `${what}, at byte ${offset}`), { offset })
}
