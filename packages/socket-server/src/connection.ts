// One client's byte stream as a handler sees it. Nothing is read from the kernel before it is asked for, so a client
// that sends faster than the handler reads is slowed down by TCP itself, and a socket on its way to another thread
// takes all its bytes along.

import type { Socket } from 'node:net'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { NetworkError, networkError, type WireError } from '@plainwire/socket-utils/errors'

/** One end of a connection; it fits `formatEndpoint`. */
export interface Address {
  /** Numeric, as the kernel gives it: `127.0.0.1`, `::1`, `::ffff:127.0.0.1` on a dual-stack listener. */
  readonly host: string
  readonly port: number
}

/** Nobody waits; at most one message comes in by itself, the rest stays below. */
type Idle = { readonly name: 'idle' }
type Ended = { readonly name: 'ended' }
type Failed = { readonly name: 'failed' }

type Incoming =
  | { readonly name: 'awaited'; readonly resolve: Resolve; readonly reject: (error: unknown) => void }
  /** A message came before it was asked for; the socket is paused, though its end or a fault may still show. */
  | { readonly name: 'held'; readonly message: Uint8Array; readonly next: Idle | Ended | Failed }
  | { readonly name: 'discarded' }
  | Idle
  | Ended
  | Failed

type Resolve = (message: Uint8Array | undefined) => void

/**
 * A connected client. Iterating gives its messages until it finishes; a message is what one read returned, and TCP keeps
 * no borders: two writes of the client may come as one message, one write as many. The client finishing (FIN) ends the
 * reading side alone, so a reply can still be written. When the handler is done, the server ends the connection.
 *
 * A reset by the peer is a NetworkError `connection-reset` from `read` and `write`; a connection destroyed on this side
 * is `connection-closed`.
 */
export class Connection implements AsyncIterable<Uint8Array> {
  /** The client. `0.0.0.0` port 0 if it was gone before the kernel could be asked. */
  readonly remote: Address
  readonly local: Address
  /** Resolves when both directions are closed and the descriptor is released. */
  readonly closed: Promise<void>
  readonly #socket: Socket
  #incoming: Incoming = { name: 'idle' }
  #failure: WireError | undefined
  #ending: Promise<void> | undefined

