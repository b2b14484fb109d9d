// Connections that outlive an exchange: where they rest, who gets them next, and when they are given up.

import type { Deadline } from '@plainwire/socket-utils/connect'
import { NetworkError, quoted } from '@plainwire/socket-utils/errors'
import type { ClientConnection } from './client-connection.ts'
import type { Left } from './incoming-response.ts'

/** RangeError from the constructor for a number below 1. */
export interface PoolOptions {
  /** To one origin: scheme, host and port, by the same way there. Default 6, as browsers do. */
  readonly maxPerOrigin?: number
  /** Default 128. */
  readonly maxConnections?: number
  /** A connection at rest for so long is closed: rather by us than by a server just as it is used. Default 4000. */
  readonly idleTimeoutMs?: number
}

/** A connection for one exchange. */
export interface Lease {
  readonly connection: ClientConnection
  /** Whether another exchange had it before. */
  readonly reused: boolean
  /** To be called once at the end of the exchange. */
  release(left: Left): void
}

export interface LeaseRequest {
  /** What has the same key can use the same connections. */
  readonly key: string
  readonly open: () => Promise<ClientConnection>
  readonly deadline: Deadline
  /** For messages. */
  readonly operation: string
  /** Not one that was used before: it may be dead, too. */
  readonly fresh: boolean
}

/** A connection of a pool, leased again and again. */
class PooledConnection implements Lease {
  readonly key: string
  readonly connection: ClientConnection
  reused = false
  restsSinceMs = 0
  readonly #givenBack: (pooled: PooledConnection, left: Left) => void

  constructor(key: string, connection: ClientConnection, givenBack: (pooled: PooledConnection, left: Left) => void) {
    this.key = key
    this.connection = connection
    this.#givenBack = givenBack
  }

  release(left: Left): void {
    this.#givenBack(this, left)
  }
}

/** A connection to use, or the right to open one, which is counted already; an error when the pool is closed. */
type Turn = PooledConnection | 'open' | NetworkError

interface Waiter {
  readonly request: LeaseRequest
  readonly turn: (turn: Turn) => void
}

interface Origin {
  /** In the order in which they came to rest: the last is the likeliest to be alive. */
  readonly resting: PooledConnection[]
  readonly waiting: Set<Waiter>
  open: number
}

/** Only the client takes connections from a pool: these two. */
export const rested = Symbol('rested')
export const lease = Symbol('lease')

/**
 * Keeps connections for the next request: `request(url, { pool })`. A request waits, under its own deadline, while its
 * origin or the pool has no room. Connections at rest do not keep the process alive.
 */
export class ConnectionPool implements AsyncDisposable {
  readonly #options: Required<PoolOptions>
  readonly #origins = new Map<string, Origin>()
  #open = 0
  #timer: NodeJS.Timeout | undefined
  #closed: PromiseWithResolvers<void> | undefined

