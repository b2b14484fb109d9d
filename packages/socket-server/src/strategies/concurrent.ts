import { Connection } from '../connection.ts'
import { checkHandler, type Handler, serveConnection } from '../handler.ts'
import { acceptHere } from '../listener.ts'
import { runningServer, type RunningServer, type ServerOptions } from '../server.ts'
import { Sessions } from '../sessions.ts'

/** Serves all clients at once in this thread: the handlers take turns wherever they await. */
export async function serveConcurrently(handler: Handler, options: ServerOptions = {}): Promise<RunningServer> {
  checkHandler(handler)
  options.signal?.throwIfAborted()
  const sessions = new Sessions()
  const listener = await acceptHere({ ...options, maxActive: Infinity }, (socket) => {
    sessions.add(serveConnection(handler, new Connection(socket), options))
  })
  return runningServer(listener, sessions, options.signal)
}
