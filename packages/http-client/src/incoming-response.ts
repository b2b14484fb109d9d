// The client's side of one exchange after the request is on its way: head first, body as it is asked for.

import type { Socket } from 'node:net'
import { NetworkError, ProtocolError, quoted } from '@plainwire/socket-utils/errors'
import type { ClientConnection } from './client-connection.ts'
import { joined, type BodySource, type Soon } from './message-body.ts'
import { remainingCodings, type BodyFraming } from './protocol/body-framing.ts'
import { HeaderList } from './protocol/headers.ts'
import { persists } from './protocol/persistence.ts'
import type { Step } from './protocol/message-parser.ts'
import type { ResponseHead, ResponseParser } from './protocol/response-parser.ts'
import type { Warning } from './parser.ts'
import { giveBack, parserFor, type Reading } from './spare-parsers.ts'
import { violation, type HttpProtocolError } from './protocol/violation.ts'
import type { ExchangeRecorder } from './exchange-trace.ts'

export interface ReceivedHead {
  readonly head: ResponseHead
  readonly informational: readonly ResponseHead[]
}

/**
 * In what state a response leaves its connection: for another exchange to use, for the server to close, or with bytes that
 * nobody read.
 */
export type Left = 'reusable' | 'read' | 'unread'

export interface IncomingOptions {
  readonly method: string
  /** For messages: `GET http://host/`. */
  readonly operation: string
  readonly reading: Reading
  /** Whether somebody wants what an upgrade or a tunnel leaves. */
  readonly tunnel: boolean
  readonly recorder: ExchangeRecorder
  /** The exchange is over. */
  readonly finished: (left: Left) => void
}

/** What is left of a connection when HTTP on it has ended. */
export interface Tunnel {
  /** Paused, and without a listener: attach yours, `error` too, before waiting for anything. */
  readonly socket: Socket
  /** What came behind the head of the response: the first bytes of the other protocol, before any that the socket gives. */
  readonly surplus: Uint8Array
}

/** Each is small and allowed, RFC 9110 §15.2; a server that sends nothing else would fill the memory. */
const MOST_INFORMATIONAL = 100

const NO_BODY: BodyFraming = { kind: 'none' }
const NO_TRAILERS = new HeaderList()
const NO_WARNINGS: readonly Warning[] = []
const NONE_BEFORE: readonly ResponseHead[] = []

/** Reads one response from a connection, and says when it is done with that. */
export class IncomingResponse implements BodySource {
  /** Called with each 1xx head. */
  onInformational: ((head: ResponseHead) => void) | undefined
  readonly #connection: ClientConnection
  readonly #parser: ResponseParser
  readonly #options: IncomingOptions
  #framing: BodyFraming = NO_BODY
  #persists = false
  #trailers = NO_TRAILERS
  #warnings = NO_WARNINGS
  #bodyBytes = 0
  #finished = false
  #watch: { finished(): void } | undefined
  #state: 'open' | 'complete' | 'closed' = 'open'

