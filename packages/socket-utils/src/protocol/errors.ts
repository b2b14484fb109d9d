// Faults sorted by who must act on them. The caller's own mistakes are TypeError and RangeError, a cancellation is
// the caller's `signal.reason`; what remains is the peer's fault or the network's, and has a code to switch on.

import { tlsFault } from './tls-faults.ts'

/** What the two kinds of fault share: a `code` that is part of the API, beside a message that is for people. */
export class WireError<Code extends string = string> extends Error {
  override readonly name: string = 'WireError'
  readonly code: Code

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The peer sent what its protocol forbids. Asking again gives the same answer; give up on this peer. */
export class ProtocolError<Code extends string = string> extends WireError<Code> {
  override readonly name = 'ProtocolError'
}

/**
 * The same on every platform, so that a program can switch on it; the system's own code is the `cause`'s.
 * `connection-closed` is an end in good order that came too early, `connection-reset` one without it; `unsupported` says
 * that this platform or version of Node lacks what was asked for; `failed` is everything that has no code of its own.
 */
export type NetworkErrorCode =
  | 'lookup-failed'
  | 'connect-refused'
  | 'unreachable'
  | 'timed-out'
  | 'connection-reset'
  | 'connection-closed'
  | 'address-in-use'
  | 'address-unavailable'
  | 'permission-denied'
  | 'out-of-descriptors'
  | 'certificate-invalid'
  | 'tls-failed'
  | 'unsupported'
  | 'failed'

/** The network or the system failed; another try, or another address, may do better. The system's error is `cause`. */
export class NetworkError extends WireError<NetworkErrorCode> {
  override readonly name = 'NetworkError'
}

/**
 * The NetworkError for a system error: `operation` says what was being done and to what, as in
 * `connect to 127.0.0.1:80`. An error that is a WireError already passes through unchanged.
 */
export function networkError(operation: string, cause: unknown): WireError {
  if (cause instanceof WireError) return cause
  const systemCode = systemCodeOf(cause)
  const fault: readonly [NetworkErrorCode, string, string?] | undefined =
    systemCode === undefined ? undefined : (systemFault(systemCode) ?? tlsFault(systemCode, cause))
  if (fault) {
    const [code, reason, peersWords] = fault
    const shown = peersWords === undefined ? reason : `${reason} ${quoted(peersWords, 100)}`
    return new NetworkError(code, `${operation}: ${shown} (${systemCode})`, { cause })
  }
  const reason = cause instanceof Error ? cause.message : quoted(cause)
  return new NetworkError('failed', `${operation}: ${reason}`, { cause })
}

/** A switch and no table: a program that starts would make one, for failures that seldom come. */
function systemFault(systemCode: string): readonly [NetworkErrorCode, string] | undefined {
  switch (systemCode) {
    case 'EACCES':
      return ['permission-denied', 'permission denied']
    case 'EADDRINUSE':
      return ['address-in-use', 'address already in use']
    case 'EADDRNOTAVAIL':
      return ['address-unavailable', 'address not available on this host']
    case 'EAFNOSUPPORT':
      return ['unsupported', 'address family not supported']
    case 'EAI_AGAIN':
      return ['lookup-failed', 'name server did not answer']
    case 'EAI_FAIL':
    case 'ESERVFAIL':
      return ['lookup-failed', 'name server failed']
    case 'EAI_NODATA':
    case 'ENODATA':
      return ['lookup-failed', 'no address for this name']
    case 'EAI_NONAME':
    case 'ENOTFOUND':
      return ['lookup-failed', 'name not found']
    case 'ECONNABORTED':
      return ['connection-reset', 'connection aborted']
    case 'ECONNREFUSED':
      return ['connect-refused', 'connection refused']
    case 'ECONNRESET':
      return ['connection-reset', 'connection reset by peer']
    case 'EHOSTDOWN':
      return ['unreachable', 'host is down']
    case 'EHOSTUNREACH':
      return ['unreachable', 'no route to host']
    case 'EMFILE':
      return ['out-of-descriptors', 'too many open files']
    case 'ENETDOWN':
      return ['unreachable', 'network is down']
    case 'ENETUNREACH':
      return ['unreachable', 'network is unreachable']
    case 'ENFILE':
      return ['out-of-descriptors', 'too many open files in the system']
    case 'ENOENT':
      return ['connect-refused', 'no such socket file']
    case 'EPERM':
      return ['permission-denied', 'operation not permitted']
    case 'EPIPE':
      return ['connection-closed', 'connection closed by peer']
    case 'EREFUSED':
      return ['lookup-failed', 'name server refused']
    case 'ETIMEDOUT':
      return ['timed-out', 'timed out']
    case 'ETIMEOUT':
      return ['timed-out', 'name server did not answer']
    default:
      return undefined
  }
}

function systemCodeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined
  return typeof cause.code === 'string' ? cause.code : undefined
}

/**
 * A value as a message shows it: cut after `maxLength` characters, a string in quotes. What a terminal would obey
 * rather than show (control characters, marks that turn the direction of text) is escaped.
 */
export function quoted(value: unknown, maxLength = 60): string {
  const text = typeof value === 'string' ? value : String(value)
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
  const shown = JSON.stringify(cut).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return typeof value === 'string' ? shown : shown.slice(1, -1)
}
