// The clients being served at this moment, and the count of all there were, wherever they are served: here, in a thread,
// in a process.

import type { Socket } from 'node:net'
import { CLOSE_REASONS, type Closing, type CloseReason } from './closing.ts'
import type { Address } from './arrival.ts'

/** One client being served. */
export interface Session {
  /** Finishes what is in flight and ends; an idle one ends at once. */
  drain(): void
  /** Ends now. */
  cut(reason: CloseReason): void
  readonly remote?: Address
  /** So far; undefined where only the end will tell. */
  readonly bytesRead?: number
  readonly bytesWritten?: number
}

/** How a server has ended. */
export interface ServerSummary {
  /** Accepted in all. */
  readonly connections: number
  /** Handlers that threw, or ended their thread with an exit code other than 0. */
  readonly handlerErrors: number
  /** Broken by the client's reset or by the network. */
  readonly resets: number
  /** Still being served at the deadline of `close`, and destroyed. */
  readonly cut: number
}

/** `accepted` is always `open` and all of `closed` together. */
export interface SessionCounts {
  /** All there were: those being served, and those that have ended, by whatever reason. */
  readonly accepted: number
  /** Being served. */
  readonly open: number
  /** Neither yet: they wait for their turn, or shake hands. Those in the kernel's backlog are not among them. */
  readonly waiting: number
  /** The most that were open at one time. */
  readonly peak: number
  /** Ended, by reason, those included that no handler saw. */
  readonly closed: Readonly<Record<CloseReason, number>>
  /** Connections of a trusted proxy that said nothing: none of the others. */
  readonly healthChecks: number
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Reads that brought bytes; those of connections that are open come with their end. */
  readonly messages: number
}

/** `remote` is a function, since asking the kernel takes a moment and few want to know. */
export interface SessionsObserver {
  started(id: number, remote: () => Address | undefined): void
  stopped(id: number, remote: () => Address | undefined, closing: Closing): void
  refused(reason: CloseReason, remote: () => Address | undefined): void
}

/** Whoever serves a client adds it, and removes it when it is over: one `remove` for each `add`. */
export class Sessions {
  /** With the number of each. */
  readonly #open = new Map<Session, number>()
  readonly #held = new Set<Session>()
  readonly #closed = Object.fromEntries(CLOSE_REASONS.map((reason) => [reason, 0])) as Record<CloseReason, number>
  readonly #idle: (() => void)[] = []
  #observer: SessionsObserver | undefined
  #started = 0
  #refused = 0
  #peak = 0
  #cut = 0
  #healthChecks = 0
  #bytesRead = 0
  #bytesWritten = 0
  #messages = 0
  #phase: 'serving' | 'draining' | 'cutting' = 'serving'

  observe(observer: SessionsObserver): void {
    this.#observer = observer
  }

  get summary(): ServerSummary {
    const { 'handler-error': handlerErrors, reset: resets } = this.#closed
    return { connections: this.#started + this.#refused, handlerErrors, resets, cut: this.#cut }
  }

  get counts(): SessionCounts {
    let bytesRead = this.#bytesRead
    let bytesWritten = this.#bytesWritten
    for (const session of this.#open.keys()) {
      bytesRead += session.bytesRead ?? 0
      bytesWritten += session.bytesWritten ?? 0
    }
    return {
      accepted: this.#started + this.#refused,
      open: this.#open.size,
      waiting: this.#held.size,
      peak: this.#peak,
      closed: { ...this.#closed },
      healthChecks: this.#healthChecks,
      bytesRead,
      bytesWritten,
      messages: this.#messages,
    }
  }

  /** One that comes while the server drains is drained or cut like the others. */
  add(session: Session): void {
    const id = ++this.#started
    this.#open.set(session, id)
    this.#peak = Math.max(this.#peak, this.#open.size)
    this.#observer?.started(id, () => session.remote)
    if (this.#phase === 'draining') session.drain()
    if (this.#phase === 'cutting') this.#cutOne(session)
  }

  remove(session: Session, closing: Closing): void {
    const id = this.#open.get(session)
    if (id === undefined) return
    this.#open.delete(session)
    this.#closed[closing.reason] += 1
    this.#bytesRead += closing.bytesRead
    this.#bytesWritten += closing.bytesWritten
    this.#messages += closing.messages
    this.#observer?.stopped(id, () => session.remote, closing)
    this.#wakeIfIdle()
  }

  /** One that was accepted, and turned away before anybody served it. */
  refuse(reason: CloseReason, socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): void {
    this.#refused += 1
    this.#closed[reason] += 1
    this.#observer?.refused(reason, () => {
      const { remoteAddress: host, remotePort: port } = socket
      return host === undefined || port === undefined ? undefined : { host, port }
    })
  }

  /** One that is accepted, and not served yet: it waits for its turn, or shakes hands. */
  hold(session: Session): void {
    this.#held.add(session)
    if (this.#phase === 'cutting') session.cut('drain')
  }

  /** Its turn has come, or it will not. */
  letGo(session: Session): void {
    if (this.#held.delete(session)) this.#wakeIfIdle()
  }

  /** A proxy looked whether somebody is there: no connection, but worth knowing. */
  checkHealth(): void {
    this.#healthChecks += 1
  }

  drain(): void {
    if (this.#phase !== 'serving') return
    this.#phase = 'draining'
    for (const session of this.#open.keys()) session.drain()
  }

  /** Destroys all there are and any still to come. */
  cut(): void {
    if (this.#phase === 'cutting') return
    this.#phase = 'cutting'
    for (const session of this.#held) session.cut('drain')
    for (const session of this.#open.keys()) this.#cutOne(session)
  }

  /** Whoever comes now comes too late. */
  get cutting(): boolean {
    return this.#phase === 'cutting'
  }

  /** Resolves when none is left. */
  async idle(): Promise<void> {
    while (this.#open.size + this.#held.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #wakeIfIdle(): void {
    // Whoever waits looks again: the last one to wait for its turn may be served now.
    if (this.#open.size + this.#held.size === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  #cutOne(session: Session): void {
    this.#cut += 1
    session.cut('drain')
  }
}