  constructor(connection: ClientConnection, options: IncomingOptions) {
    this.#connection = connection
    this.#parser = parserFor(options.reading, options.method)
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

  /** Tells `watch` when the exchange is over, which may be now. */
  whenOver(watch: { finished(): void }): void {
    if (this.over) watch.finished()
    else this.#watch = watch
  }

  async head(): Promise<ReceivedHead> {
    const { operation } = this.#options
    let informational = NONE_BEFORE
    for (;;) {
      const step = this.#parse()
      if (step === undefined) {
        if (this.#finished) {
          const what = 'empty reply, the server closed the connection without an answer'
          throw new NetworkError('connection-closed', `${operation}: ${what}`)
        }
        this.#feed(await this.#connection.read())
        continue
      }
      const { head } = this.#parser
      if (head === undefined) continue
      this.#keepWarnings()
      if (step === 'informational') {
        informational = [...informational, head]
        if (informational.length > MOST_INFORMATIONAL) throw this.#nameOf(this.#tooManyHeads())
        this.onInformational?.(head)
        continue
      }
      this.#framing = this.#parser.framing
      this.#persists = persists(head)
      this.#refuseUnreadable(head)
      // Without a body there is nothing to wait for: the connection is free before anybody asks.
      const { kind } = this.#framing
      if (kind === 'none' || (kind === 'tunnel' && !this.#options.tunnel)) void this.next()
      return { head, informational }
    }
  }

  /** The next piece of content; undefined at the end of the body, which ends the exchange. */
  next(): Soon<Uint8Array | undefined> {
    if (this.#state === 'complete') return undefined
    if (this.#state === 'closed') return this.#connection.read() // which says why it cannot
    const step = this.#parse()
    return step ? this.#contentOf(step) : this.#nextRead()
  }

  /** Straight from the socket's buffer to `consume`. */
  forEach(consume: (piece: Uint8Array) => void): Soon<void> {
    if (this.#state === 'complete' || (this.#state === 'open' && this.#drain(consume))) return undefined
    return this.#flow(consume)
  }

  /** The connection, on which no HTTP follows; the exchange is over. */
  detach(): Tunnel {
    if (this.#framing.kind !== 'tunnel' || this.#state !== 'open') {
      const what = 'after 101, or 2xx to CONNECT, with the option tunnel'
      throw new TypeError(`${this.#options.operation}: a connection can be taken once, ${what}`)
    }
    void this.#parse() // the end of the message
    const { socket, surplus } = this.#connection.detach()
    this.#finish()
    return { socket, surplus: joined([this.#parser.surplus, surplus]) }
  }

  /** Drops what was not read. */
  close(): void {
    if (this.#state !== 'open') return
    this.#state = 'closed'
    this.#connection.close()
    this.#options.finished('unread')
    this.#watch?.finished()
  }

  async #nextRead(): Promise<Uint8Array | undefined> {
    for (;;) {
      this.#feed(await this.#connection.read())
      const step = this.#parse()
      if (step || this.#finished) return this.#contentOf(step)
    }
  }

  async #flow(consume: (piece: Uint8Array) => void): Promise<void> {
    // Between two chunks the parser keeps bytes, which the next read would overwrite.
    const lasting = this.#framing.kind === 'chunked'
    await this.#connection.flow((bytes) => {
      this.#feed(lasting ? new Uint8Array(bytes) : bytes)
      return this.#drain(consume)
    })
    if (this.over) return
    this.#feed(undefined)
    this.#drain(consume)
  }

  /** Whether the body is at its end. */
  #drain(consume: (piece: Uint8Array) => void): boolean {
    for (let step = this.#parse(); step; step = this.#parse()) {
      const piece = this.#contentOf(step)
      if (piece === undefined) return true
      consume(piece)
    }
    return false
  }

  #contentOf(step: Step | undefined): Uint8Array | undefined {
    if (step === 'content') {
      const { content } = this.#parser
      this.#bodyBytes += content.length
      this.#refuseTooMuch(this.#bodyBytes)
      return content
    }
    if (step === 'end') {
      this.#trailers = this.#parser.trailers
      this.#keepWarnings()
    }
    this.#finish()
    return undefined
  }

  /** Of the step before. */
  #keepWarnings(): void {
    const { warnings } = this.#parser
    if (warnings.length > 0) this.#warnings = [...this.#warnings, ...warnings]
  }

  #refuseUnreadable(head: ResponseHead): void {
    const codings = remainingCodings(head.headers)
    if (codings.length > 0 && this.#framing.kind !== 'none' && this.#framing.kind !== 'tunnel') {
      const what = `transfer coding ${quoted(codings.join(', '))}, which was not asked for`
      throw this.#nameOf(violation('http/bad-transfer-encoding', what, this.#options.recorder.bytesReceived))
    }
    this.#refuseTooMuch(this.announcedBytes ?? 0)
  }

  #tooManyHeads(): HttpProtocolError {
    const what = `more than ${MOST_INFORMATIONAL} informational responses`
    return violation('http/head-too-large', what, this.#options.recorder.bytesReceived)
  }

  #refuseTooMuch(bytes: number): void {
    const { reading, recorder } = this.#options
    const { maxBodyBytes } = reading
    if (bytes <= maxBodyBytes) return
    const what = `body of more than ${maxBodyBytes} bytes`
    throw this.#nameOf(violation('http/body-too-large', what, recorder.bytesReceived))
  }

  #finish(): void {
    this.#state = 'complete'
    this.#options.recorder.reached('finished')
    const { kind } = this.#framing
    const clean = kind !== 'close' && kind !== 'tunnel' && this.#parser.surplus.length === 0
    // A peer that had to be put right is not trusted with another message.
    const reusable = this.#persists && clean && this.#warnings.length === 0
    if (clean) giveBack(this.#parser, this.#options.reading)
    this.#options.finished(reusable ? 'reusable' : 'read')
    this.#watch?.finished()
  }

  #parse(): Step | undefined {
    try {
      return this.#parser.advance()
    } catch (error) {
      throw this.#nameOf(error)
    }
  }

  /** `undefined`: the server has finished. */
  #feed(bytes: Uint8Array | undefined): void {
    if (bytes) {
      this.#parser.push(bytes)
      return
    }
    this.#finished = true
    try {
      this.#parser.end()
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
