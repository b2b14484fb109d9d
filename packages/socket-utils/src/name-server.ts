// What a name server says of a name, and for how long it will hold: getaddrinfo, which asks the hosts file too, gives
// no time to live.

import type { Resolver } from 'node:dns/promises'
import { withDeadline } from './deadline.ts'
import { hostKind } from './host.ts'
import type { LookupOptions, ResolvedAddress } from './names.ts'
import { networkError, quoted } from './protocol/errors.ts'

/** An A or AAAA record of the name server's answer. */
export interface DnsAddress extends ResolvedAddress {
  /** How long the answer may be kept, RFC 1035 §3.2.1; of an answer from a cache, what is left of that. */
  readonly ttlSeconds: number
}

export interface DnsOptions extends LookupOptions {
  /** Addresses of this family alone. */
  readonly family?: 4 | 6
  /** Addresses of name servers, with a port if it is not 53: `127.0.0.1:5353`, `[::1]:53`. Default: the system's. */
  readonly servers?: readonly string[]
}

/**
 * The addresses that the name server has for a name, IPv6 first, at least one. Unlike resolveHost it asks no hosts file,
 * adds no search domain and does not sort (RFC 6724); an abort ends the query itself.
 *
 * TypeError for an address, for a host that is empty and for a server that is no address, RangeError for another family. NetworkError `lookup-failed`
 * when neither family has an address, or the server fails; `connect-refused`; `timed-out`. If one family fails and the
 * other has addresses, these are the answer.
 */
export async function queryHost(host: string, options: DnsOptions = {}): Promise<DnsAddress[]> {
  const { family, servers } = options
  if (family !== undefined && family !== 4 && family !== 6) {
    throw new RangeError(`family must be 4 or 6, got ${quoted(family)}`)
  }
  if (hostKind(host) !== 'name') throw new TypeError(`host must be a name, got the address ${quoted(host)}`)
  const operation = `ask the name server for ${quoted(host)}`
  return await withDeadline(operation, options, async (signal) => {
    const { Resolver } = await import('node:dns/promises') // as names.ts loads it
    signal.throwIfAborted()
    const resolver = new Resolver()
    if (servers) setServers(resolver, servers)
    signal.addEventListener('abort', () => resolver.cancel())
    const answers = await Promise.allSettled([
      ...(family === 4 ? [] : [resolver.resolve6(host, { ttl: true }).then((records) => withFamily(records, 6))]),
      ...(family === 6 ? [] : [resolver.resolve4(host, { ttl: true }).then((records) => withFamily(records, 4))]),
    ])
    signal.throwIfAborted()
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    const failed = answers.find((answer) => answer.status === 'rejected')
    if (addresses.length === 0 && failed) throw networkError(operation, failed.reason)
    return addresses
  })
}

function setServers(resolver: Resolver, servers: readonly string[]): void {
  try {
    resolver.setServers(servers)
  } catch (cause) {
    const shown = servers.map((server) => quoted(server)).join(', ')
    throw new TypeError(`servers must be addresses, with or without a port, got ${shown}`, { cause })
  }
}

function withFamily(records: readonly { address: string; ttl: number }[], family: 4 | 6): DnsAddress[] {
  return records.map(({ address, ttl }) => ({ address, family, ttlSeconds: ttl }))
}
