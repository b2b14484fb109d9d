// What a client has sent and its handler has not read: at most one message here, since the rest stays in the kernel until
// somebody asks.

import type { Link } from './link.ts'
import { linkFailure } from './link-failure.ts'
import { rejected, unawaited } from './unawaited.ts'

type Result = IteratorResult<Uint8Array, undefined>

type Idle = { readonly name: 'idle' }
type Ended = { readonly name: 'ended' }
type Failed = { readonly name: 'failed' }
/** Either way of asking without a closure, which would stay with every connection that waits. */
type Awaited =
  | ({ readonly name: 'awaited'; readonly by: 'read' } & PromiseWithResolvers<Uint8Array | undefined>)
  | ({ readonly name: 'awaited'; readonly by: 'next' } & PromiseWithResolvers<Result>)

type State =
  /** Nobody waits, and nothing is here. */
  | Idle
  | Awaited
  /** A message came before it was asked for; reading is paused, though its end or a fault may still show. */
  | { readonly name: 'held'; readonly message: Uint8Array; readonly next: Idle | Ended | Failed }
  /** By the handler, which has closed the connection. */
  | { readonly name: 'discarded' }
  /** The client has finished, or the server drains and nothing is under way. */
  | Ended
  | Failed

const IDLE: Idle = { name: 'idle' }

/** One for each connection that is read by asking. Pauses its link whenever nobody asks. */
export class Incoming {
  readonly #link: Link<never>
  #state: State = IDLE

  constructor(link: Link<never>) {
    this.#link = link
    link.pause()
  }

  /** Somebody waits for the next message. */
  get isAwaited(): boolean {
    return this.#state.name === 'awaited'
  }

  /** A message is here that nobody has asked for. */
  get isHeld(): boolean {
    return this.#state.name === 'held'
  }

  /** The next message, or undefined once there is none. Rejects with the link's failure; TypeError while another waits. */
  read(): Promise<Uint8Array | undefined> {
    if (this.#state.name !== 'idle') return this.#now(asMessage)
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>()
    this.#wait({ name: 'awaited', by: 'read', promise, resolve, reject })
    return promise
  }

  /** As `read`, for a loop: `read().then(…)` would be another promise for every message. */
  next(): Promise<Result> {
    if (this.#state.name !== 'idle') return this.#now(asResult)
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#wait({ name: 'awaited', by: 'next', promise, resolve, reject })
    return promise
  }

  #wait(awaited: Awaited): void {
    this.#state = awaited
    this.#link.expect(true)
    this.#link.resume()
  }

  /** Without waiting. */
  #now<T>(as: (message: Uint8Array | undefined) => T): Promise<T> {
    const state = this.#state
    switch (state.name) {
      case 'held':
        this.#state = state.next
        return Promise.resolve(as(state.message))
      case 'ended':
        return Promise.resolve(as(undefined))
      case 'failed':
      case 'discarded':
        return rejected(this.#link.failure ?? linkFailure(this.#link.remote, 'handler-done'))
      case 'awaited':
      case 'idle': // is waited for, not here
        return rejected(new TypeError('read() while an earlier read() still waits'))
    }
  }

  /** To be read next. */
  putBack(message: Uint8Array): void {
    const state = this.#state
    if (message.length === 0 || state.name === 'awaited' || state.name === 'discarded') return
    if (state.name === 'held') {
      this.#state = { ...state, message: Buffer.concat([message, state.message]) }
    } else {
      this.#state = { name: 'held', message, next: state }
      this.#link.pause()
    }
  }

  /** The link brings a message. */
  take(message: Uint8Array): void {
    const state = this.#state
    switch (state.name) {
      case 'awaited':
        this.#state = IDLE
        this.#link.expect(false)
        give(state, message)
        return
      case 'idle':
        this.#state = { name: 'held', message, next: IDLE }
        this.#link.pause()
        return
      // Put back, or on its way already when reading was paused.
      case 'held':
        this.#state = { ...state, message: Buffer.concat([state.message, message]) }
        return
      case 'discarded':
      case 'ended': // by the drain
      case 'failed':
        return
    }
  }

  /** Nothing more will come. */
  finish(): void {
    const state = this.#state
    this.#link.expect(false)
    this.#state = state.name === 'held' ? { ...state, next: { name: 'ended' } } : { name: 'ended' }
    if (state.name === 'awaited') give(state, undefined)
  }

  /** Nobody will read any more. */
  discard(): void {
    const state = this.#state
    if (state.name === 'ended' || state.name === 'failed') return
    this.#state = { name: 'discarded' }
    if (state.name === 'awaited') reject(state, linkFailure(this.#link.remote, 'handler-done'))
  }

  /** The link's failure is told to whoever waits, and to whoever asks later. */
  fail(): void {
    const state = this.#state
    if (state.name === 'awaited') reject(state, this.#link.failure)
    // A message that came before the fault is still the next to be read; a client that had finished stays finished.
    if (state.name === 'held') {
      if (state.next.name !== 'ended') this.#state = { ...state, next: { name: 'failed' } }
    } else if (state.name !== 'ended') {
      this.#state = { name: 'failed' }
    }
  }
}

/** It is looked after only now, since most promises are never rejected, and each that is watched costs another. */
function reject(awaited: Awaited, reason: unknown): void {
  void unawaited<unknown>(awaited.promise)
  awaited.reject(reason)
}

function give(awaited: Awaited, message: Uint8Array | undefined): void {
  if (awaited.by === 'read') awaited.resolve(message)
  else awaited.resolve(asResult(message))
}

const asMessage = (message: Uint8Array | undefined): Uint8Array | undefined => message

function asResult(message: Uint8Array | undefined): Result {
  return message === undefined ? { done: true, value: undefined } : { done: false, value: message }
}
