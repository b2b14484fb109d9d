// Messages on a stream that has no borders of its own. A reader is given bytes as the network cut them and gives whole
// messages. Two kinds have this shape: lines and length-prefixed frames.

import { ProtocolError, quoted } from '@plainwire/socket-utils/errors'

/** A message longer than its limit; a CR or LF where it cannot be; a peer that finished inside of a message. */
export type FramingErrorCode = 'framing/too-long' | 'framing/bad-line-ending' | 'framing/truncated'

/** `push` what came, then `next` until it is undefined. */
export interface MessageReader {
  /** Keeps a view of `bytes` where it can: they must not be written to again. TypeError after `end`. */
  push(bytes: Uint8Array): void
  /**
   * The next message, a view where that is possible; undefined until it is complete. ProtocolError with a
   * FramingErrorCode for what breaks the framing: the borders are lost then, and every further call throws the same.
   */
  next(): Uint8Array | undefined
  /** The peer has finished. `next` then gives what is left, or throws `framing/truncated` for a part of a message. */
  end(): void
  /** Bytes that were pushed and not given by `next`: what an upgrade to another protocol finds here already. */
  readonly surplus: Uint8Array
}

/** The peer’s fault, in the words of this package. */
export function framingError(code: FramingErrorCode, message: string): ProtocolError<FramingErrorCode> {
  return new ProtocolError(code, message)
}

/** RangeError that names the option unless the value is whole, from 0 to `most`. */
export function messageLimit(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new RangeError(`${name} must be a whole number from 0 to ${most}, got ${quoted(value)}`)
}
