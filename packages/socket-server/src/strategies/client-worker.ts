// The thread of one client: imports the handler's module and serves the connection. What is thrown here, and an exit
// code, reach the server through the Worker's own events.

import type { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { Connection } from '../connection.ts'
import { checkHandler, type Handler, type HandlerResult, runHandler } from '../handler.ts'

export interface ClientData {
  readonly moduleUrl: string
  readonly socket: Socket
}

/** Posted when the handler is done and the connection closed. */
export type ClientMessage = Exclude<HandlerResult['outcome'], 'handler-error'>

const { moduleUrl, socket } = workerData as ClientData
// Before the import, so that a module that takes its time or fails finds the socket owned.
const connection = new Connection(socket)
const result = await runHandler(async (connection) => {
  const { default: handler } = (await import(moduleUrl)) as { readonly default?: unknown }
  checkHandler(handler)
  await (handler as Handler)(connection)
}, connection)
if (result.outcome === 'handler-error') throw result.error
await connection.close()
parentPort?.postMessage(result.outcome satisfies ClientMessage, [])
