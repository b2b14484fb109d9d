// Several addresses of one host have failed, each in its own way: which way says most about the host?

import type { NetworkErrorCode } from './errors.ts'

/** What we lack ourselves first, then what the host answered, then silence, then what never left this machine. */
const MOST_TELLING: readonly NetworkErrorCode[] = [
  'out-of-descriptors',
  'connect-refused',
  'connection-reset',
  'permission-denied',
  'timed-out',
  'unreachable',
  'address-unavailable',
  'unsupported',
]

/** So an IPv6 address without a route does not hide that the IPv4 one refused. `failed` if none of them is known. */
export function mostTelling(codes: readonly string[]): NetworkErrorCode {
  return MOST_TELLING.find((code) => codes.includes(code)) ?? 'failed'
}