  /** `socket` must be connected and must have read nothing; the connection owns it from here on. */
  constructor(socket: Socket) {
    this.#socket = socket
    this.remote = { host: socket.remoteAddress ?? '0.0.0.0', port: socket.remotePort ?? 0 }
    this.local = { host: socket.localAddress ?? '0.0.0.0', port: socket.localPort ?? 0 }
    socket.allowHalfOpen = true
    socket.setNoDelay(true)
    // Paused before the listener is added: adding it would start the flow, with nobody there to take the bytes.
    socket.pause()
    socket.on('data', (message: Uint8Array) => this.#take(message))
    socket.on('end', () => this.#finish())
    socket.on('error', (error) => this.#fail(error))
    this.closed = new Promise((resolve) => {
      socket.once('close', () => resolve())
    })
  }

  /** Counts what the kernel handed over, one message that waits to be read included. */
  get bytesRead(): number {
    return this.#socket.bytesRead
  }

  /** Counts what was given to `write`, sent or not. */
  get bytesWritten(): number {
    return this.#socket.bytesWritten
  }

  /** What broke the connection, if anything did: the very error that `read` and `write` reject with. */
  get failure(): WireError | undefined {
    return this.#failure
  }

  /** The next message, or undefined once the client has finished. One read at a time; a second is a TypeError. */
  read(): Promise<Uint8Array | undefined> {
    const incoming = this.#incoming
    switch (incoming.name) {
      case 'held':
        this.#incoming = incoming.next
        return Promise.resolve(incoming.message)
      case 'ended':
        return Promise.resolve(undefined)
      case 'failed':
        return rejected(this.#failure)
      case 'discarded':
        return rejected(this.#closedHere())
      case 'awaited':
        return rejected(new TypeError('read() while an earlier read() still waits'))
      case 'idle':
        break
    }
    return handled(
      new Promise((resolve, reject) => {
        this.#incoming = { name: 'awaited', resolve, reject }
        this.#socket.resume()
      }),
    )
  }

  /** Leaving the loop early leaves the connection open: the handler may still read and write. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return {
      next: async () => {
        const message = await this.read()
        return message === undefined ? { done: true, value: undefined } : { done: false, value: message }
      },
    }
  }

  /**
   * Sends bytes, or text as UTF-8. Resolves when the kernel has taken all of it: a handler that awaits it holds no more
   * than it wrote last, however slowly the client reads. A rejection that nobody awaits is not an unhandled one.
   */
  write(data: Uint8Array | string): Promise<void> {
    return handled(
      new Promise((resolve, reject) => {
        if (this.#socket.writableEnded) throw new TypeError('write() after end()')
        this.#socket.write(data, (error) => (error ? reject(this.#fail(error)) : resolve()))
      }),
    )
  }

  /** Finishes the sending side after all that was written; reading goes on. Resolves when the FIN is with the kernel. */
  end(): Promise<void> {
    this.#ending ??= handled(
      new Promise((resolve, reject) => {
        // A socket that is destroyed already would never call back.
        if (this.#failure) throw this.#failure
        this.#socket.end((error?: Error | null) => (error ? reject(this.#fail(error)) : resolve()))
      }),
    )
    return this.#ending
  }

  /**
   * Ends, then drops what the client still sends until it finishes too, for at most `lingerMs` (default 2000): closing
   * with bytes unread would make the kernel send a reset, which can destroy a reply on its way. Never rejects.
   */
  async close(options: { readonly lingerMs?: number } = {}): Promise<void> {
    try {
      await this.end()
    } catch {
      this.destroy()
    }
    this.#discard()
    const timer = setTimeout(() => this.destroy(), options.lingerMs ?? 2000)
    await this.closed
    clearTimeout(timer)
  }

  /** Closes at once; what was not sent yet is lost. A read or write that waits rejects with `connection-closed`. */
  destroy(): void {
    if (this.#socket.destroyed) return
    this.#settle(this.#closedHere())
    this.#socket.destroy()
  }

  #take(message: Uint8Array): void {
    const incoming = this.#incoming
    switch (incoming.name) {
      case 'awaited':
        this.#incoming = { name: 'idle' }
        incoming.resolve(message)
        return
      case 'idle':
        this.#incoming = { name: 'held', message, next: { name: 'idle' } }
        this.#socket.pause()
        return
      case 'discarded':
        return
      case 'held':
      case 'ended':
      case 'failed':
        throw new Error(`bytes came in while the reading side was ${incoming.name}`)
    }
  }

  #finish(): void {
    const incoming = this.#incoming
    this.#incoming = incoming.name === 'held' ? { ...incoming, next: { name: 'ended' } } : { name: 'ended' }
    if (incoming.name === 'awaited') incoming.resolve(undefined)
  }

  #discard(): void {
    const incoming = this.#incoming
    if (incoming.name === 'ended' || incoming.name === 'failed') return
    this.#incoming = { name: 'discarded' }
    if (incoming.name === 'awaited') incoming.reject(this.#closedHere())
    this.#socket.resume()
  }

  #fail(cause: Error): WireError {
    return this.#settle(this.#failure ?? this.#failureFrom(cause))
  }

  #settle(failure: WireError): WireError {
    this.#failure ??= failure
    const incoming = this.#incoming
    if (incoming.name === 'awaited') incoming.reject(this.#failure)
    // A message that came before the fault is still the next to be read; a client that had finished stays finished.
    if (incoming.name === 'held') {
      const { message, next } = incoming
      this.#incoming = { name: 'held', message, next: next.name === 'ended' ? next : { name: 'failed' } }
    } else if (incoming.name !== 'ended') {
      this.#incoming = { name: 'failed' }
    }
    return this.#failure
  }

  #failureFrom(cause: Error): WireError {
    const operation = `connection from ${formatEndpoint(this.remote)}`
    // Linux answers a write with EPIPE, not ECONNRESET, if the client had finished before it reset.
    if ('code' in cause && cause.code === 'EPIPE') {
      return new NetworkError('connection-reset', `${operation}: connection reset by peer (EPIPE)`, { cause })
    }
    return networkError(operation, cause)
  }

  #closedHere(): WireError {
    return new NetworkError('connection-closed', `connection from ${formatEndpoint(this.remote)}: closed on this side`)
  }
}

/** The same promise; a rejection that nobody awaits does not end the process. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

function rejected(reason: unknown): Promise<never> {
  return handled(Promise.reject(reason))
}
