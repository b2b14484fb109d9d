import { acceptInThread } from '../acceptor.ts'
import { Connection } from '../connection.ts'
import { checkHandler, type Handler, serveConnection } from '../handler.ts'
import { type Accept, acceptHere } from '../listener.ts'
import { wholeNumber } from '../options.ts'
import { runningServer, type RunningServer, type ServerOptions } from '../server.ts'
import { Sessions } from '../sessions.ts'
import { canTransferSockets } from '../socket-transfer.ts'

export interface IterativeOptions extends ServerOptions {
  /** Stops listening once so many are accepted, and finishes when they are served. 1 or more; default: no end. */
  readonly totalConnections?: number | undefined
}

/**
 * Serves one client at a time; the others wait in the kernel's backlog, connected and not accepted. The next turn comes
 * when the handler is done and its FIN is sent. Where Node cannot move sockets between threads (below 26.6) the others
 * are accepted and wait here, unread; they are still served one at a time.
 */
export async function serveIteratively(handler: Handler, options: IterativeOptions = {}): Promise<RunningServer> {
  return serveInTurn(canTransferSockets() ? acceptInThread : acceptHere, handler, options)
}

/** serveIteratively with either way to accept. */
export async function serveInTurn(accept: Accept, handler: Handler, options: IterativeOptions): Promise<RunningServer> {
  const { totalConnections, ...rest } = options
  checkHandler(handler)
  const end =
    totalConnections === undefined
      ? {}
      : { totalConnections: wholeNumber('totalConnections', totalConnections, 1, Infinity) }
  options.signal?.throwIfAborted()
  const sessions = new Sessions()
  let turn = Promise.resolve()
  const listener = await accept({ ...rest, ...end, maxActive: 1 }, (socket, release) => {
    const session = serveConnection(handler, new Connection(socket), options, turn)
    turn = session.turn.finally(release)
    sessions.add(session)
  })
  return runningServer(listener, sessions, options.signal)
}
