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

const { moduleUrl, socket, options } = workerData as ClientData
const faults: unknown[] = []
const sessions = new Sessions()
sessions.observe({
  started() {},
  stopped: (_id, _remote, closing) => tell(closing),
  refused: (reason) => tell({ reason, bytesRead: 0, bytesWritten: 0, messages: 0, durationMs: 0 }),
})

/** The last word of this thread. */
function tell(closing: Closing): void {
  parentPort?.postMessage(closing, [])
}

parentPort?.on('message', () => sessions.drain()).unref()
const service = await openService()
service.serve(socket)
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
