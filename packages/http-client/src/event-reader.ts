// Where a parser meets its bytes: events are pulled, and the peer is read only when the parser needs more.

interface Parser<Event> {
  push(bytes: Uint8Array): void
  next(): Event | undefined
  end(): void
}

/** What is here already, or a promise of it: a promise for each of many small pieces would cost more than they do. */
export type Soon<T> = T | Promise<T>

export class EventReader<Event> {
  readonly #parser: Parser<Event>
  readonly #read: () => Promise<Uint8Array | undefined>
  #finished = false
  #violation: unknown

  /** `read`: the peer's next bytes, undefined once it has finished. */
  constructor(parser: Parser<Event>, read: () => Promise<Uint8Array | undefined>) {
    this.#parser = parser
    this.#read = read
  }

  /** What the parser threw, if it did: tells it from the same kind of error thrown by somebody else. */
  get violation(): unknown {
    return this.#violation
  }

  /** The next event, or undefined when the peer has finished between two messages. Throws where it need not wait. */
  next(): Soon<Event | undefined> {
    return this.take() ?? (this.#finished ? undefined : this.#afterReading())
  }

  /** The next event if its bytes are here. */
  take(): Event | undefined {
    return this.#parse(() => this.#parser.next())
  }

  /** Bytes that were read by somebody else; they must not change before the next events are taken. */
  push(bytes: Uint8Array): void {
    this.#parser.push(bytes)
  }

  async #afterReading(): Promise<Event | undefined> {
    for (;;) {
      const bytes = await this.#read()
      if (bytes === undefined) this.finish()
      else this.#parser.push(bytes)
      const event = this.take()
      if (event !== undefined || this.#finished) return event
    }
  }

  /** The peer will send no more. */
  finish(): void {
    this.#finished = true
    this.#parse(() => this.#parser.end())
  }

  #parse<T>(step: () => T): T {
    try {
      return step()
    } catch (error) {
      this.#violation = error
      throw error
    }
  }
}
