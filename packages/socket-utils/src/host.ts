// What may stand where a host is expected. One answer for every function that takes a host: the system's resolver also
// reads `127.1`, `0x7f.1` and `2130706433` as addresses while net.isIP calls them names, and a filter that asks the one
// before a connection that asks the other lets them through. Here they are neither.

import { isIP } from 'node:net'
import { NetworkError, quoted } from './protocol/errors.ts'

export type HostKind = 4 | 6 | 'name'

const MOST_NAME_BYTES = 253
const MOST_LABEL_BYTES = 63

/**
 * 4 or 6 for an address, 'name' for what a resolver may be asked. TypeError for what is not a string or empty;
 * NetworkError `lookup-failed` for a text that no name server can know, before anything is sent.
 */
export function hostKind(host: string): HostKind {
  if (typeof host !== 'string') throw new TypeError(`host must be a string, got ${quoted(host)}`)
  if (host === '') throw new TypeError('host must not be empty')
  const family = isIP(host)
  if (family === 4 || family === 6) return family
  const fault = nameFault(host)
  if (fault !== undefined) throw new NetworkError('lookup-failed', `look up ${quoted(host)}: ${fault}`)
  return 'name'
}

/** The size limits are RFC 1035 §2.3.4's; letters beyond ASCII are left to the resolver, which encodes them. */
function nameFault(name: string): string | undefined {
  if (/^\[.*\]$/.test(name)) return 'write an IPv6 address without brackets'
  if (/^(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?$/i.test(name)) {
    return 'neither a name nor an address: write an IPv4 address as four decimal numbers'
  }
  // oxlint-disable-next-line no-control-regex -- these are what is refused
  if (/[\u0000-\u0020\u007f"#%/:<>?@[\\\]^`{|}]/.test(name)) return 'not a host name'
  const relative = name.endsWith('.') ? name.slice(0, -1) : name
  const labels = relative.split('.')
  if (labels.includes('')) return 'a part between two dots is empty'
  if (relative.length > MOST_NAME_BYTES)
    return `a name has at most ${MOST_NAME_BYTES} letters, this has ${relative.length}`
  const long = labels.find((label) => label.length > MOST_LABEL_BYTES)
  if (long !== undefined)
    return `a part has at most ${MOST_LABEL_BYTES} letters, ${quoted(long, 12)} has ${long.length}`
  return undefined
}