  constructor(options: PoolOptions = {}) {
    const { maxPerOrigin = 6, maxConnections = 128, idleTimeoutMs = 4000 } = options
    this.#options = { maxPerOrigin, maxConnections, idleTimeoutMs }
    for (const [name, value] of Object.entries(this.#options)) {
      const most = name === 'idleTimeoutMs' ? 2 ** 31 - 1 : Infinity
      if (!(value >= 1 && value <= most)) throw new RangeError(`${name} must be 1 or more, got ${quoted(value)}`)
    }
  }

  /** Connections that are open, those of them that rest, and origins that have one or wait for one. */
  get counts(): { readonly open: number; readonly resting: number; readonly origins: number } {
    let resting = 0
    for (const origin of this.#origins.values()) resting += origin.resting.length
    return { open: this.#open, resting, origins: this.#origins.size }
  }

  /**
   * Closes what rests, refuses requests that wait and those that come, and resolves when the exchanges that are going on
   * have ended.
   */
  async close(): Promise<void> {
    this.#closed ??= Promise.withResolvers()
    clearTimeout(this.#timer)
    for (const origin of this.#origins.values()) {
      for (const { request, turn } of origin.waiting) turn(poolClosed(request))
      origin.waiting.clear()
      for (const { connection } of [...origin.resting]) connection.close()
    }
    if (this.#open === 0) this.#closed.resolve()
    await this.#closed.promise
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** A connection at rest, where nobody waits for one: without a promise, since this is what a pool is for. */
  [rested](key: string): Lease | undefined {
    const origin = this.#origins.get(key)
    const last = origin?.waiting.size === 0 && !this.#closed ? origin.resting.pop() : undefined
    if (!last) return undefined
    last.connection.rest(false)
    return last
  }

  async [lease](request: LeaseRequest): Promise<Lease> {
    const turn = await this.#turn(request)
    if (turn instanceof NetworkError) throw turn
    const { key } = request
    if (turn !== 'open') return turn
    let connection: ClientConnection
    try {
      connection = await request.open()
    } catch (error) {
      this.#forget(key)
      throw error
    }
    const pooled = new PooledConnection(key, connection, this.#givenBack)
    connection.onUnusable = () => this.#unusable(pooled)
    return pooled
  }

  readonly #givenBack = (pooled: PooledConnection, left: Left): void => {
    const { connection } = pooled
    if (left === 'reusable' && connection.usable && !this.#closed) this.#rest(pooled)
    else connection.close()
  }

  #turn(request: LeaseRequest): Turn | Promise<Turn> {
    if (this.#closed) return poolClosed(request)
    const origin = this.#originOf(request.key)
    // Who came first goes first.
    const turn = origin.waiting.size === 0 ? this.#offer(origin, request.fresh) : undefined
    if (turn !== undefined) return turn
    return new Promise((resolve, reject) => {
      const { deadline } = request
      const end = (): void => {
        origin.waiting.delete(waiter)
        deadline.removeEventListener('abort', abort)
      }
      const abort = (): void => {
        end()
        reject(deadline.reason)
      }
      const waiter: Waiter = {
        request,
        turn(turn) {
          end()
          resolve(turn)
        },
      }
      origin.waiting.add(waiter)
      deadline.addEventListener('abort', abort)
    })
  }

  /** What this origin can have right now. */
  #offer(origin: Origin, fresh: boolean): Turn | undefined {
    if (!fresh) {
      const resting = origin.resting.pop()
      if (resting) {
        resting.connection.rest(false)
        return resting
      }
    }
    const { maxPerOrigin, maxConnections } = this.#options
    // One of its own that rests would stand in the way of a fresh one.
    if (origin.open >= maxPerOrigin) origin.resting[0]?.connection.close()
    else if (this.#open >= maxConnections) this.#longestAtRest()?.close()
    if (origin.open >= maxPerOrigin || this.#open >= maxConnections) return undefined
    origin.open++
    this.#open++
    return 'open'
  }

  #rest(pooled: PooledConnection): void {
    const { key, connection } = pooled
    const origin = this.#originOf(key)
    connection.release()
    pooled.reused = true
    for (const waiter of origin.waiting) {
      if (!waiter.request.fresh) return waiter.turn(pooled)
    }
    connection.rest(true)
    pooled.restsSinceMs = performance.now()
    origin.resting.push(pooled)
    this.#wake(this.#options.idleTimeoutMs)
    // Who is left there wants a fresh one, and gets it in the place of this.
    if (origin.waiting.size > 0) this.#serve(origin)
    else if (this.#open >= this.#options.maxConnections) this.#serve()
  }

  #unusable(pooled: PooledConnection): void {
    const { key, connection } = pooled
    const { resting } = this.#originOf(key)
    const at = resting.indexOf(pooled)
    if (at !== -1) {
      resting.splice(at, 1)
      connection.close()
    }
    this.#forget(key)
  }

  /** A connection is gone, or could not be opened: its place is free. */
  #forget(key: string): void {
    const origin = this.#originOf(key)
    origin.open--
    this.#open--
    if (origin.open === 0 && origin.waiting.size === 0) this.#origins.delete(key)
    this.#serve(origin)
    if (this.#open === 0) this.#closed?.resolve()
  }

  /** Gives a turn to whoever can have one, those of `first` before others. */
  #serve(first?: Origin): void {
    if (this.#closed) return
    const origins = first ? [first, ...this.#origins.values()] : this.#origins.values()
    for (const origin of origins) {
      for (const waiter of origin.waiting) {
        const turn = this.#offer(origin, waiter.request.fresh)
        if (turn === undefined) break
        waiter.turn(turn)
      }
    }
  }

  #longestAtRest(): ClientConnection | undefined {
    let longest: PooledConnection | undefined
    for (const { resting } of this.#origins.values()) {
      if (resting[0] && !(longest && longest.restsSinceMs <= resting[0].restsSinceMs)) longest = resting[0]
    }
    return longest?.connection
  }

  /** One timer for all that rest. */
  #wake(inMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const { idleTimeoutMs } = this.#options
      const nowMs = performance.now()
      let nextMs = Infinity
      for (const { resting } of [...this.#origins.values()]) {
        // Node's timers count whole milliseconds, and may come a part of one early.
        for (const { connection } of resting.filter(({ restsSinceMs }) => nowMs - restsSinceMs > idleTimeoutMs - 1))
          connection.close()
        if (resting[0]) nextMs = Math.min(nextMs, resting[0].restsSinceMs + idleTimeoutMs - nowMs)
      }
      if (nextMs < Infinity) this.#wake(nextMs)
    }, inMs).unref()
  }

  #originOf(key: string): Origin {
    let origin = this.#origins.get(key)
    if (!origin) this.#origins.set(key, (origin = { resting: [], waiting: new Set(), open: 0 }))
    return origin
  }
}

function poolClosed({ operation }: LeaseRequest): NetworkError {
  return new NetworkError('connection-closed', `${operation}: the connection pool is closed`)
}
