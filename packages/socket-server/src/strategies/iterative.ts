import type { Connection } from '../connection.ts'
import type { Handler } from '../handler.ts'
import { serveHere } from '../in-process.ts'
import type { Handlers } from '../handlers.ts'
import type { Link } from '../link.ts'
import type { Accept } from '../listener.ts'
import { wholeNumber } from '../options.ts'
import type { RunningServer, ServerOptions } from '../server.ts'

/** As for every strategy, and when it ends by itself. */
export interface IterativeOptions<Client = Connection> extends ServerOptions<Client> {
  /** Stops listening once so many are accepted, and finishes when they are served. 1 or more; default: no end. */
  readonly totalConnections?: number | undefined
}

/**
 * Serves one client at a time; the others wait in the kernel's backlog, connected and not accepted. The next turn comes
 * when the handler is done and its FIN is sent. Where Node cannot move sockets between threads (below 26.6, and for Unix
 * sockets) the others are accepted and wait here, unread; they are still served one at a time.
 */
export function serveIteratively(handler: Handler, options?: IterativeOptions): Promise<RunningServer>
export function serveIteratively<Context>(
  handlers: Handlers<Context>,
  options?: IterativeOptions<Link<Context>>,
): Promise<RunningServer>
export async function serveIteratively(
  handler: Handler | Handlers<never>,
  options: IterativeOptions | IterativeOptions<Link<never>> = {},
): Promise<RunningServer> {
  return serveInTurn(undefined, handler, options as IterativeOptions)
}

/** serveIteratively with a certain way to accept. */
export async function serveInTurn(
  accept: Accept | undefined,
  handler: Handler | Handlers<never>,
  options: IterativeOptions,
): Promise<RunningServer> {
  const { totalConnections, ...rest } = options
  if (totalConnections !== undefined) wholeNumber('totalConnections', totalConnections, 1, Infinity)
  return serveHere(handler, rest, { totalConnections, maxActive: 1, freedWhen: 'served', accept })
}
