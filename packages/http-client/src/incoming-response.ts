// The client's side of one exchange after the request is on its way: head first, body as it is asked for.

import { NetworkError, ProtocolError, quoted } from '@plainwire/socket-utils/errors'
import type { ClientConnection } from './client-connection.ts'
import { decode } from './latin1-decoder.ts'
import { EventReader, type Soon } from './event-reader.ts'
import type { BodySource } from './message-body.ts'
import { remainingCodings, type BodyFraming } from './protocol/body-framing.ts'
import { HeaderList } from './protocol/headers.ts'
import { persists } from './protocol/persistence.ts'
import { ResponseParser, type ResponseEvent, type ResponseHead } from './protocol/response-parser.ts'
import type { LeniencyOptions, ParserLimits, Warning } from './parser.ts'
import { violation } from './protocol/violation.ts'
import type { ExchangeRecorder } from './exchange-trace.ts'

export interface ReceivedHead {
  readonly head: ResponseHead
  readonly informational: readonly ResponseHead[]
}

/** How a response is read: by the letter, unless told otherwise. */
export interface ResponseParsing extends ParserLimits, LeniencyOptions {
  readonly http09?: boolean
}

export interface IncomingOptions {
  readonly method: string
  /** For messages: `GET http://host/`. */
  readonly operation: string
  readonly maxBodyBytes: number
  readonly parsing: ResponseParsing
  readonly recorder: ExchangeRecorder
  /** The exchange is over; `reusable`: as far as the response goes, the connection can serve another. */
  readonly finished: (reusable: boolean) => void
}

/** Reads one response from a connection, and says when it is done with that. */
export class IncomingResponse implements BodySource {
  /** Called with each 1xx head. */
  onInformational: ((head: ResponseHead) => void) | undefined
  readonly #connection: ClientConnection
  readonly #parser: ResponseParser
  readonly #events: EventReader<ResponseEvent>
  readonly #options: IncomingOptions
  #framing: BodyFraming = { kind: 'none' }
  #persists = false
  #trailers = new HeaderList()
  readonly #warnings: Warning[] = []
  #bodyBytes = 0
  #state: 'open' | 'complete' | 'closed' = 'open'

  constructor(connection: ClientConnection, options: IncomingOptions) {
    this.#connection = connection
    this.#parser = new ResponseParser({ ...options.parsing, method: options.method, decode })
    this.#events = new EventReader(this.#parser, () => connection.read())
    this.#options = options
  }

  get trailers(): HeaderList {
    return this.#trailers
  }

  /** Repairs that were made, so far. */
  get warnings(): readonly Warning[] {
    return this.#warnings
  }

  get announcedBytes(): number | undefined {
    return this.#framing.kind === 'length' ? this.#framing.length : undefined
  }

  /** Whether the exchange is over: read to its end, or closed. */
  get over(): boolean {
    return this.#state !== 'open'
  }

  /** Resolves when its connection is released: to the pool, or its descriptor to the system. */
  released(): Promise<void> {
    return this.#connection.closedHere ? this.#connection.closed() : Promise.resolve()
  }

