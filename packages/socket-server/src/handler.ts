// What runs for one client, and how it can turn out. The same here and in a thread of its own.

import { channel } from 'node:diagnostics_channel'
import { quoted } from '@plainwire/socket-utils/errors'
import type { Connection } from './connection.ts'
import type { Handlers } from './handlers.ts'

/** Serves one client. The connection is ended when it is done; if it throws, the connection is destroyed. */
export type Handler = (connection: Connection) => void | Promise<void>

/** What a server tells of its handlers. */
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

/** Published first, so that it is seen even where `onError` throws. */
export function reportHandlerError<Client>(error: unknown, client: Client, events: HandlerEvents<Client>): void {
  handlerErrors.publish({ error, connection: client })
  events.onError?.(error, client)
}

/** TypeError unless it can be called. */
export function checkHandler(handler: unknown): void {
  if (typeof handler !== 'function') throw new TypeError(`handler must be a function, got ${quoted(handler)}`)
}

/** A function, or an object with at least `data`. */
export function checkHandlers(handler: unknown): void {
  if (isHandlers(handler)) return
  if (typeof handler !== 'object' || handler === null) return checkHandler(handler)
  throw new TypeError('handlers must have a function data')
}

/** Whether it is of the fast layer: an object with `data`. */
export function isHandlers(handler: unknown): handler is Handlers<never> {
  return typeof handler === 'object' && handler !== null && 'data' in handler && typeof handler.data === 'function'
}
