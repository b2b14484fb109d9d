// A listening socket in a thread of its own. Node has no way to stop calling accept(2) while it listens, and one that
// accepts can only drop whom it cannot serve; but a thread can be made to wait, and then the kernel's backlog does what
// it is for.

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { networkError, type WireError } from '@plainwire/socket-utils/errors'
import type { AcceptOptions, AcceptTrouble, Listener, OnSocket } from './listener.ts'
import { listenOperation, type ListenTarget } from './options.ts'
import { workerUrl } from './worker-url.ts'

/** What the acceptor thread is started with. */
export interface AcceptorData {
  readonly target: ListenTarget
  readonly maxActive: number
  readonly totalConnections: number | undefined
  /** What both threads look at, at the places below. */
  readonly shared: Int32Array
}

/** The clients accepted and not yet released. */
export const ACTIVE = 0
/** RUNNING, SUSPENDED or STOPPED. */
export const MODE = 1
/** Changes with each of the others: what the acceptor sleeps on. */
export const BELL = 2

/** Accepts while a place is free. */
export const RUNNING = 0
/** Sleeps, however many places are free. */
export const SUSPENDED = 1
/** Wakes to end; final. */
export const STOPPED = 2

interface SystemError {
  readonly code: string | undefined
  readonly message: string
}

/** What the acceptor thread tells; a socket that it accepted comes with its message. */
export type AcceptorMessage =
  | { readonly type: 'listening'; readonly host: string; readonly port: number }
  | ({ readonly type: 'failed' | 'accept-failed' } & SystemError)
  | { readonly type: 'accepted'; readonly socket: Socket }
  | { readonly type: 'trouble'; readonly trouble: AcceptTrouble }

/** As acceptHere, but never more than `maxActive` clients are accepted and not released. Needs canTransferSockets(). */
export async function acceptInThread(options: AcceptOptions, onSocket: OnSocket): Promise<Listener> {
  const { target, maxActive, totalConnections, onTrouble } = options
  let operation = listenOperation(target)
  const shared = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT))
  const ring = (): void => {
    Atomics.add(shared, BELL, 1)
    Atomics.notify(shared, BELL)
  }
  const release = (): void => {
    Atomics.sub(shared, ACTIVE, 1)
    ring()
  }
  const setMode = (mode: number): void => {
    Atomics.store(shared, MODE, mode)
    ring()
  }
  const data: AcceptorData = { target, maxActive, totalConnections, shared }
  const worker = new Worker(workerUrl('./acceptor-worker', import.meta.url), { workerData: data })

  const listening = Promise.withResolvers<{ readonly host: string; readonly port: number }>()
  worker.on('message', (message: AcceptorMessage) => {
    switch (message.type) {
      case 'listening':
        if (!('fd' in target)) operation = listenOperation({ ...target, ...message })
        listening.resolve({ host: message.host, port: message.port })
        return
      case 'failed':
        listening.reject(systemError(operation, message))
        return
      case 'accept-failed':
        onTrouble?.({ type: 'accept-failed', error: systemError(operation, message) })
        return
      case 'trouble':
        onTrouble?.(message.trouble)
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
  const bound = await listening.promise
  return {
    ...bound,
    backlog: target.backlog,
    stopped,
    // Not terminate(): a socket that was accepted and is not here yet would be closed as if it had been served.
    stop({ sweep = false } = {}) {
      setMode(STOPPED)
      worker.postMessage(sweep ? 'sweep' : 'stop', [])
    },
    suspend() {
      setMode(SUSPENDED)
      worker.postMessage('look', [])
      return true
    },
    resume: () => setMode(RUNNING),
  }
}

function systemError(operation: string, { code, message }: SystemError): WireError {
  return networkError(operation, Object.assign(new Error(message), { code }))
}
