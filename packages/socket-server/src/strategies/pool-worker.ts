// A thread of a pool: imports the handler's module once, and serves the sockets that are moved here. What kills the thread
// reaches the pool through the Worker's own events.

import type { Socket } from 'node:net'
import { parentPort, threadId, workerData } from 'node:worker_threads'
import type { Closing } from '../closing.ts'
import type { Connection } from '../connection.ts'
import type { Handler } from '../handler.ts'
import { Service } from '../service.ts'
import { Sessions } from '../sessions.ts'
import type { PoolOrder, PoolReport, PoolWorkerData } from './pool-messages.ts'

const { moduleUrl, options } = workerData as PoolWorkerData
const port = parentPort
if (port === null) throw new Error('pool-worker.ts is a worker file: it cannot be run by itself')
const report = (message: PoolReport): void => port.postMessage(message, [])
const sessions = new Sessions()

/** How the connection ended that is over next: the account comes right before `over`. */
let closing: Closing | undefined
const sockets = new Map<number, Socket>()
sessions.observe({
  started() {},
  stopped: (_id, _remote, ended) => (closing = ended),
  refused: (reason) => (closing = { reason, bytesRead: 0, bytesWritten: 0, messages: 0, durationMs: 0 }),
})

const { default: handler } = (await import(moduleUrl)) as { readonly default?: unknown }
const service = new Service(handler as Handler, { ...options, onError: tellFault }, sessions)

port.on('message', (order: PoolOrder) => {
  switch (order.type) {
    case 'serve': {
      const { id, socket } = order
      report({ type: 'taken' })
      sockets.set(id, socket)
      service.serve(socket, { named: () => named(id), over: () => over(id) })
      return
    }
    case 'cut':
      sockets.get(order.id)?.destroy(new Error('onConnection threw'))
      return
    case 'drain':
      sessions.drain()
      return
    case 'ping':
      report({ type: 'pong' })
      return
    case 'close':
      port.close()
      return
  }
})
report({ type: 'ready' })

/** Undefined lets it in: who may come was decided before it was moved here. */
function named(id: number): undefined {
  report({ type: 'named', id })
  return undefined
}

function over(id: number): void {
  sockets.delete(id)
  report({ type: 'over', id, closing })
  closing = undefined
}

function tellFault(error: unknown, { remote, local }: Connection): void {
  try {
    report({ type: 'fault', error, remote, local })
  } catch {
    // Something in it cannot cross.
    report({ type: 'fault', error: new Error(`thread ${threadId}: ${String(error)}`), remote, local })
  }
}
