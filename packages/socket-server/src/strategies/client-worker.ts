// The thread of one client: imports the handler's module and serves the connection. What is thrown here, and an exit
// code, reach the server through the Worker's own events.

import type { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import type { Closing } from '../closing.ts'
import type { Handler } from '../handler.ts'
import { Service, type ServiceOptions } from '../service.ts'
import { Sessions } from '../sessions.ts'

/** What the thread of a client is started with; the socket moves with it. */
export interface ClientData {
  readonly moduleUrl: string
  readonly socket: Socket
  readonly options: ServiceOptions
}

/** What the thread of a client tells. `over` is its last word: without `closing` it was a proxy's health check. */
export type ClientReport =
  /** A trusted proxy has said for whom it is. */
  { readonly type: 'named' } | { readonly type: 'over'; readonly closing: Closing | undefined }

const { moduleUrl, socket, options } = workerData as ClientData
const faults: unknown[] = []
const sessions = new Sessions()
const report = (message: ClientReport): void => parentPort?.postMessage(message, [])

/** How the connection ended: the account comes right before it is over. */
let closing: Closing | undefined
sessions.observe({
  started() {},
  stopped: (_id, _remote, ended) => (closing = ended),
  refused: (reason) => (closing = { reason, bytesRead: 0, bytesWritten: 0, messages: 0, durationMs: 0 }),
})

parentPort?.on('message', () => sessions.drain()).unref()
const service = await openService()
service.serve(socket, {
  named() {
    report({ type: 'named' })
    return undefined
  },
  over: () => report({ type: 'over', closing }),
})
await sessions.idle()
for (const fault of faults) throw fault

async function openService(): Promise<Service> {
  try {
    const { default: handler } = (await import(moduleUrl)) as { readonly default?: unknown }
    return new Service(handler as Handler, { ...options, onError: (error: unknown) => faults.push(error) }, sessions)
  } catch (error) {
    socket.destroy()
    throw error
  }
}
