// What comes in front of a connection's own bytes: a trusted proxy's header, then the TLS handshake. Until both are done
// it is no connection yet, and a health check never becomes one.

import type { Socket } from 'node:net'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { networkError, ProtocolError } from '@plainwire/socket-utils/errors'
import { type AddressList, readAddressList } from './address-list.ts'
import type { CloseReason } from './closing.ts'
import type { Address, Arrival } from './arrival.ts'
import { ProxyHeaderReader, type ProxyHeaderOptions } from './protocol/proxy-header-reader.ts'
import type { ProxyHeader } from './protocol/proxy-header.ts'
import type { Session } from './sessions.ts'
import type { Timed, TimerQueue } from './timer-queue.ts'
import { type TlsAcceptor, tlsAcceptor, type TlsSettings } from './tls.ts'

/** Whose word is taken for whom a connection is. */
export interface ProxyProtocolOptions extends ProxyHeaderOptions {
  /**
   * The proxies. Every connection of theirs must begin with a header, which says for whom it is; nobody else's may, since
   * it could say anything.
   */
  readonly trust: AddressList
}

/** What comes in front of a connection’s own bytes. Nobody’s handler sees it, and `deadlines.handshakeMs` bounds it. */
export interface EntranceOptions {
  readonly tls?: TlsSettings | TlsAcceptor | undefined
  /** Reads the PROXY protocol, versions 1 and 2. */
  readonly proxyProtocol?: ProxyProtocolOptions | undefined
}

/** EntranceOptions, checked, and what all entrances of a server share. */
export interface EntrancePlan {
  readonly tls: TlsAcceptor | undefined
  readonly trusts: ((host: string | undefined) => boolean) | undefined
  readonly newReader: () => ProxyHeaderReader
  readonly handshakeMs: number
  readonly timers: TimerQueue
}

/** Undefined if nothing comes in front. */
export function readEntrance(
  { tls, proxyProtocol }: EntranceOptions,
  common: Pick<EntrancePlan, 'handshakeMs' | 'timers'>,
): EntrancePlan | undefined {
  if (tls === undefined && proxyProtocol === undefined) return undefined
  const { trust, ...header } = proxyProtocol ?? {}
  const newReader = (): ProxyHeaderReader => new ProxyHeaderReader(header)
  newReader() // a limit of nonsense is the caller's mistake now, not with the first client
  return { tls: tls && tlsAcceptor(tls), trusts: trust && readAddressList('trust', trust), newReader, ...common }
}

/** How an entrance can end; exactly one of them is called, once. */
export interface EntranceEvents {
  readonly opened: (socket: Socket, arrival: Arrival) => void
  readonly refused: (reason: CloseReason, error: Error) => void
  /** A proxy only looked whether somebody is there. */
  readonly healthCheck: () => void
}

type State =
  | { readonly name: 'proxy-header'; readonly reader: ProxyHeaderReader }
  /** The proxy speaks for itself. A health check is over at once; whoever stays, or says something, is served. */
  | { readonly name: 'health-check' }
  | { readonly name: 'tls-handshake' }
  | { readonly name: 'over' }

/** How long a proxy that speaks for itself may take to go, or to say something, before it is served. */
const HEALTH_CHECK_MS = 100

/** One connection on its way in. Holds the socket until one of its events is called. */
export class Entrance implements Session, Timed {
  due = Infinity
  place = -1
  #state: State = { name: 'over' }
  #arrival: Arrival
  readonly #socket: Socket
  readonly #plan: EntrancePlan
  readonly #events: EntranceEvents
  readonly #onData = (bytes: Uint8Array): void => this.#take(bytes)
  readonly #onEnd = (): void => this.#ended()
  readonly #onError = (error: Error): void => this.#failed(error)
  readonly #onClose = (): void => this.#failed(new Error('the connection closed'))

  /** `socket` is paused and unread. */
  constructor(socket: Socket, arrival: Arrival, plan: EntrancePlan, events: EntranceEvents) {
    this.#socket = socket
    this.#arrival = arrival
    this.#plan = plan
    this.#events = events
  }

