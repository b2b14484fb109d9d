// A connected socket as exchanges use it, one at a time: send, read when asked, then give it back or close it. What
// ends it early is said in one way: the caller's reason, the deadline's error, or the system's as a NetworkError.

import type { Socket } from 'node:net'
import type { Deadline } from '@plainwire/socket-utils/connect'
import { NetworkError, networkError } from '@plainwire/socket-utils/errors'
import type { ConnectionEnds } from './connection-ends.ts'
import type { ExchangeRecorder } from './exchange-trace.ts'
import type { PhaseTimeouts } from './phase-timeouts.ts'
import { joined } from './message-body.ts'
import { copyOf, openPlainly, type Arrival, type Inlet } from './shared-read-buffer.ts'

/** What a connection must know of the exchange that uses it. */
export interface ConnectionUser {
  readonly deadline: Deadline
  readonly recorder: ExchangeRecorder
  readonly phases: PhaseTimeouts | undefined
  /** For messages: `GET http://host/`. */
  readonly operation: string
}

type Reader = PromiseWithResolvers<Uint8Array | undefined>

/** How long a server that was asked to close is waited for. Its FIN mostly comes right behind the last byte. */
const LINGER_MS = 100

/** Takes what arrives during the call; true when it has all that it wanted. */
export type Sink = (bytes: Uint8Array) => boolean

export class ClientConnection {
  /** Called once, when it is of no use to any further exchange. */
  onUnusable: (() => void) | undefined
  readonly ends: ConnectionEnds
  readonly #socket: Socket
  #user: ConnectionUser | undefined
  /** Of the last user, for messages. */
  #operation: string | undefined
  /** What arrived unasked for; while it is there nothing more is read. */
  readonly #waiting: Uint8Array[] = []
  #reader: Reader | undefined
  #sink: Sink | undefined
  #paused = false
  #ended = false
  #lingers = false
  #failure: unknown
  #closedHere = false
  /** Undefined where the socket reads into a buffer that is not its own. */
  readonly #stopReading: (() => void) | undefined

  /** Owns the socket from here on. `inlet`: the one that the socket was made with, if it was. */
  constructor(socket: Socket, ends: ConnectionEnds, inlet?: Inlet) {
    this.ends = ends
    this.#socket = socket
    // Also while nobody reads: an error without a listener would end the process.
    socket.on('error', this.#onError).on('end', this.#onEnd).on('close', this.#onClose)
    const arrived: Arrival = (bytes, lasting) => this.#arrived(bytes, lasting)
    if (inlet) inlet.open(socket, arrived)
    else this.#stopReading = openPlainly(socket, arrived)
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten
  }

  /** Whether another exchange may begin: open, and nothing came that nobody asked for. */
  get usable(): boolean {
    return !this.broken && !this.#ended && this.#waiting.length === 0
  }

  /** From here on the end of this user's deadline closes the connection. */
  begin(user: ConnectionUser): void {
    this.#user = user
    user.deadline.addEventListener('abort', this.#onAbort)
    if (user.deadline.aborted) this.#onAbort()
  }

  /** The exchange is over, and the connection free for another. */
  release(): void {
    this.#user?.deadline.removeEventListener('abort', this.#onAbort)
    this.#user = undefined
    // Paused, it would not hear that the server closes, or says what nobody asked for.
    if (this.#waiting.length === 0) this.#readOn()
  }

  #readOn(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#socket.resume()
  }

  /** Whether nothing can be sent any more. */
  get broken(): boolean {
    return this.#closedHere || this.#failure !== undefined || this.#socket.destroyed
  }

  /** A connection that waits for its next exchange does not keep the process alive. */
  rest(resting: boolean): void {
    if (resting) this.#socket.unref()
    else this.#socket.ref()
  }

  /** Resolves when the kernel has taken all of it: a sender of more should wait for that. */
  write(data: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.send(data, resolve, reject)
    })
  }

