// Kisses obeyed, RFC 5905 §7.4: who may be asked again, and when. It outlives a single call, as the orders do.

import { quoted } from '@plainwire/socket-utils/errors'
import { type KissOfDeath } from './kiss-of-death.ts'

/** A server that has ordered something. Times in ms of whatever clock the caller uses throughout. */
type Order =
  | { readonly name: 'never-again'; readonly kiss: KissOfDeath }
  | { readonly name: 'not-before'; readonly kiss: KissOfDeath; readonly atMs: number; readonly intervalMs: number }

/** Ask now, or not before `atMs` on the clock of `nowMs`, or never again; `kiss` is the order that says so. */
export type Permission =
  | { readonly name: 'granted' }
  | { readonly name: 'later'; readonly atMs: number; readonly kiss: KissOfDeath }
  | { readonly name: 'refused'; readonly kiss: KissOfDeath }

/** 2¹⁷ s, RFC 5905's MAXPOLL: a server may ask for a day and a half of silence, not for ever. */
const MOST_POLL = 17
const MOST_INTERVAL_MS = 2 ** MOST_POLL * 1000

/**
 * What servers have ordered with a kiss-o'-death (RFC 5905 §7.4): kept for the life of this object, one order for each
 * server. It reads no clock: `nowMs` is any that never goes back.
 */
export class KissMemory {
  readonly #orders = new Map<string, Order>()
  readonly #leastMs: number

  /**
   * `leastMs`: what a first `RATE` costs at least; each further one costs twice the one before. RangeError for what is not
   * above 0.
   */
  constructor({ leastMs = 4000 }: { readonly leastMs?: number } = {}) {
    if (!(typeof leastMs === 'number' && leastMs > 0 && leastMs <= MOST_INTERVAL_MS)) {
      throw new RangeError(`leastMs must be above 0 and at most ${MOST_INTERVAL_MS}, got ${quoted(leastMs)}`)
    }
    this.#leastMs = leastMs
  }

  /** May `server` be asked? Whatever names servers for the caller will do, such as its endpoint as text. */
  permission(server: string, nowMs: number): Permission {
    const order = this.#orders.get(server)
    switch (order?.name) {
      case undefined:
        return { name: 'granted' }
      case 'never-again':
        return { name: 'refused', kiss: order.kiss }
      case 'not-before':
        return nowMs >= order.atMs ? { name: 'granted' } : { name: 'later', atMs: order.atMs, kiss: order.kiss }
    }
  }

  /** `DENY` and `RSTR` are for ever, whatever comes after them; `RATE` is for a while; other codes order nothing. */
  obey(server: string, kiss: KissOfDeath, nowMs: number): void {
    if (this.#orders.get(server)?.name === 'never-again') return
    switch (kiss.kissCode) {
      case 'DENY':
      case 'RSTR':
        this.#orders.set(server, { name: 'never-again', kiss })
        break
      case 'RATE': {
        const order = this.#orders.get(server)
        const before = order?.name === 'not-before' ? order.intervalMs : 0
        const askedForMs = 2 ** Math.min(kiss.poll, MOST_POLL) * 1000
        const intervalMs = Math.min(Math.max(this.#leastMs, askedForMs, 2 * before), MOST_INTERVAL_MS)
        this.#orders.set(server, { name: 'not-before', kiss, atMs: nowMs + intervalMs, intervalMs })
        break
      }
      default:
    }
  }

  /** An answer with time in it: the interval is long enough, and a later `RATE` begins anew. */
  forgive(server: string): void {
    if (this.#orders.get(server)?.name === 'not-before') this.#orders.delete(server)
  }
}
