// Where a service is, as people write it: `host:port`, `[v6%zone]:port`, a bare host, any of them after `scheme://`,
// or `unix:/path`. The parts are what a socket call takes.

import { quoted } from './errors.ts'

/** `host:port`, with or without a scheme; the protocol behind it may as well be UDP, as with `ntp://`. */
export interface TcpEndpoint {
  /** Lower case, without `://`; undefined where none was written. */
  readonly scheme?: string
  /** A name or an address, without brackets; an IPv6 zone stays on it, as in `fe80::1%eth0`. */
  readonly host: string
  /** 0 to 65535. */
  readonly port: number
}

/** `unix:/path`: absolute or relative, as written, at least one character. */
export interface UnixEndpoint {
  readonly scheme: 'unix'
  readonly path: string
}

/** What parseEndpoint makes of a text; a Unix socket is the one with a `path`. */
export type Endpoint = TcpEndpoint | UnixEndpoint

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['ntp', 123],
  ['echo', 7],
  ['daytime', 13],
])

/**
 * A person's text as an endpoint. Without a port in the text: the scheme's own (`http` 80, `https` 443, `ntp` 123), else
 * `defaultPort`. Throws TypeError for a text that is no endpoint and RangeError for a port outside 0 to 65535.
 */
export function parseEndpoint(text: string, options: { readonly defaultPort?: number } = {}): Endpoint {
  if (typeof text !== 'string') throw new TypeError(`an endpoint is text such as host:port, got ${quoted(text)}`)
  if (text.startsWith('unix:')) return parseUnixEndpoint(text)
  const withScheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)\/?$/.exec(text)
  const scheme = withScheme?.[1]?.toLowerCase()
  const { host, portText } = splitAuthority(withScheme?.[2] ?? text, text)
  const port = portText === undefined ? (DEFAULT_PORTS.get(scheme ?? '') ?? options.defaultPort) : parsePort(portText)
  if (port === undefined) throw new TypeError(`no port in ${quoted(text)}: write host:port`)
  return scheme === undefined ? { host, port } : { scheme, host, port }
}

/** A port written in decimal. RangeError unless it is a whole number from 0 to 65535. */
export function parsePort(text: string): number {
  const port = /^[0-9]+$/.test(text) ? Number(text) : NaN
  if (!(port <= 65535)) throw new RangeError(`port must be 0 to 65535, got ${quoted(text)}`)
  return port
}

/** The inverse of parseEndpoint; an IPv6 address gets its brackets back. */
export function formatEndpoint(endpoint: Endpoint): string {
  // A path of three slashes would lose two of them, as what follows `unix:` may be a URL's empty authority.
  if ('path' in endpoint) return `${endpoint.path.startsWith('///') ? 'unix://' : 'unix:'}${endpoint.path}`
  const { scheme, host, port } = endpoint
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return scheme === undefined ? authority : `${scheme}://${authority}`
}

function parseUnixEndpoint(text: string): UnixEndpoint {
  const path = text.slice('unix:'.length).replace(/^\/\/(?=\/)/, '')
  if (path === '' || path.includes('\0')) throw new TypeError(`no socket path in ${quoted(text)}: write unix:/path`)
  return { scheme: 'unix', path }
}

function splitAuthority(authority: string, text: string): { host: string; portText: string | undefined } {
  const bracketed = /^\[([0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[^\s[\]/?#@]+)?)\](?::(.*))?$/.exec(authority)
  if (bracketed?.[1] !== undefined) return { host: bracketed[1], portText: bracketed[2] }
  // Two colons or more without brackets can only be a bare IPv6 address: a port after one would be ambiguous. Five digits
  // in a row are no part of one, but a port where the brackets were forgotten.
  const bare = /^[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[^\s:[\]/?#@]+)?$/
  if (bare.test(authority) && !/:[0-9A-Fa-f]{5,}$/.test(authority)) {
    return { host: authority, portText: undefined }
  }
  const named = /^([^\s:[\]/?#@]+)(?::([^:/?#]*))?$/.exec(authority)
  if (named?.[1] === undefined) throw new TypeError(`${quoted(text)} is no endpoint: write host:port or [v6]:port`)
  return { host: named[1], portText: named[2] }
}
