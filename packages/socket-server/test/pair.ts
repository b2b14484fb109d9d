// Both ends of a connection that no server accepted, for the tests of what happens on one.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Closing } from '../src/closing.ts'
import { Connection } from '../src/connection.ts'
import { type DeadlineOptions, readDeadlines } from '../src/deadlines.ts'
import type { Handlers } from '../src/handlers.ts'
import type { LinkRules } from '../src/link-rules.ts'
import { Link } from '../src/link.ts'
import { TimerQueue } from '../src/timer-queue.ts'
import { connectTo } from './client.ts'

export async function socketPair(): Promise<{ client: Socket; socket: Socket }> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = await connectTo((server.address() as { port: number }).port)
  const [socket] = await accepted
  onTestFinished(() => {
    server.close()
    client.destroy()
    socket.destroy()
  })
  return { client, socket }
}

export interface LinkPair<Context> {
  readonly client: Socket
  readonly socket: Socket
  readonly link: Link<Context>
  readonly closing: Promise<Closing>
  readonly faults: unknown[]
  readonly timers: TimerQueue
}

/** A link on the other end. */
export async function linkPair<Context = unknown>(
  handlers: Handlers<Context>,
  options: { readonly deadlines?: DeadlineOptions; readonly maxQueuedBytes?: number } = {},
): Promise<LinkPair<Context>> {
  const { client, socket } = await socketPair()
  return { client, socket, ...linkOver(socket, handlers, options) }
}

export function linkOver<Context>(
  socket: Socket,
  handlers: Handlers<Context>,
  options: { readonly deadlines?: DeadlineOptions; readonly maxQueuedBytes?: number } = {},
): Pick<LinkPair<Context>, 'link' | 'closing' | 'faults' | 'timers'> {
  const { promise: closing, resolve } = Promise.withResolvers<Closing>()
  const faults: unknown[] = []
  const timers = new TimerQueue()
  const rules: LinkRules = {
    handlers,
    deadlines: readDeadlines(options.deadlines),
    maxQueuedBytes: options.maxQueuedBytes ?? Infinity,
    timers,
    keepAliveMs: 60_000,
    onFault: (error) => faults.push(error),
    onServed() {},
    onClosed: (_link, closing) => resolve(closing),
  }
  return { link: new Link<Context>(socket, rules, { acceptedAt: performance.now() }), closing, faults, timers }
}

/** A connection on the other end, served by nobody. */
export async function connectionPair(): Promise<{
  client: Socket
  connection: Connection
  socket: Socket
  link: Link<Connection>
  closing: Promise<Closing>
}> {
  const { client, socket } = await socketPair()
  return { client, socket, ...connectionOver(socket) }
}

export function connectionOver(socket: Socket): {
  connection: Connection
  link: Link<Connection>
  closing: Promise<Closing>
} {
  let connection: Connection | undefined
  const handlers = Connection.handlers((opened) => (connection = opened))
  const { link, closing } = linkOver(socket, handlers)
  return { connection: connection as unknown as Connection, link, closing }
}
