// Where one reply ends and the next begins, and no more: what a load generator has to know of a protocol.

import { ProtocolError } from '@plainwire/socket-utils/errors'

/** `load/bad-reply`: it is not HTTP. `load/truncated`: the server finished inside of one. */
export type LoadErrorCode = 'load/bad-reply' | 'load/truncated'

/** Tells where replies end. One for each connection. */
export interface ReplyReader {
  /** Calls back for each reply that ends within `bytes`. */
  push(bytes: Uint8Array): void
  /** The server has finished; a reply that this cuts short is ProtocolError `load/truncated`. */
  end(): void
}

/** `persistent`: more may follow on this connection. `statusCode`: HTTP alone. */
export type OnReply = (reply: { readonly persistent: boolean; readonly statusCode?: number }) => void

const ECHOED = { persistent: true } as const

/** RFC 862: as many bytes as were sent. */
export class EchoReplyReader implements ReplyReader {
  readonly #bytes: number
  readonly #onReply: OnReply
  #missing: number

  constructor(bytes: number, onReply: OnReply) {
    this.#bytes = bytes
    this.#missing = bytes
    this.#onReply = onReply
  }

  push(bytes: Uint8Array): void {
    this.#missing -= bytes.length
    while (this.#missing <= 0) {
      this.#missing += this.#bytes
      this.#onReply(ECHOED)
    }
  }

  end(): void {
    if (this.#missing === this.#bytes) return
    throw loadError('load/truncated', `the server finished, and ${this.#missing} of ${this.#bytes} bytes were missing`)
  }
}

/** The server’s fault, in the words of this package. */
export function loadError(code: LoadErrorCode, message: string): ProtocolError<LoadErrorCode> {
  return new ProtocolError(code, message)
}
