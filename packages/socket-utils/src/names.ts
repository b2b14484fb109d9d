// Host names and addresses as the system sees them: its hosts file and its resolver, in its order.

import { lookup } from 'node:dns/promises'
import { hostname } from 'node:os'
import { startDeadline, unlessAborted } from './deadline.ts'
import { hostKind } from './host.ts'
import { NetworkError, networkError, quoted } from './protocol/errors.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
}

export interface LookupOptions {
  readonly signal?: AbortSignal
  /** Default 10_000. */
  readonly timeoutMs?: number
}

/** The name of the host that this code runs on, as gethostname gives it: often without a domain. */
export function localHostname(): string {
  return hostname()
}

/**
 * All addresses of a host in the system's order of preference (getaddrinfo, RFC 6724), at least one; an address
 * resolves to itself. The system's look-up cannot be cancelled: past the deadline the promise is settled, but the
 * process stays alive until the resolver gives up.
 *
 * TypeError for an empty host; NetworkError `lookup-failed` for a name that is not found, that is too long, or that
 * is a short form of an address (`127.1`, `0x7f.1`), and `timed-out`.
 */
export async function resolveHost(
  host: string,
  options: LookupOptions & { readonly family?: 4 | 6 } = {},
): Promise<ResolvedAddress[]> {
  const { family, signal, timeoutMs = 10_000 } = options
  const expired = (): Error => new NetworkError('timed-out', `look up ${quoted(host)}: timed out after ${timeoutMs} ms`)
  using deadline = startDeadline(timeoutMs, signal, expired)
  return await addressesOf(host, family, deadline.signal)
}

/** resolveHost under a deadline that somebody else keeps. */
export async function addressesOf(
  host: string,
  family: 4 | 6 | undefined,
  signal: AbortSignal,
): Promise<ResolvedAddress[]> {
  if (family !== undefined && family !== 4 && family !== 6) {
    throw new RangeError(`family must be 4 or 6, got ${quoted(family)}`)
  }
  const kind = hostKind(host)
  if (kind !== 'name') {
    // The system's look-up answers `::1` with `::1` even when asked for IPv4.
    if (family !== undefined && family !== kind) {
      throw new NetworkError('lookup-failed', `look up ${quoted(host)}: an IPv${kind} address, not IPv${family}`)
    }
    return [{ address: host, family: kind }]
  }
  const found = await unlessAborted(lookup(host, { all: true, family: family ?? 0, order: 'verbatim' }), signal).catch(
    (error: unknown) => {
      throw signal.aborted ? error : networkError(`look up ${quoted(host)}`, error)
    },
  )
  // A hosts file may name one address twice.
  const unique = new Map(
    found.map(({ address, family }) => [address, { address, family: family === 6 ? 6 : 4 } as const]),
  )
  return [...unique.values()]
}
