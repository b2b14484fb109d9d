import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'

export interface BindOptions {
  /** A name or a numeric address of this host. Default `127.0.0.1`: nobody outside can connect. */
  readonly host?: string | undefined
  /** 0 to 65535. Default 0: the kernel picks a free one, `RunningServer.port` tells which. */
  readonly port?: number | undefined
  /** Aborting it closes the server as `close()` does; if it aborts before the server runs, starting rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

export interface ListenOptions extends BindOptions {
  /**
   * How many connections the kernel completes and keeps before they are accepted. 1 or more, default 511; Linux cuts it
   * to `net.core.somaxconn` and lets one more wait.
   */
  readonly backlog?: number | undefined
}

export interface BindAddress {
  readonly host: string
  readonly port: number
}

/** Where to bind, checked: TypeError or RangeError for what no kernel would take. */
export function bindAddress(options: BindOptions): BindAddress {
  const { host = '127.0.0.1', port = 0 } = options
  if (typeof host !== 'string' || host === '') {
    throw new TypeError(`host must be a name or an address, got ${quoted(host)}`)
  }
  return { host, port: wholeNumber('port', port, 0, 65535) }
}

/** Where to listen, checked. */
export function listenAddress(options: ListenOptions): BindAddress & { readonly backlog: number } {
  return { ...bindAddress(options), backlog: wholeNumber('backlog', options.backlog ?? 511, 1, 0x7fff_ffff) }
}

/** The operation that a NetworkError names, as in `listen on 127.0.0.1:80`. */
export function listenOperation({ host, port }: BindAddress): string {
  return `listen on ${formatEndpoint({ host, port })}`
}

export function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  const range = most === Infinity ? `a whole number from ${least}` : `${least} to ${most}`
  throw new RangeError(`${name} must be ${range}, got ${quoted(value)}`)
}
