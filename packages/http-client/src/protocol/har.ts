// Exchanges as an HTTP Archive, HAR 1.2: what browsers' developer tools and many others read. From the bytes, so that
// sizes are those of the wire.

import { base64 } from './base64.ts'
import type { ExchangeBytes } from './exchange-blocks.ts'
import { stripOws } from './grammar.ts'
import { HeaderList } from './headers.ts'
import type { HttpVersion } from './http-version.ts'
import { RequestParser, type RequestHead } from './request-parser.ts'
import { ResponseParser, type ResponseHead } from './response-parser.ts'

export interface HarTimings {
  readonly lookup: number | undefined
  readonly connect: number | undefined
  readonly tls: number | undefined
  readonly send: number | undefined
  readonly firstByte: number | undefined
  readonly download: number | undefined
  readonly total: number | undefined
}

/** As `response.exchange` has it, with `trace: true` and its body read. */
export interface HarExchange extends ExchangeBytes {
  readonly url: string
  readonly startedDateTime: string
  readonly address: string
  /** 0 where it is no network's. */
  readonly port: number
  readonly localPort: number
  readonly timings: HarTimings
}

/** What an archive says of itself. */
export interface HarOptions {
  /** Who made it. Default: this package. */
  readonly creator?: { readonly name: string; readonly version: string }
}

/**
 * An object for `JSON.stringify`. An exchange that failed before anything was sent, at the look-up say, is left out: an
 * archive has no place for it. TypeError for one that was sent and has no bytes: it was not traced.
 */
export function toHar(exchanges: Iterable<HarExchange>, options: HarOptions = {}): Har {
  const { creator = { name: '@plainwire/http-client', version: '1' } } = options
  return { log: { version: '1.2', creator, entries: Array.from(exchanges).filter(wasSent).map(entryOf) } }
}

/** An HTTP Archive, HAR 1.2. */
export type Har = {
  readonly log: { readonly version: '1.2'; readonly creator: object; readonly entries: readonly HarEntry[] }
}

interface NameAndValue {
  readonly name: string
  readonly value: string
}

interface HarMessage {
  readonly httpVersion: string
  readonly cookies: readonly NameAndValue[]
  readonly headers: readonly NameAndValue[]
  /** -1: not known. */
  readonly headersSize: number
  readonly bodySize: number
}

/** One exchange in it. Times in milliseconds, -1 for what was not done; sizes in bytes, as they were on the wire. */
export interface HarEntry {
  readonly startedDateTime: string
  readonly time: number
  readonly request: HarMessage & {
    readonly method: string
    readonly url: string
    readonly queryString: readonly NameAndValue[]
    readonly postData?: { readonly mimeType: string; readonly text: string; readonly params: readonly [] }
  }
  readonly response: HarMessage & {
    readonly status: number
    readonly statusText: string
    readonly content: {
      readonly size: number
      readonly mimeType: string
      readonly text: string
      readonly encoding?: 'base64'
    }
    readonly redirectURL: string
  }
  readonly cache: object
  readonly timings: Readonly<Record<'blocked' | 'dns' | 'connect' | 'ssl' | 'send' | 'wait' | 'receive', number>>
  readonly serverIPAddress?: string
  readonly connection?: string
}

/**
 * The exchange was judged when it was made, by whatever leniency and limits; an archive says what came. All of it is in
 * memory, so there is nothing to limit.
 */
const WHATEVER_CAME = {
  leniency: 'lenient',
  maxHeadBytes: Number.MAX_SAFE_INTEGER,
  maxLineBytes: Number.MAX_SAFE_INTEGER,
  maxHeaders: Number.MAX_SAFE_INTEGER,
  maxTrailerBytes: Number.MAX_SAFE_INTEGER,
  maxChunkExtensionBytes: Number.MAX_SAFE_INTEGER,
} as const

function wasSent({ sent, timings }: HarExchange): boolean {
  return sent.length > 0 || timings.send !== undefined
}

function entryOf(exchange: HarExchange): HarEntry {
  const { url, startedDateTime, address, port, localPort, timings } = exchange
  const sent = read(new RequestParser({ http09: true }), exchange.sent)
  if (!sent.head) throw new TypeError(`no bytes of ${url}: it was made without trace: true`)
  const { method, version } = sent.head
  const received = read(new ResponseParser({ ...WHATEVER_CAME, method, http09: version === '0.9' }), exchange.received)
  const { lookup, connect, tls, send, firstByte, download, total } = timings
  const sum = (...parts: (number | undefined)[]): number => parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
  return {
    startedDateTime,
    time: total ?? sum(lookup, connect, tls, send, firstByte, download),
    request: requestOf(url, sent.head, sent),
    response: responseOf(received.head, received),
    cache: {},
    timings: {
      // HAR's connect includes its ssl, and whatever of the whole is in no other part was waiting for a connection.
      blocked: -1,
      dns: lookup ?? -1,
      connect: connect === undefined ? -1 : sum(connect, tls),
      ssl: tls ?? -1,
      send: send ?? 0,
      wait: firstByte ?? 0,
      receive: download ?? 0,
    },
    ...(port > 0 && { serverIPAddress: address, connection: String(localPort) }),
  }
}

