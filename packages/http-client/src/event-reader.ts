// Where a parser meets its bytes: events are pulled, and the peer is read only when the parser needs more.

interface Parser<Event> {
  push(bytes: Uint8Array): void
  next(): Event | undefined
  end(): void
}

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

  /** The next event, or undefined when the peer has finished between two messages. */
  async next(): Promise<Event | undefined> {
    for (;;) {
      const event = this.#parse(() => this.#parser.next())
      if (event !== undefined || this.#finished) return event
      const bytes = await this.#read()
      if (bytes !== undefined) {
        this.#parser.push(bytes)
      } else {
        this.#finished = true
        this.#parse(() => this.#parser.end())
      }
    }
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
