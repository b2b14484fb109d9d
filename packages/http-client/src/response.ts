// The client's side of one exchange after the request is on its way: head first, body as it is asked for.

import { NetworkError, ProtocolError, quoted } from '@plainwire/socket-utils/errors'
import type { ClientConnection } from './client-connection.ts'
import { EventReader } from './event-reader.ts'
import type { ExchangeRecorder, ExchangeTrace, Timings } from './exchange-trace.ts'
import { MessageBody } from './message-body.ts'
import { remainingCodings, responseFraming } from './protocol/body-framing.ts'
import type { BodyEvent } from './protocol/body-reader.ts'
import { HeaderList } from './protocol/headers.ts'
import type { HttpVersion } from './protocol/persistence.ts'
import type { ResponseEvent, ResponseHead, ResponseParser } from './protocol/response-parser.ts'
import { violation, type HttpErrorCode, type HttpProtocolError } from './protocol/violation.ts'

/**
 * A response whose head has come. Its connection stays open until the body is at its end, `close` is called, or the
 * deadline of the request ends it: read it or close it.
 */
export class HttpResponse implements AsyncDisposable {
  readonly version: HttpVersion
  readonly statusCode: number
  readonly reasonPhrase: string
  readonly headers: HeaderList
  /** The 1xx heads that came before, such as 103 Early Hints. */
  readonly informational: readonly ResponseHead[]
  readonly body: MessageBody
  /** Addresses, counts, and with `trace` every byte; it goes on while the body is read. */
  readonly exchange: ExchangeTrace
  readonly #incoming: IncomingResponse
  readonly #recorder: ExchangeRecorder

  constructor(received: ReceivedHead, incoming: IncomingResponse, recorder: ExchangeRecorder, exchange: ExchangeTrace) {
    const { version, statusCode, reasonPhrase, headers } = received.head
    this.version = version
    this.statusCode = statusCode
    this.reasonPhrase = reasonPhrase
    this.headers = headers
    this.informational = received.informational
    this.body = new MessageBody(incoming, headers.get('content-type'))
    this.exchange = exchange
    this.#incoming = incoming
    this.#recorder = recorder
  }

  /** The header lines after a chunked body; empty until it has been read. */
  get trailers(): HeaderList {
    return this.#incoming.trailers
  }

  /** Complete when the body has been read. */
  get timings(): Timings {
    return this.#recorder.timings
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.body.bytes()
  }

  text(): Promise<string> {
    return this.body.text()
  }

  json(): Promise<unknown> {
    return this.body.json()
  }

  /** Drops what was not read. Resolves when the connection is closed; may be called at any time and again. */
  async close(): Promise<void> {
    this.#incoming.close()
    await this.#incoming.closed()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

export interface ReceivedHead {
  readonly head: ResponseHead
  readonly informational: readonly ResponseHead[]
}

export interface IncomingOptions {
  readonly method: string
  /** For messages: `GET http://host/`. */
  readonly operation: string
  readonly maxBodyBytes: number
}

/** Reads one response from a connection, and closes that at the end of the body, after an error, or when told. */
export class IncomingResponse {
  readonly #connection: ClientConnection
  readonly #events: EventReader<ResponseEvent>
  readonly #recorder: ExchangeRecorder
  readonly #options: IncomingOptions
  #trailers = new HeaderList()
  #bodyBytes = 0
  #ahead: BodyEvent | undefined
  #complete = false

  constructor(
    connection: ClientConnection,
    parser: ResponseParser,
    recorder: ExchangeRecorder,
    options: IncomingOptions,
  ) {
    this.#connection = connection
    this.#events = new EventReader(parser, () => connection.read())
    this.#recorder = recorder
    this.#options = options
  }

  get trailers(): HeaderList {
    return this.#trailers
  }

  async head(): Promise<ReceivedHead> {
    const { operation, method } = this.#options
    const informational: ResponseHead[] = []
    for (;;) {
      const event = await this.#event()
      if (event === undefined) {
        const what = 'empty reply, the server closed the connection without an answer'
        throw new NetworkError('connection-closed', `${operation}: ${what}`)
      }
      if (event.type === 'informational') informational.push(event.head)
      if (event.type !== 'head') continue
      const { head } = event
      await this.#begin(head, responseFraming(head, method).kind)
      return { head, informational }
    }
  }

  /** The next piece of content; undefined at the end of the body, which closes the connection. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#complete) return undefined
    const event = this.#ahead ?? (await this.#event())
    this.#ahead = undefined
    if (event?.type !== 'content') {
      if (event?.type === 'end') this.#trailers = event.trailers
      this.#finish()
      return undefined
    }
    this.#bodyBytes += event.bytes.length
    this.#refuseTooMuch(this.#bodyBytes)
    return event.bytes
  }

  close(): void {
    this.#connection.close()
  }

  closed(): Promise<void> {
    return this.#connection.closed()
  }

  /** Without a body there is nothing to wait for: the connection is closed before anybody asks. */
  async #begin(head: ResponseHead, kind: string): Promise<void> {
    if (kind === 'none' || kind === 'tunnel') {
      await this.next()
      return
    }
    const codings = remainingCodings(head.headers)
    if (codings.length > 0) {
      const what = `transfer coding ${quoted(codings.join(', '))}, which was not asked for`
      throw this.#named(violation('http/bad-transfer-encoding', what, this.#recorder.bytesReceived))
    }
    this.#refuseTooMuch(Number(head.headers.get('content-length') ?? 0))
  }

  #finish(): void {
    this.#complete = true
    this.#recorder.reached('finished')
    this.close()
  }

  #refuseTooMuch(bytes: number): void {
    const { maxBodyBytes } = this.#options
    if (bytes <= maxBodyBytes) return
    const what = `body of more than ${maxBodyBytes} bytes`
    throw this.#named(violation('http/body-too-large', what, this.#recorder.bytesReceived))
  }

  async #event(): Promise<ResponseEvent | undefined> {
    try {
      return await this.#events.next()
    } catch (error) {
      throw error === this.#events.violation ? this.#named(error as HttpProtocolError) : error
    }
  }

  /** A parser does not know whose bytes it reads. */
  #named(fault: HttpProtocolError): HttpProtocolError {
    const message = `${this.#options.operation}: ${fault.message}`
    return Object.assign(new ProtocolError<HttpErrorCode>(fault.code, message, { cause: fault }), {
      offset: fault.offset,
    })
  }
}
