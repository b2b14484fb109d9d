// A connected socket as an exchange uses it: send once, read when asked, close in any case. What ends it early is said
// in one way: the caller's reason, the deadline's error, or the system's as a NetworkError.

import type { Socket } from 'node:net'
import { NetworkError, networkError } from '@plainwire/socket-utils/errors'
import type { Deadline } from '@plainwire/socket-utils'
import type { ExchangeRecorder } from './exchange-trace.ts'

export class ClientConnection {
  readonly #socket: Socket
  readonly #deadline: Deadline
  readonly #recorder: ExchangeRecorder
  readonly #operation: string
  readonly #incoming: AsyncIterator<Uint8Array>
  readonly #onAbort = (): void => {
    this.#socket.destroy()
  }
  #failure: Error | undefined
  #closedHere = false

  /** Owns the socket and the deadline from here on. */
  constructor(socket: Socket, deadline: Deadline, recorder: ExchangeRecorder, operation: string) {
    this.#socket = socket
    this.#deadline = deadline
    this.#recorder = recorder
    this.#operation = operation
    this.#incoming = socket[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
    // Also while nobody reads: an error without a listener would end the process.
    socket.on('error', (error) => (this.#failure ??= error))
    deadline.signal.addEventListener('abort', this.#onAbort)
    if (deadline.signal.aborted) this.#onAbort()
  }

  /** Resolves when the kernel has taken all of it. */
  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#recorder.noteSent(bytes)
      this.#socket.write(bytes, (error) => {
        if (error || this.#socket.destroyed) return reject(this.#reason(error))
        this.#recorder.reached('sent')
        resolve()
      })
    })
  }

  /** What arrived next, or undefined once the server has finished. */
  async read(): Promise<Uint8Array | undefined> {
    try {
      const { done, value } = await this.#incoming.next()
      if (this.#deadline.signal.aborted) throw this.#deadline.signal.reason
      if (!done) {
        // A plain view: what a Buffer calls slice() is no copy, which its readers would have to know.
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.length)
        this.#recorder.noteReceived(bytes)
        return bytes
      }
      // The iterator of a socket that was destroyed without an error just ends.
      if (this.#failure || this.#closedHere) throw this.#reason(undefined)
      return undefined
    } catch (error) {
      throw this.#reason(error)
    }
  }

  /** At once, from any state; what was not read is lost. */
  close(): void {
    this.#closedHere = true
    this.#deadline.signal.removeEventListener('abort', this.#onAbort)
    this.#deadline[Symbol.dispose]()
    this.#socket.destroy()
  }

  /** Resolves when the descriptor is released. */
  closed(): Promise<void> {
    if (this.#socket.closed) return Promise.resolve()
    return new Promise((resolve) => this.#socket.once('close', () => resolve()))
  }

  #reason(cause: unknown): unknown {
    const { signal } = this.#deadline
    if (signal.aborted) return signal.reason
    if (this.#closedHere) return new NetworkError('connection-closed', `${this.#operation}: closed on this side`)
    return networkError(this.#operation, this.#failure ?? cause)
  }
}
