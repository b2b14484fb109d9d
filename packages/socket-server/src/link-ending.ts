import type { WireError } from '@plainwire/socket-utils/errors'
import type { Address } from './arrival.ts'
import type { CloseReason } from './closing.ts'
import { linkFailure } from './link-failure.ts'

/** Why a connection comes to its end, of all that may happen on the way there. */
export class LinkEnding {
  /** Set by what ends the connection; the first one counts. */
  #reason: CloseReason | undefined
  /** Why we finish, which counts if nothing breaks before that has reached the client. */
  #finishReason: CloseReason | undefined
  #failure: WireError | undefined
  /** What `failure` is made of. */
  #cause: Error | CloseReason | undefined

  get reason(): CloseReason {
    return this.#reason ?? this.finishReason
  }

  /** For whoever cuts what should be finishing. */
  get finishReason(): CloseReason {
    return this.#finishReason ?? 'handler-done'
  }

  /** Nothing more is written. */
  get hasFinished(): boolean {
    return this.#finishReason !== undefined
  }

  finish(reason: CloseReason): void {
    this.#finishReason = reason
  }

  breakFor(reason: CloseReason): void {
    this.#reason ??= reason
  }

  causedBy(cause: Error | CloseReason): void {
    this.#cause ??= cause
  }

  /** On this side. */
  abandon(reason: CloseReason): void {
    this.breakFor(reason)
    this.causedBy(reason)
  }

  /** Made when somebody asks: most resets interest nobody, and an error with its stack costs more than the connection. */
  failure(link: { readonly remote: Address }): WireError | undefined {
    if (this.#failure === undefined && this.#cause !== undefined) this.#failure = linkFailure(link.remote, this.#cause)
    return this.#failure
  }

  /** What a handler lets pass of it is no fault of the handler. */
  isFailure(error: unknown): boolean {
    return error !== undefined && error === this.#failure
  }
}