  /** The same without a promise. Text is ISO-8859-1. A failure is also told to whoever reads. */
  send(data: Uint8Array | string, sent: () => void, failed?: (reason: unknown) => void): void {
    this.#user?.recorder.noteSent(data)
    this.#socket.write(data, 'latin1', (error) => {
      if (error || this.#socket.destroyed) failed?.(this.#reason(error))
      else sent()
    })
  }

  /** What arrived next, or undefined once the server has finished. */
  read(): Promise<Uint8Array | undefined> {
    const bytes = this.#waiting.shift()
    if (bytes !== undefined) return Promise.resolve(bytes)
    return this.#whenRead()
  }

  /** Hands all that arrives to `sink` until that wants no more, or the server has finished. */
  async flow(sink: Sink): Promise<void> {
    for (let bytes = this.#waiting.shift(); bytes !== undefined; bytes = this.#waiting.shift()) {
      if (sink(bytes)) return
    }
    this.#sink = sink
    await this.#whenRead()
  }

  #whenRead(): Promise<Uint8Array | undefined> {
    if (this.#ended || this.#socket.destroyed) return this.#outcome()
    this.#readOn()
    this.#user?.phases?.reading()
    this.#reader = Promise.withResolvers()
    return this.#reader.promise
  }

  /**
   * Gives the socket away, paused and without a listener, and what has been read from it that nobody asked for. It must have
   * been made without an inlet.
   */
  detach(): { readonly socket: Socket; readonly surplus: Uint8Array } {
    const socket = this.#socket
    socket.pause()
    this.#stopReading?.()
    socket.off('error', this.#onError).off('end', this.#onEnd).off('close', this.#onClose)
    const surplus = joined(this.#waiting.splice(0))
    this.#closedHere = true
    return { socket, surplus }
  }

  /** At once, from any state, and the descriptor with it; what was not read is lost. */
  close(): void {
    if (this.#closedHere) return
    this.#closedHere = true
    this.#waiting.length = 0
    this.#user?.deadline.removeEventListener('abort', this.#onAbort)
    this.#letGo()
    this.#socket.destroy()
    this.#unusable()
  }

  /**
   * The exchange is over, and the server was asked to close: so it does that first, if it does so soon. Who closes first
   * cannot use the port again for a minute (TIME_WAIT), and there are 28,000 of them for all that ask one server.
   */
  closeLast(): void {
    if (!this.usable) return this.close()
    this.#user?.deadline.removeEventListener('abort', this.#onAbort)
    this.#letGo()
    this.#lingers = true
    this.#readOn()
    this.#socket.setTimeout(LINGER_MS, () => this.close()).unref()
  }

  /** Node's sockets outlive their use by a round or two of the collector, and what they hold with them. */
  #letGo(): void {
    if (this.#user?.deadline.aborted) return
    this.#operation = this.#user?.operation
    this.#user = undefined
  }

  /** False when nobody was waiting for it: then what is here is enough for now. */
  #arrived(view: Uint8Array, lasting: boolean): boolean {
    if (this.#lingers) {
      this.close()
      return false
    }
    const user = this.#user
    const sink = this.#sink
    const bytes = lasting || (sink && !user?.recorder.keepsBytes) ? view : copyOf(view)
    user?.recorder.noteReceived(bytes)
    if (sink) {
      this.#pour(sink, bytes)
      return true
    }
    const reader = this.#takeReader()
    if (reader) {
      reader.resolve(bytes)
      return true
    }
    this.#waiting.push(bytes)
    this.#paused = true
    if (user === undefined) this.#unusable()
    return false
  }

  #pour(sink: Sink, bytes: Uint8Array): void {
    try {
      if (sink(bytes)) this.#takeReader()?.resolve(undefined)
      else this.#user?.phases?.reading()
    } catch (error) {
      this.#takeReader()?.reject(error)
    }
  }

  #end(): void {
    this.#ended = true
    this.#takeReader()?.resolve(undefined)
    if (this.#lingers) this.close()
    else if (this.#user === undefined) this.#unusable()
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.#takeReader()?.reject(this.#reason(error))
    this.#unusable()
  }

  #takeReader(): Reader | undefined {
    const reader = this.#reader
    this.#reader = undefined
    this.#sink = undefined
    if (reader) this.#user?.phases?.received()
    return reader
  }

  #unusable(): void {
    const { onUnusable } = this
    this.onUnusable = undefined
    onUnusable?.()
  }

  /** Once nothing more can arrive: that the server finished, or why it did not. */
  #outcome(): Promise<undefined> {
    const whole = this.#ended && this.#failure === undefined && !this.#closedHere && !this.#user?.deadline.aborted
    return whole ? Promise.resolve(undefined) : Promise.reject(this.#reason(undefined))
  }

  #reason(cause: unknown): unknown {
    const { deadline, operation = this.#operation ?? 'connection' } = this.#user ?? {}
    if (deadline?.aborted) return deadline.reason
    if (this.#closedHere) return new NetworkError('connection-closed', `${operation}: closed on this side`)
    return networkError(operation, this.#failure ?? cause)
  }

  readonly #onAbort = (): void => {
    this.#socket.destroy()
  }

  readonly #onError = (error: Error): void => this.#fail(error)
  readonly #onEnd = (): void => this.#end()
  readonly #onClose = (): void => this.#fail(undefined)
}
