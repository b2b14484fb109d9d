// Who may come in, asked once for every client: the lists, how many of one address, how many a second.

import { isIPv6 } from 'node:net'
import { type AddressList, readAddressList } from './address-list.ts'
import { milliseconds } from './deadlines.ts'
import { numberOrNone } from './options.ts'

/** Who may come in. Whoever may not is closed unread, with an event, and counted as `denied` or `limit`. */
export interface AdmissionOptions {
  /** Only these may connect. The lists are asked about the client that a trusted proxy names, where one does. */
  readonly allow?: AddressList | undefined
  /** These may not, even if they are allowed. */
  readonly deny?: AddressList | undefined
  /** Connections of one address at one time. Default no limit. */
  readonly perAddress?: number | undefined
  /** Connections of one IPv6 network of 64 bits at one time: what one customer usually has. Default `perAddress`. */
  readonly perPrefix64?: number | undefined
  /** New connections a second, of all together; as many may come at once after a pause. Default no limit. */
  readonly perSecond?: number | undefined
}

/** On a list, or one too many. */
export type Refusal = 'denied' | 'limit'

/** One for each server; RangeError or TypeError for options of nonsense. */
export class Admission {
  /** Whether `admit` has to be asked at all, and whether for an address. */
  readonly asksAddress: boolean
  readonly #allowed: ((host: string | undefined) => boolean) | undefined
  readonly #denied: ((host: string | undefined) => boolean) | undefined
  readonly #perAddress: number
  readonly #perPrefix: number
  readonly #perSecond: number
  readonly #counts = new Map<string, number>()
  /** A bucket of tokens, one for each client, that fills at `perSecond`. */
  #tokens: number
  #filledAt = performance.now()

  constructor(options: AdmissionOptions) {
    const { allow, deny, perAddress = Infinity } = options
    this.#allowed = allow && readAddressList('allow', allow)
    this.#denied = deny && readAddressList('deny', deny)
    this.#perAddress = numberOrNone('perAddress', perAddress, 1)
    this.#perPrefix = numberOrNone('perPrefix64', options.perPrefix64 ?? perAddress, 1)
    this.#perSecond = milliseconds('perSecond', options.perSecond ?? Infinity)
    this.#tokens = Math.max(1, this.#perSecond)
    this.asksAddress = Boolean(allow ?? deny) || this.#perAddress < Infinity || this.#perPrefix < Infinity
  }

  /** Undefined: come in, and `leave` later. `host` is undefined for a client of a Unix socket. */
  admit(host: string | undefined): Refusal | undefined {
    if (this.#denied?.(host) === true || this.#allowed?.(host) === false) return 'denied'
    const prefix = prefix64(host)
    if (host !== undefined && this.#count(host) >= this.#perAddress) return 'limit'
    if (prefix !== undefined && this.#count(prefix) >= this.#perPrefix) return 'limit'
    if (!this.#takeToken()) return 'limit'
    if (host !== undefined && this.#perAddress < Infinity) this.#add(host, 1)
    if (prefix !== undefined && this.#perPrefix < Infinity) this.#add(prefix, 1)
    return undefined
  }

  leave(host: string | undefined): void {
    const prefix = prefix64(host)
    if (host !== undefined && this.#perAddress < Infinity) this.#add(host, -1)
    if (prefix !== undefined && this.#perPrefix < Infinity) this.#add(prefix, -1)
  }

  /** Addresses that are counted now. */
  get addresses(): number {
    return this.#counts.size
  }

  #count(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  #add(key: string, change: 1 | -1): void {
    const count = this.#count(key) + change
    if (count > 0) this.#counts.set(key, count)
    else this.#counts.delete(key)
  }

  #takeToken(): boolean {
    if (this.#perSecond === Infinity) return true
    const now = performance.now()
    const filled = this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond
    this.#tokens = Math.min(Math.max(1, this.#perSecond), filled)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}

/** The network of an IPv6 address, in one spelling; undefined for IPv4, IPv4-mapped ones, and what is no address. */
export function prefix64(host: string | undefined): string | undefined {
  if (host === undefined || !host.includes(':') || !isIPv6(host)) return undefined
  const [head = '', tail] = (host.split('%')[0] as string).split('::')
  const groups = head === '' ? [] : head.split(':')
  // What `::` leaves out are zeros; an address that ends in dotted decimal has two groups there.
  const behind = tail === undefined || tail === '' ? [] : tail.split(':')
  const length = behind.length + (behind.at(-1)?.includes('.') ? 1 : 0)
  if (tail !== undefined) while (groups.length + length < 8) groups.push('0')
  const all = [...groups, ...behind].map((group) => (group.includes('.') ? group : parseInt(group, 16).toString(16)))
  if (all.at(-1)?.includes('.') || all.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return undefined
  return `${all.slice(0, 4).join(':')}::/64`
}
