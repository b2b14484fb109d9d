// An async function that serves one client: it and its connection each end in their own time, and the client is served
// when both have.

import type { Closing, CloseReason } from './closing.ts'
import { Connection } from './connection.ts'
import { type Handler, type HandlerEvents, reportHandlerError } from './handler.ts'
import type { Address } from './arrival.ts'
import type { LinkRules } from './link-rules.ts'
import type { Link } from './link.ts'
import type { Session, Sessions } from './sessions.ts'

/** What the fast layer needs to know so that an async function serves its links. */
export class HandlerRuns {
  readonly rules: Pick<LinkRules, 'handlers' | 'onFault' | 'onServed' | 'onClosed'>
  readonly handler: Handler
  readonly events: HandlerEvents
  readonly #sessions: Sessions
  /** By link. */
  readonly #runs = new Map<unknown, HandlerRun>()

  constructor(handler: Handler, events: HandlerEvents, sessions: Sessions) {
    this.handler = handler
    this.events = events
    this.#sessions = sessions
    const runs = this.#runs
    this.rules = {
      handlers: Connection.handlers((connection, link) => {
        const run = new HandlerRun(connection, link, this)
        runs.set(link, run)
        sessions.add(run)
        run.serve()
      }),
      onFault(error) {
        throw error // of our own making: no handler of a user is called by the fast layer here
      },
      onServed: (link) => runs.get(link)?.served(),
      onClosed: (link, closing) => runs.get(link)?.closed(closing),
    }
  }

  /** A run and its connection have come to their end. */
  remove(run: HandlerRun, link: Link<Connection>, closing: Closing): void {
    this.#runs.delete(link)
    this.#sessions.remove(run, closing)
  }
}

class HandlerRun implements Session {
  readonly #connection: Connection
  readonly #link: Link<Connection>
  readonly #runs: HandlerRuns
  /** The handler's promise is settled, or nobody waits for it any more. */
  #settled = false
  #served = false
  #faulty = false
  #closing: Closing | undefined

  constructor(connection: Connection, link: Link<Connection>, runs: HandlerRuns) {
    this.#connection = connection
    this.#link = link
    this.#runs = runs
  }

  get remote(): Address {
    return this.#connection.remote
  }

  get bytesRead(): number {
    return this.#link.bytesRead
  }

  get bytesWritten(): number {
    return this.#link.bytesWritten
  }

  /** Not an async function, which would keep a frame of its own for as long as the handler runs. */
  serve(): void {
    const { handler, events } = this.#runs
    const failed = (error: unknown): void => this.#failed(error)
    try {
      events.onConnection?.(this.#connection)
      Promise.resolve(handler(this.#connection)).then(() => this.#done(), failed)
    } catch (error) {
      failed(error)
    }
  }

  #done(): void {
    void this.#connection.close()
    this.#settled = true
    this.#advance()
  }

  #failed(error: unknown): void {
    const connection = this.#connection
    const { failure } = connection
    this.#faulty = failure === undefined || error !== failure
    this.#link.cut(this.#faulty ? 'handler-error' : 'handler-done')
    try {
      if (this.#faulty) reportHandlerError(error, connection, this.#runs.events)
    } finally {
      this.#settled = true
      this.#advance()
    }
  }

  served(): void {
    this.#served = true
    this.#advance()
  }

  closed(closing: Closing): void {
    this.#closing = closing
    this.#advance()
  }

  drain(): void {
    this.#link.drain()
  }

  /** A handler that waits for something else than its connection does not notice: nobody waits for it. */
  cut(reason: CloseReason): void {
    this.#link.cut(reason)
    this.#settled = true
    this.#advance()
  }

  #advance(): void {
    if (!this.#settled) return
    const { place } = this.#link.arrival
    if (this.#served) {
      this.#served = false
      place?.served?.()
    }
    const closing = this.#closing
    if (closing === undefined) return
    this.#closing = undefined
    // Whatever broke the connection counts before what the handler made of it.
    const wasWell = closing.reason === 'eof' || closing.reason === 'handler-done'
    this.#runs.remove(this, this.#link, this.#faulty && wasWell ? { ...closing, reason: 'handler-error' } : closing)
    place?.over?.()
  }
}
