import { lookup } from 'node:dns/promises'
import net from 'node:net' // the object, since an older Node has no BoundSocket to import by name
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { NetworkError, networkError } from '@plainwire/socket-utils/errors'
import { boundTo, type Listener } from '../listener.ts'
import { bindAddress, type BindOptions } from '../options.ts'
import { runningServer, type RunningServer } from '../server.ts'
import { Sessions } from '../sessions.ts'

/**
 * Takes an address and port with bind(2) and does not listen: a client that connects is refused, as if nobody were there.
 * On Linux a second bindOnly, or a server, can take the same port, since Node sets SO_REUSEADDR; the first to listen gets
 * it. NetworkError `address-in-use` if somebody listens there, `unsupported` below Node 26.4.
 */
export async function bindOnly(options: BindOptions = {}): Promise<RunningServer> {
  const { signal } = options
  const { host, port } = bindAddress(options)
  const operation = `bind to ${formatEndpoint({ host, port })}`
  if (typeof net.BoundSocket !== 'function') {
    throw new NetworkError('unsupported', `${operation}: needs Node 26.4 or newer, this is ${process.version}`)
  }
  signal?.throwIfAborted()
  try {
    const { address } = await lookup(host)
    const listeners = [boundListener(new net.BoundSocket({ host: address, port }))]
    return runningServer({ listeners, sessions: new Sessions() }, signal)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw networkError(operation, error)
  }
}

function boundListener(socket: net.BoundSocket): Listener {
  const { promise: stopped, resolve } = Promise.withResolvers<void>()
  return {
    ...boundTo(socket.address()),
    stopped,
    stop() {
      socket[Symbol.dispose]()
      resolve()
    },
    suspend: () => true, // nobody comes
    resume() {},
  }
}
