// A TCP socket that exists before it is connected, so that creating it can be seen, and can fail, by itself.

import net from 'node:net'
import { NetworkError, networkError } from './protocol/errors.ts'

/** An open descriptor, bound to the wildcard address and a free port. Dispose of it unless `connect` has taken it. */
export interface CreatedSocket extends Disposable {
  /** -1 on Windows, which has none. */
  readonly descriptor: number
  readonly family: 4 | 6
  readonly localAddress: string
  readonly localPort: number
}

/**
 * Opens a TCP descriptor now, bound to `0.0.0.0` or, for family 6, to `::` for IPv6 alone. NetworkError
 * `out-of-descriptors` when the process or the system has no more; `unsupported` on a Node without net.BoundSocket
 * (before 26.4, and before the late releases of 24), where a socket is created only when it connects.
 */
export function createSocket(family: 4 | 6 = 4): CreatedSocket {
  if (family !== 4 && family !== 6) throw new RangeError(`family must be 4 or 6, got ${String(family)}`)
  if (typeof net.BoundSocket !== 'function') {
    const reason = `Node ${process.versions.node} creates a socket only when it connects; 26.4 or newer is needed`
    throw new NetworkError('unsupported', `create a TCP socket: ${reason}`)
  }
  try {
    return new OpenSocket(
      family,
      new net.BoundSocket(family === 6 ? { host: '::', ipv6Only: true } : { host: '0.0.0.0' }),
    )
  } catch (error) {
    throw networkError(`create a TCP socket for IPv${family}`, error)
  }
}

/** The socket for `connect`, which now owns it. TypeError unless it came from createSocket and is still free. */
export function adoptSocket(socket: CreatedSocket, options: net.SocketConstructorOpts): net.Socket {
  if (!(socket instanceof OpenSocket)) throw new TypeError('socket must come from createSocket')
  return new net.Socket({ ...options, handle: socket.take() })
}

class OpenSocket implements CreatedSocket {
  readonly descriptor: number
  readonly family: 4 | 6
  readonly localAddress: string
  readonly localPort: number
  #bound: net.BoundSocket | undefined

  constructor(family: 4 | 6, bound: net.BoundSocket) {
    const { address, port } = bound.address()
    this.family = family
    this.descriptor = bound.fd()
    this.localAddress = address
    this.localPort = port
    this.#bound = bound
  }

  take(): net.BoundSocket {
    const bound = this.#bound
    if (bound === undefined) throw new TypeError('the created socket is already connected or disposed of')
    this.#bound = undefined
    return bound
  }

  [Symbol.dispose](): void {
    this.#bound?.close()
    this.#bound = undefined
  }
}
