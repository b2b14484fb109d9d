// From an accepted socket to its end, in the thread that this runs in: what comes in front of a connection's own bytes,
// then the handler, then the account of it. All strategies serve with it, each where its clients are.

import type { Socket } from 'node:net'
import type { Closing } from './closing.ts'
import { type DeadlineOptions, milliseconds, readDeadlines } from './deadlines.ts'
import { Entrance, type EntranceOptions, type EntrancePlan, readEntrance } from './entrance.ts'
import { checkHandlers, type Handler, type HandlerEvents, isHandlers, reportHandlerError } from './handler.ts'
import { HandlerRuns } from './handler-run.ts'
import type { Arrival, Place } from './arrival.ts'
import type { Handlers } from './handlers.ts'
import type { LinkRules } from './link-rules.ts'
import { Link } from './link.ts'
import { numberOrNone } from './options.ts'
import type { Sessions } from './sessions.ts'
import { TimerQueue } from './timer-queue.ts'

/** How clients are served, wherever that is: here, in threads, in processes. */
export interface ServiceOptions extends EntranceOptions {
  readonly deadlines?: DeadlineOptions | undefined
  /**
   * A write that finds more than so many bytes waiting for the client ends the connection, `slow-reader`: for handlers that
   * do not look at what `write` gives. Default 16 MiB.
   */
  readonly maxQueuedBytes?: number | undefined
  /**
   * After so much silence the kernel asks whether the client is still there, and again every second; ten questions without
   * an answer end the connection, `reset`. Milliseconds, default 60000, or Infinity.
   */
  readonly keepAliveMs?: number | undefined
}

/**
 * One for each thread that serves. TypeError for a handler that is none; RangeError for a deadline or a limit that is
 * none.
 */
export class Service {
  readonly #sessions: Sessions
  readonly #rules: LinkRules
  readonly #entrance: EntrancePlan | undefined
  readonly #fast: HandlerEvents<Link> | undefined

  constructor(handler: Handler | Handlers<never>, options: ServiceOptions & HandlerEvents<never>, sessions: Sessions) {
    checkHandlers(handler)
    const timers = new TimerQueue()
    const deadlines = readDeadlines(options.deadlines)
    const maxQueuedBytes = numberOrNone('maxQueuedBytes', options.maxQueuedBytes ?? 16 * 1024 * 1024, 0)
    this.#sessions = sessions
    this.#entrance = readEntrance(options, { timers, handshakeMs: deadlines.handshakeMs })
    const keepAliveMs = milliseconds('keepAliveMs', options.keepAliveMs ?? 60_000)
    const common = { deadlines, maxQueuedBytes, timers, keepAliveMs }
    if (isHandlers(handler)) {
      this.#fast = options as HandlerEvents<Link>
      this.#rules = { ...common, ...fastRules(handler, this.#fast, sessions) }
    } else {
      this.#rules = { ...common, ...new HandlerRuns(handler, options as HandlerEvents, sessions).rules }
    }
  }

  /** Whether this client's own address is still to be told, by a proxy that is trusted. */
  isBehindProxy(socket: Socket): boolean {
    return this.#entrance?.trusts?.(socket.remoteAddress) === true
  }

  /** Serves a client, whose socket is paused and unread. */
  serve(socket: Socket, place?: Place): void {
    const arrival: Arrival = { acceptedAt: performance.now(), place }
    const plan = this.#entrance
    if (plan === undefined) {
      this.#open(socket, arrival)
      return
    }
    const entrance: Entrance = new Entrance(socket, arrival, plan, {
      opened: (socket, arrival) => {
        this.#sessions.letGo(entrance)
        this.#open(socket, arrival)
      },
      refused: (reason) => {
        this.#sessions.refuse(reason, socket)
        this.#leave(entrance, arrival)
      },
      healthCheck: () => {
        this.#sessions.checkHealth()
        this.#leave(entrance, arrival)
      },
    })
    this.#sessions.hold(entrance)
    entrance.begin()
  }

  #leave(entrance: Entrance, { place }: Arrival): void {
    this.#sessions.letGo(entrance)
    place?.served?.()
    place?.over?.()
  }

  #open(socket: Socket, arrival: Arrival): void {
    const link = new Link(socket, this.#rules, arrival)
    if (this.#fast) this.#sessions.add(link)
  }
}

type OwnRules = Pick<LinkRules, 'handlers' | 'onFault' | 'onServed' | 'onClosed'>

/** Handlers of the fast layer: the link itself is the session. */
function fastRules(handlers: Handlers<never>, events: HandlerEvents<Link>, sessions: Sessions): OwnRules {
  const { onConnection } = events
  const given = handlers as Handlers
  const open = (link: Link): void => {
    onConnection?.(link)
    given.open?.(link)
  }
  return {
    // With the given object below it: its handlers may be methods, and find what they keep on `this`.
    handlers: onConnection ? Object.assign(Object.create(given) as Handlers, { open }) : given,
    onFault: (error: unknown, link: Link) => reportHandlerError(error, link, events),
    onServed: (link: Link) => link.arrival.place?.served?.(),
    onClosed(link: Link, closing: Closing) {
      sessions.remove(link, closing)
      link.arrival.place?.over?.()
    },
  }
}
