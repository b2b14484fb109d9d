// What runs for one client, and how it can turn out. The same here and in a thread of its own.

import { channel } from 'node:diagnostics_channel'
import { quoted } from '@plainwire/socket-utils/errors'
import type { Connection } from './connection.ts'
import type { Outcome, Session } from './sessions.ts'

/** Serves one client. The connection is ended when it is done; if it throws, the connection is destroyed. */
export type Handler = (connection: Connection) => void | Promise<void>

export interface HandlerEvents<Client = Connection> {
  /** Called for each client right before its handler. */
  readonly onConnection?: ((client: Client) => void) | undefined
  /**
   * Called with what a handler threw, its connection destroyed already. Without it the fault is counted only, and
   * published on the diagnostics channel `plainwire:socket-server:handler-error` as `{ error, connection }`.
   * A reset by the client that the handler let pass is no fault of the handler.
   */
  readonly onError?: ((error: unknown, client: Client) => void) | undefined
}

const handlerErrors = channel('plainwire:socket-server:handler-error')

export function reportHandlerError<Client>(error: unknown, client: Client, events: HandlerEvents<Client>): void {
  handlerErrors.publish({ error, connection: client })
  events.onError?.(error, client)
}

export type HandlerResult =
  | { readonly outcome: 'served' | 'reset' }
  | { readonly outcome: 'handler-error'; readonly error: unknown }

/** Resolves when the handler is done and its last byte and FIN are with the kernel; never rejects. */
export async function runHandler(handler: Handler, connection: Connection): Promise<HandlerResult> {
  try {
    await handler(connection)
    await connection.end()
    return { outcome: 'served' }
  } catch (error) {
    connection.destroy()
    const { failure } = connection
    if (failure === undefined || error !== failure) return { outcome: 'handler-error', error }
    // A handler that destroys its connection got what it wanted.
    return { outcome: failure.code === 'connection-closed' ? 'served' : 'reset' }
  }
}

export function checkHandler(handler: unknown): void {
  if (typeof handler !== 'function') throw new TypeError(`handler must be a function, got ${quoted(handler)}`)
}

/**
 * Serves a client in this thread, after `before`. `turn` resolves as runHandler does; `done` when the connection is
 * closed, too.
 */
export function serveConnection(
  handler: Handler,
  connection: Connection,
  events: HandlerEvents,
  before?: Promise<void>,
): Session & { readonly turn: Promise<void> } {
  const cut = Promise.withResolvers<Outcome>()
  const served = (async (): Promise<Outcome> => {
    if (before) await before
    if (connection.failure) return 'cut'
    const result = await runHandler((connection) => {
      events.onConnection?.(connection)
      return handler(connection)
    }, connection)
    if (result.outcome === 'handler-error') reportHandlerError(result.error, connection, events)
    return result.outcome
  })()
  const closed = served.then(async (outcome) => {
    await connection.close()
    return outcome
  })
  return {
    turn: served.then(() => {}),
    // A handler that waits for something else than its connection does not notice the cut: nobody waits for it.
    done: Promise.race([cut.promise, closed]),
    destroy() {
      connection.destroy()
      void connection.closed.then(() => cut.resolve('cut'))
    },
  }
}
