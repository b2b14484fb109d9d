// What a peer can do wrong in HTTP/1.x, where it did it, and which sentence of the specification says so.

import { ProtocolError } from '@plainwire/socket-utils/errors'

/** Each `code` that a ProtocolError of this package can have, with the clause that a fault usually breaks. */
const CLAUSES = {
  'http/bad-request-line': 'RFC 9112 §3',
  'http/bad-status-line': 'RFC 9112 §4',
  'http/bad-version': 'RFC 9112 §2.3',
  'http/bad-line-ending': 'RFC 9112 §2.2',
  'http/bad-header': 'RFC 9112 §5',
  'http/bad-host': 'RFC 9112 §3.2',
  'http/bad-content-length': 'RFC 9112 §6.3',
  'http/bad-transfer-encoding': 'RFC 9112 §6.1',
  'http/ambiguous-length': 'RFC 9112 §6.3',
  'http/bad-chunk': 'RFC 9112 §7.1',
  'http/bad-trailer': 'RFC 9110 §6.5.1',
  'http/line-too-long': 'RFC 9112 §3',
  'http/head-too-large': 'RFC 9110 §5.4',
  'http/too-many-headers': 'RFC 9110 §5.4',
  'http/trailers-too-large': 'RFC 9110 §5.4',
  'http/chunk-extensions-too-large': 'RFC 9112 §7.1.1',
  'http/body-too-large': 'RFC 9110 §15.5.14',
  'http/truncated': 'RFC 9112 §8',
} as const

/** Each `code` that a fault of the peer can have. */
export type HttpErrorCode = keyof typeof CLAUSES

/** Where in the bytes of a connection. */
export interface Place {
  /** Bytes before it, from the first that the peer sent on this connection. */
  readonly offset: number
  /**
   * Of the message, from 1, the start line. Content counts as no line, but each chunk ends one. Absent where the fault
   * is not one of the text: a body that is too large.
   */
  readonly line?: number
}

/** The peer broke HTTP: what it did, where, and which sentence of the specification that breaks. */
export type HttpProtocolError = ProtocolError<HttpErrorCode> &
  Place & {
    /** Such as `RFC 9112 §6.3`. */
    readonly clause: string
  }

/** The same bytes give the same code, offset and line, however the network cut them. */
export function violation(
  code: HttpErrorCode,
  what: string,
  place: number | Place,
  clause: string = CLAUSES[code],
): HttpProtocolError {
  const at = typeof place === 'number' ? { offset: place } : place
  return Object.assign(new ProtocolError(code, `${what}, at byte ${at.offset}`), { ...at, clause })
}
