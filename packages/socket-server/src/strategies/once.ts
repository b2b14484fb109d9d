import { Connection } from '../connection.ts'
import { checkHandler, type Handler, serveConnection } from '../handler.ts'
import { acceptHere } from '../listener.ts'
import { runningServer, type RunningServer, type ServerOptions } from '../server.ts'
import { Sessions } from '../sessions.ts'

/** Accepts one client and stops listening: a second one is reset or refused. `finished` when that client is served. */
export async function serveOnce(handler: Handler, options: ServerOptions = {}): Promise<RunningServer> {
  checkHandler(handler)
  options.signal?.throwIfAborted()
  const sessions = new Sessions()
  const listener = await acceptHere({ ...options, totalConnections: 1, maxActive: 1 }, (socket) => {
    sessions.add(serveConnection(handler, new Connection(socket), options))
  })
  return runningServer(listener, sessions, options.signal)
}
