import { quoted } from '@plainwire/socket-utils/errors'
import { responseFraming } from './body-framing.ts'
import type { BodyEvent } from './body-reader.ts'
import { DIGIT, FIELD_TEXT, firstOutside, isToken } from './grammar.ts'
import type { ParserLimits } from './head-lines.ts'
import type { HeaderList } from './headers.ts'
import type { LineBuffer } from './line-buffer.ts'
import { MessageParser, type AfterHead } from './message-parser.ts'
import { persists, type HttpVersion } from './persistence.ts'
import { violation } from './violation.ts'

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
  | { readonly type: 'informational'; readonly head: ResponseHead }
  | { readonly type: 'head'; readonly head: ResponseHead }
  | BodyEvent

export interface ResponseParserOptions extends ParserLimits {
  /** Of the request that the first response answers, as HEAD and CONNECT have no body. Default GET. */
  readonly method?: string
}

type StatusLine = Omit<ResponseHead, 'headers'>
type HeadEvent = Exclude<ResponseEvent, BodyEvent>

const PREFIX = 'HTTP/1.'

/** Reads the responses on one connection, RFC 9112 and RFC 1945, from bytes in any cut. Does no I/O. */
export class ResponseParser extends MessageParser<StatusLine, HeadEvent> {
  readonly #methods: string[] = []

  constructor({ method, ...limits }: ResponseParserOptions = {}) {
    super(limits)
    if (method !== undefined) this.expect(method)
  }

  /** Queues the method of a further request on this connection; a response for which none is queued answers a GET. */
  expect(method: string): void {
    if (!isToken(method)) throw new TypeError(`method must be a token, got ${quoted(method)}`)
    this.#methods.push(method)
  }

  /** A peer that speaks something else is known by its first bytes: it may never send a line ending. */
  protected override checkStart(buffer: LineBuffer): void {
    for (let at = 0; at < PREFIX.length; at++) {
      const byte = buffer.peek(at)
      if (byte === undefined) return
      if (byte === PREFIX.charCodeAt(at)) continue
      const start = quoted(String.fromCharCode(...buffer.rest().subarray(0, at + 1)))
      const offset = buffer.offset + at
      // The minor version is judged with the whole line.
      if (at >= 'HTTP/'.length) throw violation('http/bad-version', `not HTTP/1.x: it begins ${start}`, offset)
      throw violation('http/bad-status-line', `not HTTP: it begins ${start}`, offset)
    }
  }

  protected override parseStartLine(line: string, offset: number): StatusLine {
    return parseStatusLine(line, offset)
  }

  protected override completeHead(
    statusLine: StatusLine,
    headers: HeaderList,
    offset: number,
  ): { readonly event: HeadEvent; readonly after: AfterHead } {
    const head = { ...statusLine, headers }
    const framing = responseFraming(head, this.#methods[0] ?? 'GET', offset)
    if (head.statusCode < 200 && head.statusCode !== 101) {
      return { event: { type: 'informational', head }, after: { type: 'another-head' } }
    }
    this.#methods.shift()
    return { event: { type: 'head', head }, after: { type: 'body', framing, persists: persists(head) } }
  }
}

/** `HTTP-version SP status-code SP [ reason-phrase ]`, RFC 9112 §4; the caller has seen `HTTP/1.`. */
function parseStatusLine(line: string, offset: number): StatusLine {
  const version = line[7]
  if ((version !== '0' && version !== '1') || (line.length > 8 && DIGIT[line.charCodeAt(8)] === 1)) {
    throw violation('http/bad-version', `not HTTP/1.0 or HTTP/1.1: ${quoted(line)}`, offset + 7)
  }
  const digits = line.slice(9, 12)
  const statusCode = Number(digits)
  if (line[8] !== ' ' || digits.length !== 3 || firstOutside(DIGIT, digits) !== -1 || statusCode < 100) {
    throw violation('http/bad-status-line', `bad status code in ${quoted(line)}`, offset + 8)
  }
  if (line[12] !== ' ') {
    throw violation('http/bad-status-line', `no space after the status code in ${quoted(line)}`, offset + 12)
  }
  const reasonPhrase = line.slice(13)
  const outside = firstOutside(FIELD_TEXT, reasonPhrase)
  if (outside !== -1) {
    throw violation(
      'http/bad-status-line',
      `bad character in reason phrase ${quoted(reasonPhrase)}`,
      offset + 13 + outside,
    )
  }
  return { version: version === '0' ? '1.0' : '1.1', statusCode, reasonPhrase }
}