  async head(): Promise<ReceivedHead> {
    const { operation } = this.#options
    const informational: ResponseHead[] = []
    for (;;) {
      const event = await this.#event()
      if (event === undefined) {
        const what = 'empty reply, the server closed the connection without an answer'
        throw new NetworkError('connection-closed', `${operation}: ${what}`)
      }
      if (event.type === 'informational') {
        this.#warnings.push(...event.warnings)
        informational.push(event.head)
        this.onInformational?.(event.head)
      }
      if (event.type !== 'head') continue
      const { head, framing } = event
      this.#framing = framing
      this.#warnings.push(...event.warnings)
      // A peer that had to be put right is not trusted with another message.
      this.#persists = persists(head) && this.#warnings.length === 0
      this.#refuseUnreadable(head)
      // Without a body there is nothing to wait for: the connection is free before anybody asks.
      if (this.#framing.kind === 'none' || this.#framing.kind === 'tunnel') await this.next()
      return { head, informational }
    }
  }

  /** The next piece of content; undefined at the end of the body, which ends the exchange. */
  next(): Soon<Uint8Array | undefined> {
    if (this.#state === 'complete') return undefined
    if (this.#state === 'closed') return this.#connection.read() // which says why it cannot
    const event = this.#event()
    return event instanceof Promise ? event.then((event) => this.#contentOf(event)) : this.#contentOf(event)
  }

  /** Straight from the socket's buffer to `consume`. */
  async forEach(consume: (piece: Uint8Array) => void): Promise<void> {
    const drain = (): boolean => {
      for (let event = this.#taken(); event; event = this.#taken()) {
        const piece = this.#contentOf(event)
        if (piece === undefined) return true
        consume(piece)
      }
      return false
    }
    if (this.#state === 'complete' || (this.#state === 'open' && drain())) return
    // Between two chunks the parser keeps bytes, which the next read would overwrite.
    const lasting = this.#framing.kind === 'chunked'
    await this.#connection.flow((bytes) => {
      this.#events.push(lasting ? new Uint8Array(bytes) : bytes)
      return drain()
    })
    if (this.over) return
    this.#named(() => this.#events.finish())
    drain()
  }

  /** Drops what was not read. */
  close(): void {
    if (this.#state !== 'open') return
    this.#state = 'closed'
    this.#connection.close()
    this.#options.finished(false)
  }

  #contentOf(event: ResponseEvent | undefined): Uint8Array | undefined {
    if (event?.type !== 'content') {
      if (event?.type === 'end') {
        this.#trailers = event.trailers
        this.#warnings.push(...event.warnings)
      }
      this.#finish()
      return undefined
    }
    this.#bodyBytes += event.bytes.length
    this.#refuseTooMuch(this.#bodyBytes)
    return event.bytes
  }

  #refuseUnreadable(head: ResponseHead): void {
    const codings = remainingCodings(head.headers)
    if (codings.length > 0 && this.#framing.kind !== 'none' && this.#framing.kind !== 'tunnel') {
      const what = `transfer coding ${quoted(codings.join(', '))}, which was not asked for`
      throw this.#nameOf(violation('http/bad-transfer-encoding', what, this.#options.recorder.bytesReceived))
    }
    this.#refuseTooMuch(this.announcedBytes ?? 0)
  }

  #refuseTooMuch(bytes: number): void {
    const { maxBodyBytes, recorder } = this.#options
    if (bytes <= maxBodyBytes) return
    const what = `body of more than ${maxBodyBytes} bytes`
    throw this.#nameOf(violation('http/body-too-large', what, recorder.bytesReceived))
  }

  #finish(): void {
    this.#state = 'complete'
    this.#options.recorder.reached('finished')
    const { kind } = this.#framing
    this.#options.finished(this.#persists && kind !== 'close' && kind !== 'tunnel' && this.#parser.surplus.length === 0)
  }

  #event(): Soon<ResponseEvent | undefined> {
    const event = this.#named(() => this.#events.next())
    if (!(event instanceof Promise)) return event
    return event.catch((error: unknown) => {
      throw this.#nameOf(error)
    })
  }

  #taken(): ResponseEvent | undefined {
    return this.#named(() => this.#events.take())
  }

  #named<T>(step: () => T): T {
    try {
      return step()
    } catch (error) {
      throw this.#nameOf(error)
    }
  }

  /** A parser does not know whose bytes it reads. */
  #nameOf(error: unknown): unknown {
    if (!(error instanceof ProtocolError) || error.message.startsWith(this.#options.operation)) return error
    const message = `${this.#options.operation}: ${error.message}`
    // The offset, the line and the clause of the specification with it.
    return Object.assign(
      new ProtocolError(error.code, message, { cause: error }),
      Object.fromEntries(Object.entries(error)),
    )
  }
}
