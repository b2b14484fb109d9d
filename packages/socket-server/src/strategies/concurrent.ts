import type { Handler } from '../handler.ts'
import { serveHere } from '../in-process.ts'
import type { Handlers } from '../handlers.ts'
import type { Link } from '../link.ts'
import type { RunningServer, ServerOptions } from '../server.ts'

/**
 * Serves all clients at once in this thread, or as many as `limits.connections` says: async handlers take turns wherever
 * they await, handlers of the fast layer with every call.
 */
export function serveConcurrently(handler: Handler, options?: ServerOptions): Promise<RunningServer>
export function serveConcurrently<Context>(
  handlers: Handlers<Context>,
  options?: ServerOptions<Link<Context>>,
): Promise<RunningServer>
export async function serveConcurrently(
  handler: Handler | Handlers<never>,
  options: ServerOptions | ServerOptions<Link<never>> = {},
): Promise<RunningServer> {
  return serveHere(handler, options as ServerOptions, { freedWhen: 'over' })
}
