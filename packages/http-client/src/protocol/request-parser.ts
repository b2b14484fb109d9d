import { quoted } from '@plainwire/socket-utils/errors'
import { requestFraming } from './body-framing.ts'
import type { BodyEvent } from './body-reader.ts'
import { DIGIT, HOST_NAME, IP_LITERAL, TOKEN, VISIBLE, firstOutside, isToken } from './grammar.ts'
import type { ParserLimits } from './head-lines.ts'
import type { HeaderList } from './headers.ts'
import type { LineBuffer } from './line-buffer.ts'
import { MessageParser, type AfterHead } from './message-parser.ts'
import { persists, type HttpVersion } from './persistence.ts'
import { violation } from './violation.ts'

export interface RequestHead {
  /** Case matters: `get` is not GET. */
  readonly method: string
  /** As sent, in any of the four forms of RFC 9112 §3.2. */
  readonly requestTarget: string
  readonly version: HttpVersion
  readonly headers: HeaderList
}

/** Of one request, in this order: head, content*, end. */
export type RequestEvent = { readonly type: 'head'; readonly head: RequestHead } | BodyEvent

type RequestLine = Omit<RequestHead, 'headers'>
type HeadEvent = Exclude<RequestEvent, BodyEvent>

const CR = 0x0d
const LF = 0x0a

/** Reads the requests on one connection, RFC 9112 and RFC 1945, from bytes in any cut. Does no I/O. */
export class RequestParser extends MessageParser<RequestLine, HeadEvent> {
  constructor(limits: ParserLimits = {}) {
    super(limits)
  }

  /** A TLS handshake begins with 0x16 and may hold no LF: it must not wait for the end of a line. */
  protected override checkStart(buffer: LineBuffer): void {
    const byte = buffer.peek(0)
    if (byte === undefined || byte === CR || byte === LF || TOKEN[byte] === 1) return
    const shown = quoted(String.fromCharCode(byte))
    throw violation('http/bad-request-line', `a request cannot begin with ${shown}`, buffer.offset)
  }

  protected override parseStartLine(line: string, offset: number): RequestLine | undefined {
    // RFC 9112 §2.2: some clients send a CRLF too many after a body. The head's size limit counts them.
    return line === '' ? undefined : parseRequestLine(line, offset)
  }

  protected override completeHead(
    requestLine: RequestLine,
    headers: HeaderList,
    offset: number,
  ): { readonly event: HeadEvent; readonly after: AfterHead } {
    const head = { ...requestLine, headers }
    refuseBadHost(head, offset)
    const framing = requestFraming(head, offset)
    return { event: { type: 'head', head }, after: { type: 'body', framing, persists: persists(head) } }
  }
}

/** `method SP request-target SP HTTP-version`, RFC 9112 §3. */
function parseRequestLine(line: string, offset: number): RequestLine {
  const methodEnd = line.indexOf(' ')
  const targetEnd = line.indexOf(' ', methodEnd + 1)
  if (methodEnd === -1 || targetEnd === -1) {
    throw violation('http/bad-request-line', `no method, target and version in ${quoted(line)}`, offset)
  }
  const method = line.slice(0, methodEnd)
  if (!isToken(method)) throw violation('http/bad-request-line', `bad method ${quoted(method)}`, offset)
  const requestTarget = line.slice(methodEnd + 1, targetEnd)
  if (requestTarget === '' || firstOutside(VISIBLE, requestTarget) !== -1) {
    throw violation('http/bad-request-line', `bad request target ${quoted(requestTarget)}`, offset + methodEnd + 1)
  }
  return { method, requestTarget, version: parseVersion(line.slice(targetEnd + 1), offset + targetEnd + 1) }
}

function parseVersion(text: string, offset: number): HttpVersion {
  if (text === 'HTTP/1.0') return '1.0'
  if (text === 'HTTP/1.1') return '1.1'
  const other = text.length === 8 && text.startsWith('HTTP/') && DIGIT[text.charCodeAt(5)] === 1
  const code = other ? 'http/bad-version' : 'http/bad-request-line'
  throw violation(code, `not HTTP/1.0 or HTTP/1.1: ${quoted(text)}`, offset)
}

/** RFC 9112 §3.2: one Host in HTTP/1.1, never two, and in its own grammar; a server must refuse the rest. */
function refuseBadHost({ version, headers }: RequestHead, offset: number): void {
  const hosts = headers.getAll('host')
  if (hosts.length === 0 && version === '1.1') throw violation('http/bad-host', 'HTTP/1.1 request without Host', offset)
  if (hosts.length > 1) {
    throw violation('http/bad-host', `more than one Host: ${quoted(hosts.join(', '))}`, offset)
  }
  const [host] = hosts
  if (host !== undefined && !isHost(host)) throw violation('http/bad-host', `bad Host ${quoted(host)}`, offset)
}

/** `uri-host [ ":" port ]`; empty where the target has no authority. */
function isHost(text: string): boolean {
  const literal = text.startsWith('[')
  const nameEnd = literal ? text.indexOf(']') + 1 : (text + ':').indexOf(':')
  const name = literal ? text.slice(1, nameEnd - 1) : text.slice(0, nameEnd)
  const rest = text.slice(nameEnd)
  if (literal && (nameEnd === 0 || name === '')) return false
  if (rest !== '' && (rest[0] !== ':' || firstOutside(DIGIT, rest.slice(1)) !== -1)) return false
  return firstOutside(literal ? IP_LITERAL : HOST_NAME, name) === -1
}
