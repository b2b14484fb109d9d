import { type Endpoint, formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'

/** Where to bind, and for how long. */
export interface BindOptions {
  /** A name or a numeric address of this host. Default `127.0.0.1`: nobody outside can connect. */
  readonly host?: string | undefined
  /** 0 to 65535. Default 0: the kernel picks a free one, `RunningServer.port` tells which. */
  readonly port?: number | undefined
  /** Aborting it closes the server as `close()` does; if it aborts before the server runs, starting rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

/** Where one socket listens: on a host and port, at a path, or on a descriptor that somebody else bound. */
export interface ListenerOptions extends Pick<BindOptions, 'host' | 'port'> {
  /** A Unix socket instead, or a named pipe on Windows. A file that a dead server left there is replaced. */
  readonly path?: string | undefined
  /** A socket that is bound already, as `activatedSockets()` tells. Its backlog becomes what is asked for here. */
  readonly fd?: number | undefined
  /**
   * How many connections the kernel completes and keeps before they are accepted. 1 or more, default 511; Linux cuts it
   * to `net.core.somaxconn` and lets one more wait.
   */
  readonly backlog?: number | undefined
  /** Lets other sockets listen on the same port, each with its share of the clients. Default false. Not on Windows, nor macOS. */
  readonly reusePort?: boolean | undefined
  /** With host `::`, leaves IPv4 to others. Default false. */
  readonly ipv6Only?: boolean | undefined
  /**
   * How many sockets listen on the port, 1 to 256. Node accepts one client of each in a turn of its loop, so with hundreds
   * of busy connections a burst waits for its turns; 32 take it in batches. More than one needs Linux, as reusePort does,
   * and `ss` shows each with the backlog that was asked for. Without reusePort a port that somebody else listens on is
   * still `address-in-use`, as far as starting goes: later on another program of this user could join. Default 1.
   */
  readonly acceptors?: number | undefined
}

/** Where to listen: in one place, or in several. */
export interface ListenOptions extends BindOptions, ListenerOptions {
  /** Several at once; each takes from the options around it what it does not say itself. */
  readonly listeners?: readonly ListenerOptions[] | undefined
}

/** A host and a port, checked. */
export interface BindAddress {
  readonly host: string
  readonly port: number
}

/** Where to listen, checked. It fits net.Server's `listen`. */
export type ListenTarget =
  | (BindAddress & {
      readonly backlog: number
      readonly reusePort: boolean
      readonly ipv6Only: boolean
      readonly acceptors: number
    })
  | { readonly path: string; readonly backlog: number }
  | { readonly fd: number; readonly backlog: number }

/** Where to bind, checked: TypeError or RangeError for what no kernel would take. */
export function bindAddress(options: BindOptions): BindAddress {
  const { host = '127.0.0.1', port = 0 } = options
  if (typeof host !== 'string' || host === '') {
    throw new TypeError(`host must be a name or an address, got ${quoted(host)}`)
  }
  return { host, port: wholeNumber('port', port, 0, 65535) }
}

/** Where to listen, checked: TypeError or RangeError for what no kernel would take. */
export function listenTarget(options: ListenerOptions): ListenTarget {
  const { path, fd, reusePort = false, ipv6Only = false } = options
  const backlog = wholeNumber('backlog', options.backlog ?? 511, 1, 0x7fff_ffff)
  if (path !== undefined) {
    if (typeof path === 'string' && path !== '' && !path.includes('\0')) return { path, backlog }
    throw new TypeError(`path must be the path of a socket, got ${quoted(path)}`)
  }
  if (fd !== undefined) return { fd: wholeNumber('fd', fd, 0, 0x7fff_ffff), backlog }
  const acceptors = wholeNumber('acceptors', options.acceptors ?? 1, 1, 256)
  return { ...bindAddress(options), backlog, reusePort, ipv6Only, acceptors }
}

/** One for each listener; TypeError for none at all. */
export function listenTargets({ listeners, ...around }: ListenOptions): readonly ListenTarget[] {
  if (listeners === undefined) return [listenTarget(around)]
  if (listeners.length === 0) throw new TypeError('listeners must have at least one')
  return listeners.map((listener) => listenTarget({ ...around, ...listener }))
}

/** The operation that a NetworkError names, as in `listen on 127.0.0.1:80`. */
export function listenOperation(target: ListenTarget | BindAddress): string {
  if ('fd' in target) return `listen on descriptor ${target.fd}`
  return `listen on ${formatEndpoint('path' in target ? unixEndpoint(target.path) : target)}`
}

/** A Unix socket as an address is told. */
export function unixEndpoint(path: string): Endpoint {
  return { scheme: 'unix', path }
}

/** RangeError that names the option unless the value is whole and within the range. */
export function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  const range = most === Infinity ? `a whole number from ${least}` : `${least} to ${most}`
  throw new RangeError(`${name} must be ${range}, got ${quoted(value)}`)
}

/** As wholeNumber, or Infinity. */
export function numberOrNone(name: string, value: number, least: number): number {
  return value === Infinity ? value : wholeNumber(name, value, least, Infinity)
}
