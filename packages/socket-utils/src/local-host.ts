// What this host is called.

import { hostname } from 'node:os'
import { withDeadline } from './deadline.ts'
import { addressesOf, type LookupOptions, systemLookup } from './names.ts'
import { quoted, WireError } from './protocol/errors.ts'

/** The name of the host that this code runs on, as gethostname gives it: often without a domain. */
export function localHostname(): string {
  return hostname()
}

/**
 * The name of this host with its domain, as far as the system knows one: the host name itself if it has a dot, else the
 * first name with a dot of one of its addresses, else the bare host name. A name that cannot be looked up is an
 * answer here, not an error; NetworkError `timed-out` remains.
 */
export async function qualifiedHostname(options: LookupOptions = {}): Promise<string> {
  const own = localHostname()
  if (own.includes('.')) return own
  return await withDeadline(`look up the full name of ${quoted(own)}`, options, async (signal) => {
    const names = await addressesOf(own, undefined, signal)
      .then((addresses) =>
        Promise.all(
          addresses.map(({ address }) =>
            systemLookup('', ({ lookupService }) => lookupService(address, 0), signal).then(
              ({ hostname }) => hostname,
              unknownName,
            ),
          ),
        ),
      )
      .catch(unknownName)
    return [names].flat().find((name) => name?.includes('.')) ?? own
  })
}

function unknownName(error: unknown): undefined {
  if (!(error instanceof WireError && error.code === 'lookup-failed')) throw error
}
