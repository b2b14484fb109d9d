// The kiss-o'-death, RFC 5905 §7.4: an answer that gives no time but an order to the client, four letters long.

import { ProtocolError } from '@plainwire/socket-utils/errors'
import { type NtpErrorCode } from './packet.ts'

/** The order in a kiss-o'-death packet, RFC 5905 §7.4. */
export interface Kiss {
  /** `RATE`: ask less often. `DENY`, `RSTR`: never again. Others, such as `INIT`: the server cannot answer yet. */
  readonly kissCode: string
  /** With `RATE`, how long to wait at least before the next request, in seconds as the exponent of 2. */
  readonly poll: number
}

/** A server's refusal: what it ordered stands beside the error's `code`, to be obeyed and not only shown. */
export type KissOfDeath = ProtocolError<'ntp/kiss-of-death'> & Kiss

export function kissOfDeath({ kissCode, poll }: Kiss, message: string, options?: ErrorOptions): KissOfDeath {
  return Object.assign(new ProtocolError('ntp/kiss-of-death', message, options), { kissCode, poll })
}

/** Tells a server's order to stay away from its other faults: `error.kissCode` is there to be obeyed. */
export function isKissOfDeath(error: unknown): error is KissOfDeath {
  return error instanceof ProtocolError && error.code === 'ntp/kiss-of-death' && 'kissCode' in error
}

/** The same fault in other words: code and kiss stay. */
export function reworded(error: ProtocolError, message: string, cause: unknown = error): ProtocolError {
  if (isKissOfDeath(error)) return kissOfDeath(error, message, { cause })
  return new ProtocolError<NtpErrorCode>(error.code as NtpErrorCode, message, { cause })
}
