import { quoted } from '@plainwire/socket-utils/errors'
import { responseFraming, type BodyFraming } from './body-framing.ts'
import type { BodyEvent } from './body-reader.ts'
import { isToken } from './grammar.ts'
import type { HeaderList } from './headers.ts'
import { leniencies, Repairs, type Warning } from './leniency.ts'
import { MessageParser, type CompleteHead, type ParserOptions } from './message-parser.ts'
import { persists } from './persistence.ts'
import type { HttpVersion } from './http-version.ts'
import { StatusLine } from './status-line.ts'

/** All of a response that comes before its content, RFC 9112 §4 and §5. */
export interface ResponseHead {
  readonly version: HttpVersion
  /** 100 to 999: RFC 9110 §15 defines up to 599 and lets a client treat the others as 500. */
  readonly statusCode: number
  /** As sent, ISO-8859-1; often empty. */
  readonly reasonPhrase: string
  readonly headers: HeaderList
}

/** Of one response, in this order: informational*, head, content*, end. 101 is a head: HTTP ends with it. */
export type ResponseEvent =
  | { readonly type: 'informational'; readonly head: ResponseHead; readonly warnings: readonly Warning[] }
  | {
      readonly type: 'head'
      readonly head: ResponseHead
      /** Where its content will end. */
      readonly framing: BodyFraming
      /** Repairs that were made in it. */
      readonly warnings: readonly Warning[]
    }
  | BodyEvent

export interface ResponseParserOptions extends ParserOptions {
  /** Of the request that the first response answers, as HEAD and CONNECT have no body. Default GET. */
  readonly method?: string
}

/** Reads the responses on one connection, RFC 9112 and RFC 1945, from bytes in any cut. Does no I/O. */
export class ResponseParser extends MessageParser<ResponseHead> {
  readonly #statusLine: StatusLine
  readonly #repairs: Repairs
  readonly #methods: string[] = []

  constructor(options: ResponseParserOptions = {}) {
    const repairs = new Repairs(leniencies(options.leniency))
    const statusLine = new StatusLine(repairs, options.http09 ?? false)
    super(options, repairs, statusLine)
    this.#repairs = repairs
    this.#statusLine = statusLine
    if (options.method !== undefined) this.expect(options.method)
  }

  /** Queues the method of a further request on this connection; a response for which none is queued answers a GET. */
  expect(method: string): void {
    if (!isToken(method)) throw new TypeError(`method must be a token, got ${quoted(method)}`)
    this.#methods.push(method)
  }

  override reset(): void {
    super.reset()
    this.#methods.length = 0
  }

  /**
   * The next event, or undefined until more bytes are pushed. ProtocolError when the peer broke HTTP, then again at
   * every later call: where the next message would begin cannot be known any more.
   */
  next(): ResponseEvent | undefined {
    const step = this.advance()
    switch (step) {
      case undefined:
        return undefined
      case 'head': {
        const { framing, warnings } = this
        return { type: step, head: this.head as ResponseHead, framing, warnings }
      }
      case 'informational':
        return { type: step, head: this.head as ResponseHead, warnings: this.warnings }
      case 'content':
      case 'end':
        return this.bodyEvent(step)
    }
  }

  protected override completeHead(text: string, headers: HeaderList): CompleteHead<ResponseHead> {
    const { version, statusCode, reasonStart, reasonEnd } = this.#statusLine
    const head = { version, statusCode, reasonPhrase: text.slice(reasonStart, reasonEnd), headers }
    const method = this.#methods[0] ?? 'GET'
    const made = this.#repairs.count
    const framing = responseFraming(head, method, this.#repairs)
    const isInformational = statusCode < 200 && statusCode !== 101
    if (!isInformational) this.#methods.shift()
    return { head, framing, persists: this.#repairs.count === made && persists(head), isInformational }
  }
}
