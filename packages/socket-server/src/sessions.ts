/** How serving one client turned out. */
export type Outcome = 'served' | 'reset' | 'handler-error' | 'cut'

/** One client being served, here or in a thread of its own. */
export interface Session {
  /** Resolves when its handler is done and its connection closed, or when it was destroyed. */
  readonly done: Promise<Outcome>
  destroy(): void
}

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

/** The clients being served at this moment, and the count of all there were. */
export class Sessions {
  readonly #open = new Set<Session>()
  readonly #count = { connections: 0, served: 0, reset: 0, 'handler-error': 0, cut: 0 }
  #cutting = false

  get summary(): ServerSummary {
    const count = this.#count
    return {
      connections: count.connections,
      handlerErrors: count['handler-error'],
      resets: count.reset,
      cut: count.cut,
    }
  }

  add(session: Session): void {
    this.#count.connections += 1
    this.#open.add(session)
    void session.done
      .then((outcome) => {
        this.#count[outcome] += 1
      })
      .finally(() => this.#open.delete(session))
    // An acceptor thread may have had one more on its way when the deadline passed.
    if (this.#cutting) session.destroy()
  }

  /** Destroys all there are and any still to come. */
  cut(): void {
    this.#cutting = true
    for (const session of this.#open) session.destroy()
  }

  /** Resolves when none is left. */
  async idle(): Promise<void> {
    while (this.#open.size > 0) await Promise.allSettled([...this.#open].map((session) => session.done))
  }
}
