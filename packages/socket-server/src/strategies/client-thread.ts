import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Address } from '../connection.ts'
import { type HandlerEvents, reportHandlerError } from '../handler.ts'
import type { Outcome, Session } from '../sessions.ts'
import { workerUrl } from '../worker-url.ts'
import type { ClientData, ClientMessage } from './client-worker.ts'

/** A client and the thread that serves it, as seen from the server's own thread. */
export interface ClientThread {
  /** `threadId` of node:worker_threads inside the handler; -1 if the system gave no thread. */
  readonly threadId: number
  readonly remote: Address
  readonly local: Address
}

/** After a handler is done, its thread may take so long to end by itself; then what it left running is stopped. */
const LEFTOVERS_MS = 1000

/** Moves the socket to a fresh thread, where the default export of the module serves it. */
export function serveInThread(moduleUrl: string, socket: Socket, events: HandlerEvents<ClientThread>): Session {
  const { remoteAddress = '0.0.0.0', remotePort = 0, localAddress = '0.0.0.0', localPort = 0 } = socket
  const remote = { host: remoteAddress, port: remotePort }
  const local = { host: localAddress, port: localPort }
  let worker: Worker
  try {
    worker = new Worker(workerUrl('./client-worker', import.meta.url), {
      workerData: { moduleUrl, socket } satisfies ClientData,
      transferList: [socket],
    })
  } catch (error) {
    socket.destroy()
    reportHandlerError(error, { threadId: -1, remote, local }, events)
    return { done: Promise.resolve('handler-error'), destroy() {} }
  }
  const client: ClientThread = { threadId: worker.threadId, remote, local }
  const done = Promise.withResolvers<Outcome>()
  let outcome: Outcome | undefined
  let leftovers: NodeJS.Timeout | undefined
  const fault = (error: unknown): void => {
    if (outcome !== undefined) return
    outcome = 'handler-error'
    reportHandlerError(error, client, events)
  }
  worker.on('message', (message: ClientMessage) => {
    outcome ??= message
    leftovers = setTimeout(() => void worker.terminate(), LEFTOVERS_MS)
  })
  worker.on('error', fault)
  worker.on('exit', (code) => {
    clearTimeout(leftovers)
    if (code !== 0) fault(new Error(`the handler's thread ended with exit code ${code}`))
    done.resolve(outcome ?? 'served')
  })
  try {
    events.onConnection?.(client)
  } catch (error) {
    fault(error)
    void worker.terminate()
  }
  return {
    done: done.promise,
    destroy() {
      outcome ??= 'cut'
      void worker.terminate()
    },
  }
}
