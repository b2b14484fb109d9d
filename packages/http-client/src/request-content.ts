// The body of one request on its way to a handler, and out of the way of the next request.

import type { EventReader } from './event-reader.ts'
import type { BodySource } from './message-body.ts'
import { requestFraming } from './protocol/body-framing.ts'
import { listMembers } from './protocol/grammar.ts'
import type { RequestEvent, RequestHead } from './protocol/request-parser.ts'
import { violation, type HttpProtocolError } from './protocol/violation.ts'

export interface RequestContentOptions {
  readonly maxBytes: number
  /** Lets a client go on that waits for `100 Continue`, RFC 9110 §10.1.1. */
  readonly sendContinue: () => Promise<void>
}

export class RequestContent implements BodySource {
  readonly #events: EventReader<RequestEvent>
  readonly #options: RequestContentOptions
  readonly #announced: number
  #withheld: boolean
  #bytes = 0
  #ended = false
  #tooLarge: HttpProtocolError | undefined

  constructor(head: RequestHead, events: EventReader<RequestEvent>, options: RequestContentOptions) {
    this.#events = events
    this.#options = options
    const framing = requestFraming(head)
    this.#announced = framing.kind === 'length' ? framing.length : 0
    this.#withheld = head.version === '1.1' && listMembers(head.headers.get('expect') ?? '').includes('100-continue')
  }

  /** The client waits before it sends the body. Answered now, it may send it or not: nothing can follow. */
  get withheld(): boolean {
    return this.#withheld
  }

  /** What `next` threw, if the body was longer than allowed. */
  get tooLarge(): HttpProtocolError | undefined {
    return this.#tooLarge
  }

  /** Tells a client that waits with the body to send it. */
  async release(): Promise<void> {
    if (!this.#withheld) return
    this.#count(this.#announced)
    this.#withheld = false
    await this.#options.sendContinue()
  }

  async next(): Promise<Uint8Array | undefined> {
    if (this.#ended) return undefined
    this.#count(this.#announced)
    await this.release()
    const event = await this.#events.next()
    if (event?.type !== 'content') {
      this.#ended = true
      return undefined
    }
    this.#bytes += event.bytes.length
    this.#count(this.#bytes)
    return event.bytes
  }

  /** A handler may stop reading anywhere: `drain` does the rest. */
  close(): void {}

  /** Drops what is left. False where the next request cannot be reached: a body too long, or broken. */
  async drain(): Promise<boolean> {
    try {
      while (!this.#ended) await this.next()
      return true
    } catch (error) {
      if (error === this.#tooLarge || error === this.#events.violation) return false
      throw error
    }
  }

  #count(bytes: number): void {
    const { maxBytes } = this.#options
    if (bytes <= maxBytes) return
    this.#tooLarge ??= violation('http/body-too-large', `request body of more than ${maxBytes} bytes`, this.#bytes)
    throw this.#tooLarge
  }
}