  begin(): void {
    const { trusts, newReader, timers, handshakeMs } = this.#plan
    this.#socket.on('error', this.#onError)
    this.#socket.on('close', this.#onClose)
    if (trusts === undefined || !(trusts(this.#socket.remoteAddress) || isGone(this.#socket))) {
      this.#handshake()
      return
    }
    this.#state = { name: 'proxy-header', reader: newReader() }
    timers.schedule(this, this.#arrival.acceptedAt + handshakeMs)
    this.#socket.on('data', this.#onData)
    this.#socket.on('end', this.#onEnd)
    this.#socket.resume()
  }

  /** What has got this far is let in: it is served, and drained like the others. */
  drain(): void {}

  cut(reason: CloseReason): void {
    this.#refuse(reason, new Error('closed on this side'))
  }

  expire(): void {
    if (this.#state.name === 'health-check') this.#letIn()
    else this.#refuse('deadline', new Error('the handshake took too long'))
  }

  #take(bytes: Uint8Array): void {
    const state = this.#state
    switch (state.name) {
      case 'proxy-header': {
        state.reader.push(bytes)
        const header = this.#next(state.reader)
        if (header) this.#named(header, state.reader.surplus)
        return
      }
      case 'health-check':
        this.#putBack(bytes)
        this.#letIn()
        return
      case 'tls-handshake':
      case 'over':
        this.#putBack(bytes)
    }
  }

  #next(reader: ProxyHeaderReader): ProxyHeader | undefined {
    try {
      return reader.next()
    } catch (error) {
      this.#refuse('proxy-error', error as ProtocolError)
      return undefined
    }
  }

  #named(header: ProxyHeader, surplus: Uint8Array): void {
    const { remoteAddress: host, remotePort: port } = this.#socket
    const addresses = namedBy(header)
    // HAProxy's check with a version 1 header names the proxy itself.
    const { remote = { host, port } } = addresses
    const itself = (remote.host === host && remote.port === port) || isGone(this.#socket)
    this.#arrival = { ...this.#arrival, ...addresses, proxy: header }
    if (surplus.length > 0 || !itself) {
      this.#putBack(surplus)
      this.#letIn()
    } else {
      this.#state = { name: 'health-check' }
      this.#plan.timers.schedule(this, performance.now() + HEALTH_CHECK_MS)
    }
  }

  /** The client is known: the one that the proxy named, or the proxy itself. */
  #letIn(): void {
    const { remoteAddress: host = '0.0.0.0', remotePort: port = 0 } = this.#socket
    const { place, remote = { host, port } } = this.#arrival
    const refusal = place?.named?.(remote)
    if (refusal === undefined) this.#handshake()
    else this.#refuse(refusal, new Error('not admitted'))
  }

  /** Bytes that are somebody else's to read. */
  #putBack(bytes: Uint8Array): void {
    this.#socket.pause()
    if (bytes.length > 0) this.#socket.unshift(Buffer.from(bytes))
  }

  #handshake(): void {
    this.#socket.pause()
    this.#socket.off('data', this.#onData)
    this.#socket.off('end', this.#onEnd)
    const { tls } = this.#plan
    if (!tls) {
      this.#open(this.#socket)
      return
    }
    this.#state = { name: 'tls-handshake' }
    this.#plan.timers.schedule(this, this.#arrival.acceptedAt + this.#plan.handshakeMs)
    tls.accept(this.#socket, { done: (secured) => this.#open(secured.pause()), failed: (error) => this.#failed(error) })
  }

  #open(socket: Socket): void {
    if (this.#state.name === 'over' && socket !== this.#socket) return
    this.#leave()
    // Below TLS an error is told above, too; without a listener it would end the process.
    if (socket !== this.#socket) this.#socket.on('error', () => {})
    this.#events.opened(socket, this.#arrival)
  }

  #ended(): void {
    const state = this.#state
    switch (state.name) {
      case 'proxy-header':
        // A proxy that goes without a word looked whether the port is open.
        if (state.reader.surplus.length === 0) {
          this.#checked()
          return
        }
        state.reader.end()
        this.#next(state.reader)
        return
      case 'health-check':
        this.#checked()
        return
      case 'tls-handshake':
      case 'over':
    }
  }

  #failed(cause: Error): void {
    const state = this.#state
    switch (state.name) {
      case 'health-check':
        this.#checked()
        return
      case 'proxy-header':
        if (state.reader.surplus.length === 0) this.#checked()
        else this.#refuse('reset', cause)
        return
      case 'tls-handshake':
        this.#refuse('tls-error', cause)
        return
      case 'over':
    }
  }

  #checked(): void {
    this.#leave()
    this.#socket.on('error', () => {}).destroy()
    this.#events.healthCheck()
  }

  #refuse(reason: CloseReason, cause: Error): void {
    if (this.#state.name === 'over') return
    const { remoteAddress: host = '0.0.0.0', remotePort: port = 0 } = this.#socket
    const operation = `connection from ${formatEndpoint({ host, port })}`
    this.#leave()
    this.#socket.on('error', () => {}).destroy()
    this.#events.refused(reason, cause instanceof ProtocolError ? cause : networkError(operation, cause))
  }

  #leave(): void {
    this.#state = { name: 'over' }
    this.#plan.timers.cancel(this)
    this.#socket.off('data', this.#onData)
    this.#socket.off('end', this.#onEnd)
    this.#socket.off('error', this.#onError)
    this.#socket.off('close', this.#onClose)
  }
}

/** A TCP connection that was reset already: the kernel no longer says whose it was. So end health checks, usually. */
function isGone(socket: Socket): boolean {
  return socket.remoteAddress === undefined && socket.localAddress !== undefined
}

function namedBy(header: ProxyHeader): { readonly remote?: Address; readonly local?: Address } {
  const { addresses } = header
  if (header.command === 'local' || addresses === undefined) return {}
  if (addresses.family === 'unix') {
    const { source, destination } = addresses
    return { remote: { host: source.path, port: 0 }, local: { host: destination.path, port: 0 } }
  }
  return { remote: addresses.source, local: addresses.destination }
}
