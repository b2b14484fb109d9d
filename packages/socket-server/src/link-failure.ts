import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { NetworkError, networkError, type WireError } from '@plainwire/socket-utils/errors'
import type { Address } from './arrival.ts'
import type { CloseReason } from './closing.ts'

/** What a connection is to whoever still reads or writes: broken by the network, or ended on this side for a reason. */
export function linkFailure(remote: Address, cause: Error | CloseReason): WireError {
  const operation = `connection from ${formatEndpoint(remote)}`
  if (typeof cause === 'string') {
    const why = cause === 'handler-done' ? '' : ` (${cause})`
    return new NetworkError('connection-closed', `${operation}: closed on this side${why}`)
  }
  // Linux answers a write with EPIPE, not ECONNRESET, if the client had finished before it reset.
  if ('code' in cause && cause.code === 'EPIPE') {
    return new NetworkError('connection-reset', `${operation}: connection reset by peer (EPIPE)`, { cause })
  }
  return networkError(operation, cause)
}

/** Whether it was TLS that broke, rather than the connection below it. */
export function isTlsFault(cause: Error): boolean {
  return 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('ERR_SSL')
}