interface Parsed<Head> {
  readonly head: Head | undefined
  readonly headBytes: number
  readonly bodyBytes: number
  readonly content: Uint8Array
}

type MessageEvent<Head> =
  | { readonly type: 'informational' | 'head'; readonly head: Head }
  | { readonly type: 'content'; readonly bytes: Uint8Array }
  | { readonly type: 'end' }

interface Parser<Head> {
  push(bytes: Uint8Array): void
  next(): MessageEvent<Head> | undefined
  readonly surplus: Uint8Array
}

/** As far as the bytes go: an exchange that broke off has a place in an archive, too. */
function read<Head extends { readonly version: HttpVersion }>(
  parser: Parser<Head>,
  pieces: ExchangeBytes['sent'],
): Parsed<Head> {
  const whole = joined(pieces.map(({ bytes }) => bytes))
  const contents: Uint8Array[] = []
  let head: Head | undefined
  let finalAt = 0
  try {
    parser.push(whole)
    for (let event = parser.next(); event && event.type !== 'end'; event = parser.next()) {
      if (event.type === 'informational') finalAt = headEnd(whole, finalAt)
      if (event.type === 'head') head = event.head
      if (event.type === 'content') contents.push(event.bytes)
    }
  } catch {
    // What was wrong with it is told by the exchange itself.
  }
  const content = joined(contents)
  const bodyAt = head?.version === '0.9' ? whole.length - content.length : headEnd(whole, finalAt)
  return { head, headBytes: bodyAt - finalAt, bodyBytes: whole.length - bodyAt, content }
}

function headEnd(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    if (bytes[at] === 0x0a && (bytes[at - 1] === 0x0a || (bytes[at - 1] === 0x0d && bytes[at - 2] === 0x0a)))
      return at + 1
  }
  return bytes.length
}

function requestOf(url: string, head: RequestHead, parsed: Parsed<RequestHead>): HarEntry['request'] {
  const { method, version, headers } = head
  const { content } = parsed
  const mimeType = headers.get('content-type') ?? ''
  return {
    method,
    url,
    ...messageOf(version, headers, parsed),
    cookies: pairs(headers.getAll('cookie').join('; '), ';'),
    queryString: queryOf(url),
    ...(content.length > 0 && { postData: { mimeType, text: textOf(content) ?? base64(content), params: [] } }),
  }
}

function responseOf(head: ResponseHead | undefined, parsed: Parsed<ResponseHead>): HarEntry['response'] {
  const { version = '1.1', statusCode = 0, reasonPhrase = '', headers = new HeaderList() } = head ?? {}
  const { content } = parsed
  const mimeType = headers.get('content-type') ?? 'x-unknown'
  const text = textOf(content)
  return {
    status: statusCode,
    statusText: reasonPhrase,
    ...messageOf(version, headers, parsed),
    cookies: headers.getAll('set-cookie').flatMap((line) => pairs(line, ';').slice(0, 1)),
    content: {
      size: content.length,
      mimeType,
      ...(text === undefined ? { text: base64(content), encoding: 'base64' } : { text }),
    },
    redirectURL: headers.get('location') ?? '',
  }
}

function messageOf(version: string, headers: HeaderList, parsed: Parsed<unknown>): Omit<HarMessage, 'cookies'> {
  return {
    httpVersion: `HTTP/${version}`,
    headers: Array.from(headers, ([name, value]) => ({ name, value })),
    headersSize: parsed.headBytes,
    bodySize: parsed.bodyBytes,
  }
}

function queryOf(url: string): NameAndValue[] {
  const query = /\?([^#]*)/.exec(url)?.[1]
  return query === undefined ? [] : pairs(query, '&')
}

function pairs(text: string, separator: string): NameAndValue[] {
  return text
    .split(separator)
    .map((pair) => stripOws(pair))
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      return equals === -1 ? { name: pair, value: '' } : { name: pair.slice(0, equals), value: pair.slice(equals + 1) }
    })
}

/** UTF-8, or undefined for bytes that are none: those are not text that JSON could carry. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
