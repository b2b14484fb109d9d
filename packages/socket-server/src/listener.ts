// A listening socket in this thread. Node accepts for as long as it listens: whoever may not be served yet has to wait
// here, accepted and paused, not in the kernel's backlog.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { networkError } from '@plainwire/socket-utils/errors'
import { listenAddress, listenOperation, type ListenOptions } from './options.ts'

/** Something that accepts clients, until it stops. */
export interface Listener {
  /** Numeric. */
  readonly host: string
  readonly port: number
  /** As asked for; undefined for one that never listens. */
  readonly backlog?: number
  /** Accepts no more. */
  stop(): void
  /** Resolves when it has stopped and no client is still to come; rejects if accepting broke down. */
  readonly stopped: Promise<void>
}

export interface AcceptOptions extends ListenOptions {
  /** Stops by itself after so many. */
  readonly totalConnections?: number
  /** How many may be served at one time; the others are left to wait. Taken into account by acceptInThread alone. */
  readonly maxActive: number
}

/**
 * Called for each client, its socket paused and unread. `release` must be called once, when its place is free again.
 */
export type OnSocket = (socket: Socket, release: () => void) => void

export type Accept = (options: AcceptOptions, onSocket: OnSocket) => Promise<Listener>

export async function acceptHere(options: AcceptOptions, onSocket: OnSocket): Promise<Listener> {
  const { host, port, backlog } = listenAddress(options)
  const stopped = Promise.withResolvers<void>()
  // Unread, so that no byte is taken from the kernel before the handler asks.
  const server = createServer({ pauseOnConnect: true })
  const stop = (): void => {
    server.close()
    stopped.resolve()
  }
  let accepted = 0
  server.on('connection', (socket) => {
    accepted += 1
    if (accepted === options.totalConnections) stop()
    onSocket(socket, () => {})
  })
  try {
    server.listen({ host, port, backlog })
    await once(server, 'listening')
  } catch (error) {
    throw networkError(listenOperation({ host, port }), error)
  }
  // From here on an error is one failed accept(2), the loss of that client alone: the socket goes on listening.
  server.on('error', () => {})
  return { ...boundTo(server.address()), backlog, stop, stopped: stopped.promise }
}

/** The address of a TCP server as Node tells it. */
export function boundTo(address: unknown): { readonly host: string; readonly port: number } {
  const { address: host, port } = address as { readonly address: string; readonly port: number }
  return { host, port }
}
