// One connection of a load generator: a request at a time, again after each reply, connected anew when it breaks.

import { connect, type Socket } from 'node:net'
import { networkError, type WireError } from '@plainwire/socket-utils/errors'
import type { OnReply, ReplyReader } from './protocol/reply.ts'

/** What is asked, and how the end of an answer is found. */
export interface Exchange {
  readonly host: string
  readonly port: number
  readonly request: Uint8Array
  readonly reader: (onReply: OnReply) => ReplyReader
}

/** What happens on the connections of a load; never after `close`. */
export interface LoadEvents {
  /** A place for the next request is free: connected, and no reply outstanding. */
  idle(connection: LoadConnection): void
  replied(connection: LoadConnection, statusCode: number | undefined): void
  /** Broken off, or refused; it connects again after a moment. */
  failed(connection: LoadConnection, error: WireError): void
}

/** A server that refuses is asked again so often, not as fast as it can refuse. */
const RECONNECT_MS = 50

type State =
  | { readonly name: 'connecting'; readonly socket: Socket }
  | { readonly name: 'idle' | 'waiting'; readonly socket: Socket }
  | { readonly name: 'broken'; readonly timer: NodeJS.Timeout }
  | { readonly name: 'closed' }

/** One of a load’s connections. It does not connect before it is told to, and reconnects until it is closed. */
export class LoadConnection {
  /** Which of all it is; its requests are due by it. */
  readonly index: number
  /** When its request was sent, and since when it should have been; milliseconds of performance.now(). */
  sentAt = 0
  dueAt = 0
  bytesSent = 0
  bytesReceived = 0
  readonly #exchange: Exchange
  readonly #events: LoadEvents
  #state: State = { name: 'closed' }
  /** It has carried a request. */
  #used = false

  constructor(index: number, exchange: Exchange, events: LoadEvents) {
    this.index = index
    this.#exchange = exchange
    this.#events = events
  }

  get idle(): boolean {
    return this.#state.name === 'idle'
  }

  connect(): void {
    const { host, port, reader: makeReader } = this.#exchange
    const operation = `connect to ${host}:${port}`
    const socket = connect({ host, port, noDelay: true })
    this.#used = false
    let failure: WireError | undefined
    const reader = makeReader(({ persistent, statusCode }) => {
      const state = this.#state
      if (state.name !== 'waiting') {
        failure ??= networkError(operation, new Error('a reply that was not asked for'))
        socket.destroy()
        return
      }
      this.#state = { name: 'idle', socket: state.socket }
      // The next request then waits for the next connection.
      if (!persistent) socket.destroy()
      this.#events.replied(this, statusCode)
    })
    const take = (read: () => void): void => {
      try {
        read()
      } catch (error) {
        failure ??= networkError(operation, error)
        socket.destroy()
      }
    }
    this.#state = { name: 'connecting', socket }
    socket.on('connect', () => {
      this.#state = { name: 'idle', socket }
      this.#events.idle(this)
    })
    socket.on('data', (bytes: Buffer) => {
      this.bytesReceived += bytes.length
      const { name } = this.#state
      take(() => reader.push(bytes))
      // Only now: a second reply among the same bytes would pass for that to the next request.
      if (name === 'waiting' && this.idle && !socket.destroyed) this.#events.idle(this)
    })
    socket.on('end', () => take(() => reader.end()))
    socket.on('error', (error) => (failure ??= networkError(operation, error)))
    socket.on('close', () => this.#closed(failure, operation))
  }

  /** Sends the request; it must be idle. `dueAt` is when it should have been sent, `now` or before. */
  send(dueAt: number, now: number): void {
    const state = this.#state
    if (state.name !== 'idle') throw new Error(`send() while ${state.name}`)
    this.#state = { name: 'waiting', socket: state.socket }
    this.#used = true
    this.dueAt = dueAt
    this.sentAt = now
    this.bytesSent += this.#exchange.request.length
    state.socket.write(this.#exchange.request)
  }

  /** A reply that is outstanding is given up. */
  close(): void {
    const state = this.#state
    this.#state = { name: 'closed' }
    switch (state.name) {
      case 'connecting':
      case 'idle':
      case 'waiting':
        state.socket.destroy()
        return
      case 'broken':
        clearTimeout(state.timer)
        return
      case 'closed':
        return
    }
  }

  #closed(failure: WireError | undefined, operation: string): void {
    const state = this.#state
    if (state.name === 'closed') return
    const lost = state.name === 'waiting' || state.name === 'connecting'
    const error = failure ?? (lost ? networkError(operation, endedWithout()) : undefined)
    if (error === undefined && this.#used) {
      // It had said so, or was idle: nothing is lost.
      this.connect()
      return
    }
    this.#state = { name: 'broken', timer: setTimeout(() => this.connect(), RECONNECT_MS) }
    if (error) this.#events.failed(this, error)
  }
}

function endedWithout(): Error {
  return Object.assign(new Error('the server closed it before it had replied'), { code: 'EPIPE' })
}
