// Threads that share the clients: each gets the next one when it has the fewest. Who comes while none is ready waits here,
// unread.

import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { Closing, CloseReason } from '../closing.ts'
import { type HandlerEvents, reportHandlerError } from '../handler.ts'
import type { Address, Place } from '../arrival.ts'
import type { ServiceOptions } from '../service.ts'
import type { Session, Sessions } from '../sessions.ts'
import { ClientCount } from './client-count.ts'
import type { ClientThread } from './client-thread.ts'
import { type PoolExit, PoolThread } from './pool-thread.ts'

/** What a pool is made of, checked. */
export interface PoolPlan {
  readonly moduleUrl: string
  readonly options: ServiceOptions
  readonly threads: number
  readonly unresponsiveMs: number
  readonly events: HandlerEvents<ClientThread>
  readonly onExit: ((exit: PoolExit) => void) | undefined
  readonly sessions: Sessions
  readonly isBehindProxy: (socket: Socket) => boolean
}

const exits = channel('plainwire:socket-server:worker:exit')

/** The threads, and the clients who wait for one of them. */
export class Pool {
  readonly #plan: PoolPlan
  readonly #threads: readonly PoolThread[]
  readonly #queue = new Set<PooledClient>()
  readonly #started = Promise.withResolvers<void>()
  #clients = 0
  #watchdog: NodeJS.Timeout | undefined
  #draining = false

  constructor(plan: PoolPlan) {
    this.#plan = plan
    const { moduleUrl, options, events } = plan
    this.#threads = Array.from(
      { length: plan.threads },
      () =>
        new PoolThread(
          { moduleUrl, options },
          {
            ready: (thread) => this.#ready(thread),
            free: (thread) => this.#feed(thread),
            fault: (threadId, { error, remote, local }) =>
              reportHandlerError(error, { threadId, remote, local }, events),
            exited: (_, exit) => this.#exited(exit),
          },
        ),
    )
  }

  /** For the curious: connections of each thread. */
  get threads(): readonly PoolThread[] {
    return this.#threads
  }

  /** Resolves when all are ready; rejects with what the first one that cannot says, and none is left. */
  async start(): Promise<void> {
    for (const thread of this.#threads) thread.start()
    try {
      await this.#started.promise
    } catch (error) {
      for (const thread of this.#threads) thread.cut()
      await this.close()
      throw error
    }
    const { unresponsiveMs } = this.#plan
    if (unresponsiveMs === Infinity) return
    const check = (): void => this.#threads.forEach((thread) => thread.checkPulse(unresponsiveMs))
    // After the answers that came while our own loop was held up: they are not the threads' silence.
    this.#watchdog = setInterval(() => void setImmediate(check), unresponsiveMs).unref()
  }

  /** For a Reception. */
  readonly serve = (socket: Socket, place: Place): void => {
    const client = new PooledClient(socket, place, this.#plan, this.#orders)
    client.begin()
    if (client.name === 'waiting') this.#place(client)
  }

  /** Resolves when no thread is left. */
  async close(): Promise<void> {
    clearInterval(this.#watchdog)
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  #place(client: PooledClient): void {
    const able = this.#threads.filter((thread) => thread.keepsUp)
    const [first] = able
    if (first === undefined) {
      this.#queue.add(client)
      return
    }
    const thread = able.reduce((best, next) => (next.connections < best.connections ? next : best), first)
    client.moveTo(thread, ++this.#clients)
  }

  #ready(thread: PoolThread): void {
    if (this.#threads.every(({ state }) => state === 'ready')) this.#started.resolve()
    if (this.#draining) thread.drain()
    this.#feed(thread)
  }

  #feed(thread: PoolThread): void {
    for (const client of this.#queue) {
      if (!thread.keepsUp) return
      this.#queue.delete(client)
      this.#place(client)
    }
  }

  #exited(exit: PoolExit): void {
    this.#started.reject(exit.error)
    exits.publish(exit)
    this.#plan.onExit?.(exit)
  }

  /** What a server tells its clients reaches all of them in turn, and each thread once. */
  readonly #orders: Orders = {
    drain: () => {
      if (this.#draining) return
      this.#draining = true
      for (const thread of this.#threads) thread.drain()
    },
    cut: (client) => {
      if (!this.#queue.delete(client)) for (const thread of this.#threads) thread.cut()
    },
  }
}

interface Orders {
  drain(): void
  cut(client: PooledClient): void
}

class PooledClient implements Session {
  readonly remote: Address
  readonly #local: Address
  readonly #place: Place
  readonly #events: HandlerEvents<ClientThread>
  readonly #orders: Orders
  readonly #count: ClientCount
  /** Until it is moved. */
  #socket: Socket | undefined
  #cut: CloseReason | undefined
  /** onConnection threw when it was with its thread already. */
  #isFaulty = false

  constructor(socket: Socket, place: Place, { events, isBehindProxy, sessions }: PoolPlan, orders: Orders) {
    const { remoteAddress = '0.0.0.0', remotePort = 0, localAddress = '0.0.0.0', localPort = 0 } = socket
    this.remote = { host: remoteAddress, port: remotePort }
    this.#local = { host: localAddress, port: localPort }
    this.#socket = socket
    this.#place = place
    this.#events = events
    this.#orders = orders
    this.#count = new ClientCount(this, sessions, isBehindProxy(socket))
  }

  get name(): 'waiting' | 'moved' {
    return this.#socket ? 'waiting' : 'moved'
  }

  begin(): void {
    this.#count.begin()
  }

  moveTo(thread: PoolThread, id: number): void {
    const socket = this.#socket
    if (!socket) return
    this.#socket = undefined
    const { threadId } = thread
    const client: ClientThread = { threadId, remote: this.remote, local: this.#local }
    try {
      if (this.#count.isNamed) this.#events.onConnection?.(client)
      thread.place(id, socket, {
        named: () => this.#named(client, () => thread.cutOne(id)),
        over: (closing) => this.#over(closing && this.#isFaulty ? { ...closing, reason: 'handler-error' } : closing),
        lost: () => this.#over(this.#count.closing(this.#cut ?? 'handler-error')),
      })
    } catch (error) {
      // The client broke off while it waited, or onConnection threw.
      const gone = socket.destroyed
      socket.destroy()
      if (!gone) reportHandlerError(error, client, this.#events)
      this.#over(gone ? undefined : this.#count.closing('handler-error'))
    }
  }

  #named(client: ClientThread, end: () => void): void {
    if (!this.#count.named()) return
    try {
      this.#events.onConnection?.(client)
    } catch (error) {
      this.#isFaulty = true
      end()
      reportHandlerError(error, client, this.#events)
    }
  }

  drain(): void {
    this.#orders.drain()
  }

  cut(reason: CloseReason): void {
    this.#cut = reason
    this.#orders.cut(this)
    const socket = this.#socket
    if (!socket) return
    this.#socket = undefined
    socket.destroy()
    this.#over(this.#count.closing(reason))
  }

  /** Without `closing` it was a health check, or gone before anybody looked. */
  #over(closing: Closing | undefined): void {
    this.#count.over(closing)
    this.#place.served?.()
    this.#place.over?.()
  }
}
