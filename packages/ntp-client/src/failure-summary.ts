import { NetworkError, ProtocolError, type WireError } from '@plainwire/socket-utils/errors'
import { reworded } from './protocol/kiss-of-death.ts'

/** One error for all: of several, the last one's code and everybody's message. Undefined for none. */
export function summaryOf(failures: readonly WireError[]): WireError | undefined {
  const last = failures.at(-1)
  if (last === undefined || failures.length === 1) return last
  const message = failures.map((failure) => failure.message).join('; ')
  const cause = new AggregateError(failures)
  return last instanceof ProtocolError
    ? reworded(last, message, cause)
    : new NetworkError(last.code as NetworkError['code'], message, { cause })
}
