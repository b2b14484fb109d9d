// A listening socket in a thread of its own. Node has no way to stop calling accept(2) while it listens, and one that
// accepts can only drop whom it cannot serve; but a thread can be made to wait, and then the kernel's backlog does what
// it is for.

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { networkError } from '@plainwire/socket-utils/errors'
import type { AcceptOptions, Listener, OnSocket } from './listener.ts'
import { listenAddress, listenOperation } from './options.ts'
import { workerUrl } from './worker-url.ts'

export interface AcceptorData {
  readonly host: string
  readonly port: number
  readonly backlog: number
  readonly maxActive: number
  readonly totalConnections: number | undefined
  /** One shared number: the clients accepted and not yet released; below 0 once the acceptor is to stop. */
  readonly active: Int32Array
}

/** What stop() makes of the count: less than any number of releases and accepts can bring back to 0. */
const STOPPED = -(2 ** 30)

export type AcceptorMessage =
  | { readonly type: 'listening'; readonly host: string; readonly port: number }
  | { readonly type: 'failed'; readonly code: string | undefined; readonly message: string }
  | { readonly type: 'accepted'; readonly socket: Socket }

/** As acceptHere, but never more than `maxActive` clients are accepted and not released. Needs canTransferSockets(). */
export async function acceptInThread(options: AcceptOptions, onSocket: OnSocket): Promise<Listener> {
  const address = listenAddress(options)
  let operation = listenOperation(address)
  const active = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const release = (): void => {
    Atomics.sub(active, 0, 1)
    Atomics.notify(active, 0)
  }
  // Not terminate(): a socket that was accepted and is not here yet would be closed as if it had been served.
  const stop = (): void => {
    Atomics.store(active, 0, STOPPED)
    Atomics.notify(active, 0)
    worker.postMessage('stop', [])
  }
  const { maxActive, totalConnections } = options
  const data: AcceptorData = { ...address, maxActive, totalConnections, active }
  const worker = new Worker(workerUrl('./acceptor-worker', import.meta.url), { workerData: data })

  const listening = Promise.withResolvers<{ readonly host: string; readonly port: number }>()
  worker.on('message', (message: AcceptorMessage) => {
    switch (message.type) {
      case 'listening':
        operation = listenOperation(message)
        listening.resolve({ host: message.host, port: message.port })
        return
      case 'failed':
        listening.reject(networkError(operation, Object.assign(new Error(message.message), { code: message.code })))
        return
      case 'accepted':
        onSocket(message.socket, release)
        return
    }
  })
  // What it accepted before it ended is delivered before 'exit'.
  const stopped = once(worker, 'exit').then(
    () => listening.reject(networkError(operation, new Error('the acceptor thread ended'))),
    (error: unknown) => {
      const failure = networkError(operation, error)
      listening.reject(failure)
      throw failure
    },
  )
  stopped.catch(() => {})
  return { ...(await listening.promise), backlog: address.backlog, stop, stopped }
}
