import type { Handler } from '../handler.ts'
import { serveHere } from '../in-process.ts'
import type { Handlers } from '../handlers.ts'
import type { Link } from '../link.ts'
import { acceptHere } from '../listener.ts'
import type { RunningServer, ServerOptions } from '../server.ts'

/** Accepts one client and stops listening: a second one is reset or refused. `finished` when that client is served. */
export function serveOnce(handler: Handler, options?: ServerOptions): Promise<RunningServer>
export function serveOnce<Context>(
  handlers: Handlers<Context>,
  options?: ServerOptions<Link<Context>>,
): Promise<RunningServer>
export async function serveOnce(
  handler: Handler | Handlers<never>,
  options: ServerOptions | ServerOptions<Link<never>> = {},
): Promise<RunningServer> {
  const plan = { totalConnections: 1, maxActive: 1, freedWhen: 'over', accept: acceptHere } as const
  return serveHere(handler, options as ServerOptions, plan)
}
