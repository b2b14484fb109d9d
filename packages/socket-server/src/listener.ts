// A listening socket in this thread. Node accepts for as long as it listens: whoever may not be served yet has to wait
// here, accepted and paused, not in the kernel's backlog.

import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { NetworkError, networkError, type WireError } from '@plainwire/socket-utils/errors'
import { BACK_OFF_MS, Descriptors } from './descriptors.ts'
import { listenOperation, type ListenTarget } from './options.ts'
import { parkServer } from './parking.ts'
import { sweepAndClose } from './sweep.ts'
import { replaceStale } from './unix-socket.ts'

/** Something that accepts clients, until it stops. */
export interface Listener {
  /** Numeric; the path of a Unix socket, whose port is 0. */
  readonly host: string
  readonly port: number
  /** As asked for; undefined for one that never listens. */
  readonly backlog?: number
  /** Accepts no more; with `sweep`, those who wait in the backlog come first. Calling it again may leave the sweep out. */
  stop(options?: { readonly sweep?: boolean }): void
  /** Resolves when it has stopped and no client is still to come; rejects if accepting broke down. */
  readonly stopped: Promise<void>
  /** Leaves clients in the backlog, until `resume`. False: it cannot, and they go on coming. */
  suspend(): boolean
  resume(): void
}

/** Where a listener listens, and when it stops or waits. */
export interface AcceptOptions {
  readonly target: ListenTarget
  /** Stops by itself after so many. */
  readonly totalConnections?: number | undefined
  /** How many may be served at one time; the others are left to wait. Taken into account by acceptInThread alone. */
  readonly maxActive: number
  /** Descriptors have run out, and accepting has stopped for a moment if it can; or one accept(2) failed. */
  readonly onTrouble?: ((trouble: AcceptTrouble) => void) | undefined
}

/** What a listener meets. `waits`: clients stay in the kernel’s backlog meanwhile; without it Node closes them. */
export type AcceptTrouble =
  | { readonly type: 'out-of-descriptors'; readonly waits: boolean }
  | { readonly type: 'recovered' }
  | { readonly type: 'accept-failed'; readonly error: WireError }

/**
 * Called for each client, its socket paused and unread. `release` must be called once, when its place is free again.
 */
export type OnSocket = (socket: Socket, release: () => void) => void

/** A way to accept. NetworkError where the address cannot be had. */
export type Accept = (options: AcceptOptions, onSocket: OnSocket) => Promise<Listener>

/** How sockets are accepted: unread, so that no byte is taken from the kernel before the handler asks. */
const ACCEPTED = { pauseOnConnect: true, allowHalfOpen: true } as const

/** Accepts in this thread. Where a server cannot be parked, `suspend` has no effect. */
export async function acceptHere(options: AcceptOptions, onSocket: OnSocket): Promise<Listener> {
  const server = createServer(ACCEPTED)
  const { target } = options
  try {
    await replaceStale(target)
    server.listen(target, target.backlog) // twice, since for a descriptor the second alone counts
    await once(server, 'listening')
  } catch (error) {
    throw listenError(target, error)
  }
  return new ListenerHere(server, options, onSocket)
}

/** The target's port, or one of the kernel's choice for 0, if nobody listens there; NetworkError `address-in-use` else. */
export async function freePortFor(target: ListenTarget): Promise<number> {
  const server = createServer()
  try {
    await once(server.listen(target), 'listening')
    return boundTo(server.address()).port
  } catch (error) {
    throw listenError(target, error)
  } finally {
    server.close()
  }
}

/** What the system said, or that it has no such thing as sharing a port. */
export function listenError(target: ListenTarget, cause: unknown): WireError {
  const operation = listenOperation(target)
  if ('reusePort' in target && target.reusePort && process.platform !== 'linux') {
    const isMissing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOTSUP' || cause.code === 'EINVAL')
    if (isMissing)
      return new NetworkError('unsupported', `${operation}: ${process.platform} has no reusePort`, { cause })
  }
  return networkError(operation, cause)
}

const noPlace = (): void => {}

class ListenerHere implements Listener {
  readonly host: string
  readonly port: number
  readonly backlog: number
  readonly stopped: Promise<void>
  readonly #options: AcceptOptions
  readonly #onSocket: OnSocket
  readonly #descriptors = new Descriptors()
  #server: Server
  /** Gives the server back that is parked. */
  #unpark: (() => Server) | undefined
  #suspended = false
  #backOff: NodeJS.Timeout | undefined
  #accepted = 0
  #hasStopped!: () => void

  constructor(server: Server, options: AcceptOptions, onSocket: OnSocket) {
    this.#options = options
    this.#onSocket = onSocket
    this.stopped = new Promise((resolve) => (this.#hasStopped = resolve))
    const { host, port } = boundTo(server.address())
    this.host = host
    this.port = port
    this.backlog = options.target.backlog
    this.#server = this.#listenTo(server)
  }

  stop({ sweep = false }: { readonly sweep?: boolean } = {}): void {
    clearTimeout(this.#backOff)
    this.#suspended = false
    this.#goOn()
    if (sweep) sweepAndClose(this.#server, this.backlog, this.#hasStopped)
    else this.#close()
  }

  suspend(): boolean {
    this.#suspended = true
    return this.#park()
  }

  resume(): void {
    this.#suspended = false
    if (this.#backOff === undefined) this.#goOn()
  }

  #listenTo(server: Server): Server {
    return server.on('connection', (socket) => this.#take(socket)).on('error', (error) => this.#failed(error))
  }

  #take(socket: Socket): void {
    this.#accepted += 1
    if (this.#accepted === this.#options.totalConnections) this.#close()
    else if (this.#descriptors.runShort()) this.#waitForDescriptors()
    this.#onSocket(socket, noPlace)
  }

  #close(): void {
    this.#server.close()
    this.#hasStopped()
  }

  /** One accept(2) has failed, which costs that client alone: the socket goes on listening. */
  #failed(cause: Error): void {
    const error = networkError(`accept on ${this.host}`, cause)
    this.#options.onTrouble?.({ type: 'accept-failed', error })
  }

  #waitForDescriptors(): void {
    if (this.#backOff !== undefined) return
    this.#options.onTrouble?.({ type: 'out-of-descriptors', waits: this.#park() })
    const lookAgain = (): void => {
      if (this.#descriptors.look()) {
        this.#backOff = setTimeout(lookAgain, BACK_OFF_MS)
        return
      }
      this.#backOff = undefined
      this.#options.onTrouble?.({ type: 'recovered' })
      if (!this.#suspended) this.#goOn()
    }
    this.#backOff = setTimeout(lookAgain, BACK_OFF_MS)
  }

  #park(): boolean {
    this.#unpark ??= parkServer(this.#server, ACCEPTED, this.backlog)
    return this.#unpark !== undefined
  }

  #goOn(): void {
    if (this.#unpark === undefined) return
    this.#server = this.#listenTo(this.#unpark())
    this.#unpark = undefined
  }
}

/** The address of a server as Node tells it; nothing for a Unix socket that somebody else bound. */
export function boundTo(address: unknown): { readonly host: string; readonly port: number } {
  if (typeof address === 'string') return { host: address, port: 0 }
  const { address: host, port } = (address ?? { address: '', port: 0 }) as { address: string; port: number }
  return { host, port }
}
