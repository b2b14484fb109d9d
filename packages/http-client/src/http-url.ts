import { quoted } from '@plainwire/socket-utils/errors'

/**
 * The URL of a request, checked before anything is opened. TypeError for what is no http: or https: URL, RangeError for a
 * port outside 1 to 65535.
 */
export function parseHttpUrl(target: string | URL): URL {
  const text = String(target)
  // The platform's parser would take these out without a word.
  const stray = /[\u0000-\u0020\u007f]/.test(text) // oxlint-disable-line no-control-regex -- these are what is refused
  const url = stray ? null : URL.parse(text)
  if (url === null) {
    const port = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*:([0-9]+)(?:[/?#]|$)/i.exec(text)?.[1]
    if (!stray && Number(port) > 65535) throw portError(port)
    throw new TypeError(`${quoted(withoutPassword(text))} is no URL: write http://host/path`)
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new TypeError(`${quoted(withoutPassword(text))} is no http: URL: write http://host/path`)
  }
  if (url.port === '0') throw portError('0')
  return url
}

/** As a socket call takes it: IPv6 without brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

export function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}

/** Messages are for people, and for logs. */
function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/?#]*@/, '//…@')
}

function portError(port: string | undefined): RangeError {
  return new RangeError(`port must be 1 to 65535, got ${port}`)
}
