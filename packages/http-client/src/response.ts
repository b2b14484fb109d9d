import type { HeaderList } from './protocol/headers.ts'
import type { ExchangeTrace, Timings } from './exchange-trace.ts'
import type { IncomingResponse, ReceivedHead, Tunnel } from './incoming-response.ts'
import { MessageBody, type BodySource } from './message-body.ts'
import type { Warning } from './parser.ts'
import type { HttpVersion } from './protocol/http-version.ts'
import type { ResponseHead } from './protocol/response-parser.ts'

/** One that was followed, and so never became the response. */
export interface Redirect {
  readonly url: string
  readonly statusCode: number
  readonly headers: HeaderList
  readonly exchange: ExchangeTrace
}

export interface ResponseParts {
  readonly received: ReceivedHead
  readonly incoming: IncomingResponse
  readonly exchange: ExchangeTrace
  readonly redirects: readonly Redirect[]
  /** What the body is read from: `incoming`, or what decodes it. */
  readonly content: BodySource
}

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
  /** Those on the way here, in order; empty unless `maxRedirects` allows them. */
  readonly redirects: readonly Redirect[]
  readonly #incoming: IncomingResponse
  readonly #content: BodySource

  constructor({ received, incoming, exchange, redirects, content }: ResponseParts) {
    const { version, statusCode, reasonPhrase, headers } = received.head
    this.version = version
    this.statusCode = statusCode
    this.reasonPhrase = reasonPhrase
    this.headers = headers
    this.informational = received.informational
    this.body = new MessageBody(content, headers)
    this.exchange = exchange
    this.redirects = redirects
    this.#incoming = incoming
    this.#content = content
  }

  /** Where it came from, without a user name or password: with redirects, the last URL. */
  get url(): string {
    return this.exchange.url
  }

  /** The header lines after a chunked body; empty until it has been read. */
  get trailers(): HeaderList {
    return this.#incoming.trailers
  }

  /** Repairs that `leniency` allowed, each with its place and clause; complete when the body has been read. */
  get warnings(): readonly Warning[] {
    return this.#incoming.warnings
  }

  /** Complete when the body has been read. */
  get timings(): Timings {
    return this.exchange.timings
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

  /** The body as a web stream. */
  stream(): ReadableStream<Uint8Array> {
    return this.body.stream()
  }

  /**
   * After 101 Switching Protocols, and 2xx to CONNECT, with the option `tunnel`: the connection is yours, and with it the
   * duty to close it; no deadline of the request ends it any more. TypeError after any other response, and the second time.
   */
  detach(): Tunnel {
    return this.#incoming.detach()
  }

  /** Drops what was not read. Resolves when the connection is released; may be called at any time and again. */
  close(): Promise<void> {
    this.#content.close()
    this.#incoming.close()
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
