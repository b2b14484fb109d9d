// Host names and addresses as the system sees them: its hosts file and its resolver, in its order.

import type * as dns from 'node:dns/promises'
import { isIP, SocketAddress } from 'node:net'
import { type Cancellation, unlessAborted, withDeadline } from './deadline.ts'
import { hostKind } from './host.ts'
import { NetworkError, networkError, quoted } from './protocol/errors.ts'

/** An address to connect to. IPv6 is in its shortest form (RFC 5952), with its zone if it has one: `fe80::1%eth0`. */
export interface ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** A name that the system has for an address, and the address that was asked about. */
export interface HostName {
  /** The system's first name for the address, which for 127.0.0.1 is mostly `localhost`. */
  readonly name: string
  readonly address: string
  readonly family: 4 | 6
}

/**
 * The system's look-ups cannot be cancelled: past the deadline the promise is settled, but the process stays alive
 * until the resolver itself gives up.
 */
export interface LookupOptions {
  /** Default 10_000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * All addresses of a host in the system's order of preference (getaddrinfo, RFC 6724), at least one; an address
 * resolves to itself, an IPv6 one in its shortest form.
 *
 * TypeError for an empty host, RangeError for a family other than 4 and 6. NetworkError `lookup-failed` for a name that
 * is not found or cannot exist, for an address of the other family, and for short and foreign forms of an address
 * (`127.1`, `0x7f.1`), which the system would take; `timed-out`.
 */
export async function resolveHost(
  host: string,
  options: LookupOptions & { readonly family?: 4 | 6 } = {},
): Promise<ResolvedAddress[]> {
  return await withDeadline(`look up ${quoted(host)}`, options, (signal) => addressesOf(host, options.family, signal))
}

/**
 * The name of an address, as gethostbyaddr: the hosts file first, then the name server's PTR record. TypeError for
 * what is no address; NetworkError `lookup-failed` for an address without a name, `timed-out`.
 */
export async function reverseHost(address: string, options: LookupOptions = {}): Promise<HostName> {
  const family = isIP(address)
  if (family !== 4 && family !== 6)
    throw new TypeError(`address must be an IPv4 or IPv6 address, got ${quoted(address)}`)
  const operation = `look up the name of ${quoted(address)}`
  return await withDeadline(operation, options, async (signal) => {
    const { hostname } = await systemLookup(operation, ({ lookupService }) => lookupService(address, 0), signal)
    return { name: hostname, address, family }
  })
}

/** resolveHost under a deadline that somebody else keeps. */
export async function addressesOf(
  host: string,
  family: 4 | 6 | undefined,
  signal: Cancellation,
): Promise<ResolvedAddress[]> {
  const literal = literalAddress(host, family)
  return literal ? [literal] : await lookUp(host, family, signal)
}

/** The address that the host is, without asking anybody; undefined for a name. Throws as resolveHost. */
export function literalAddress(host: string, family: 4 | 6 | undefined): ResolvedAddress | undefined {
  if (family !== undefined && family !== 4 && family !== 6) {
    throw new RangeError(`family must be 4 or 6, got ${quoted(family)}`)
  }
  const kind = hostKind(host)
  if (kind === 'name') return undefined
  if (family === undefined || family === kind) return { address: kind === 6 ? shortest(host) : host, family: kind }
  // The system's look-up would answer `::1` with `::1` even when asked for IPv4.
  throw new NetworkError('lookup-failed', `look up ${quoted(host)}: an IPv${kind} address, not IPv${family}`)
}

/** As the system's look-up would give it. */
function shortest(address: string): string {
  const [numbers = '', zone] = address.split('%')
  const shortened = new SocketAddress({ address: numbers, family: 'ipv6' }).address
  return zone === undefined ? shortened : `${shortened}%${zone}`
}

/** The addresses of a name, at least one. */
export async function lookUp(
  name: string,
  family: 4 | 6 | undefined,
  signal: Cancellation,
): Promise<ResolvedAddress[]> {
  const options = { all: true, family: family ?? 0, order: 'verbatim' } as const
  return withoutRepeats(await systemLookup(`look up ${quoted(name)}`, ({ lookup }) => lookup(name, options), signal))
}

/** Loaded for the first name: a process that connects to an address alone starts half a millisecond earlier without. */
let resolver: typeof dns | undefined

export async function systemLookup<T>(
  operation: string,
  ask: (resolver: typeof dns) => Promise<T>,
  signal: Cancellation,
): Promise<T> {
  try {
    resolver ??= await import('node:dns/promises')
    return await unlessAborted(ask(resolver), signal)
  } catch (error) {
    throw signal.aborted ? error : networkError(operation, error)
  }
}

/** A hosts file may name one address twice; trying it twice would be of no use. */
function withoutRepeats(found: readonly { address: string; family: number }[]): ResolvedAddress[] {
  const byAddress = new Map(found.map(({ address, family }) => [address, family === 6 ? 6 : 4] as const))
  return [...byAddress].map(([address, family]) => ({ address, family }))
}
