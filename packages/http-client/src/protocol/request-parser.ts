import { quoted } from '@plainwire/socket-utils/errors'
import { requestFraming, type BodyFraming } from './body-framing.ts'
import type { BodyEvent } from './body-reader.ts'
import { DIGIT, HOST_NAME, IP_LITERAL, firstOutside } from './grammar.ts'
import type { HeaderList } from './headers.ts'
import { leniencies, Repairs, type Warning } from './leniency.ts'
import { MessageParser, type CompleteHead, type ParserOptions } from './message-parser.ts'
import { persists } from './persistence.ts'
import type { HttpVersion } from './http-version.ts'
import { RequestLine } from './request-line.ts'
import { violation } from './violation.ts'

/** All of a request that comes before its content, RFC 9112 §3 and §5. */
export interface RequestHead {
  /** Case matters: `get` is not GET. */
  readonly method: string
  /** As sent, in any of the four forms of RFC 9112 §3.2. */
  readonly requestTarget: string
  readonly version: HttpVersion
  readonly headers: HeaderList
}

/** Of one request, in this order: head, content*, end. */
export type RequestEvent =
  | {
      readonly type: 'head'
      readonly head: RequestHead
      /** Where its content will end. */
      readonly framing: BodyFraming
      /** Repairs that were made in it. */
      readonly warnings: readonly Warning[]
    }
  | BodyEvent

/** TypeError or RangeError from the constructor for a leniency or a limit that is none. */
export type RequestParserOptions = ParserOptions

/** Reads the requests on one connection, RFC 9112 and RFC 1945, from bytes in any cut. Does no I/O. */
export class RequestParser extends MessageParser<RequestHead> {
  readonly #requestLine: RequestLine
  readonly #repairs: Repairs

  constructor(options: RequestParserOptions = {}) {
    const repairs = new Repairs(leniencies(options.leniency))
    const requestLine = new RequestLine(repairs, options.http09 ?? false)
    super(options, repairs, requestLine)
    this.#repairs = repairs
    this.#requestLine = requestLine
  }

  /**
   * The next event, or undefined until more bytes are pushed. ProtocolError when the peer broke HTTP, then again at
   * every later call: where the next message would begin cannot be known any more.
   */
  next(): RequestEvent | undefined {
    const step = this.advance()
    switch (step) {
      case undefined:
        return undefined
      case 'head':
      case 'informational': {
        const { framing, warnings } = this
        return { type: 'head', head: this.head as RequestHead, framing, warnings }
      }
      case 'content':
      case 'end':
        return this.bodyEvent(step)
    }
  }

  protected override completeHead(text: string, headers: HeaderList): CompleteHead<RequestHead> {
    const { version, methodEnd, targetEnd } = this.#requestLine
    const method = text.slice(0, methodEnd)
    const head = { method, requestTarget: text.slice(methodEnd + 1, targetEnd), version, headers }
    refuseBadHost(head, this.#repairs)
    const made = this.#repairs.count
    const framing = requestFraming(head, this.#repairs)
    return { head, framing, persists: this.#repairs.count === made && persists(head), isInformational: false }
  }
}

/** RFC 9112 §3.2: one Host in HTTP/1.1, never two, and in its own grammar; a server must refuse the rest. */
function refuseBadHost({ version, headers }: RequestHead, repairs: Repairs): void {
  const { host: index, someRepeated } = headers.framingLines
  if (index === -1) {
    if (version !== '1.1' || repairs.allow('missing-host', headers.placeOfEnd)) return
    throw violation('http/bad-host', 'HTTP/1.1 request without Host', headers.placeOfEnd)
  }
  const second = someRepeated ? headers.indexOf('host', index + 1) : -1
  if (second !== -1) {
    throw violation('http/bad-host', `more than one Host: ${quoted(headers.get('host'))}`, headers.placeOf(second))
  }
  const host = headers.value(index)
  const at = outsideHost(host)
  if (at !== -1) throw violation('http/bad-host', `bad Host ${quoted(host)}`, headers.placeOfValue(index, at))
}

/** Where a text first leaves `uri-host [ ":" port ]`, or -1; it is empty where the target has no authority. */
function outsideHost(text: string): number {
  const isLiteral = text.startsWith('[')
  const nameStart = isLiteral ? 1 : 0
  const nameEnd = text.indexOf(isLiteral ? ']' : ':')
  const name = text.slice(nameStart, nameEnd === -1 ? text.length : nameEnd)
  const outsideName = firstOutside(isLiteral ? IP_LITERAL : HOST_NAME, name)
  if (outsideName !== -1) return nameStart + outsideName
  if (isLiteral && (nameEnd === -1 || name === '')) return nameStart + name.length
  const rest = isLiteral ? nameEnd + 1 : nameStart + name.length
  if (rest === text.length) return -1
  if (text[rest] !== ':') return rest
  const outsidePort = firstOutside(DIGIT, text.slice(rest + 1))
  return outsidePort === -1 ? -1 : rest + 1 + outsidePort
}
