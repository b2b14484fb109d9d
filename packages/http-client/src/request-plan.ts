// From a URL and options to where to connect and which bytes to send. Every mistake of the caller shows here, before
// anything is opened.

import { quoted } from '@plainwire/socket-utils/errors'
import { basicAuthorization, credentialsOf, type Credentials } from './basic-auth.ts'
import { hostOf, parseHttpUrl, portOf } from './http-url.ts'
import { joined } from './message-body.ts'
import { lengthLine, outgoingBody, type OutgoingBody, type RequestBody } from './outgoing-body.ts'
import { requestText } from './protocol/head-encoder.ts'
import { listMembers } from './protocol/grammar.ts'
import { HeaderList, type HeaderLine } from './protocol/headers.ts'
import type { HttpVersion } from './protocol/http-version.ts'
import { latin1Bytes } from './protocol/latin1.ts'

/** Pairs in the order in which they are sent, or an object. */
export type HeadersInput = Iterable<HeaderLine> | Readonly<Record<string, string>>

/** What is sent, as far as the caller says it. */
export interface RequestMessage {
  /** Default GET. Sent as it is: `get` is another method. CONNECT needs `requestTarget` and `tunnel`. */
  readonly method?: string
  /** Sent instead of what follows from the URL, RFC 9112 §3.2: `*` for OPTIONS, `host:port` for CONNECT to a proxy. */
  readonly requestTarget?: string
  /**
   * Sent as given, after Host and before what the other options ask for; whatever of that the list has is not added. Without
   * any options that is Content-Length, where there is a body, and Connection: close.
   */
  readonly headers?: HeadersInput
  readonly body?: RequestBody
  /**
   * Default '1.0', where the server ends the body by its length or by closing; with a pool '1.1'. '0.9' is `GET`, the target
   * and nothing else, not even Host: whatever would need a header is a TypeError. What comes until the server closes is the
   * body, unless a status line comes first.
   */
  readonly version?: HttpVersion
  /** For the server, RFC 7617; default: those in the URL, if it has any. */
  readonly credentials?: Credentials
  /** Let the server refuse a body before it is sent: HTTP/1.1 alone, RFC 9110 §10.1.1. Default false. */
  readonly expectContinue?: boolean
  /** Ask for compressed content, and undo it. Default false. */
  readonly decompress?: boolean
}

/** How the message travels, as far as its head shows it. */
export interface Route {
  readonly tunnel?: boolean
  readonly persistent: boolean
  /** Asked instead of the server for http: URLs; for https: ones it only gives a tunnel. */
  readonly proxy: URL | undefined
  /** The names of the codings that this platform undoes. */
  readonly acceptEncoding: string | undefined
}

export interface RequestPlan {
  readonly method: string
  /** Without credentials and fragment. */
  readonly url: string
  /** Scheme, host and port of it. */
  readonly origin: string
  readonly version: HttpVersion
  /** A name or an address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  readonly secure: boolean
  /** ISO-8859-1. */
  readonly head: string
  readonly body: OutgoingBody
  /** Wait for `100 Continue` before the body is sent. */
  readonly expectsContinue: boolean
  readonly acceptEncoding: string | undefined
  /** For the server: the option's, or else the URL's. */
  readonly credentials: Credentials | undefined
  /** Nothing changes if the server gets it twice, RFC 9110 §9.2.2, and we can send it twice. */
  readonly repeatable: boolean
  /** As far as the request goes, the connection can serve another. */
  readonly persistent: boolean
  /** For messages: `GET http://host/`. */
  readonly operation: string
}

const NO_HEADERS = new HeaderList()
const IDEMPOTENT = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']

export function planRequest(target: string | URL, message: RequestMessage, route: Route): RequestPlan {
  const { method = 'GET', version = route.persistent ? '1.1' : '1.0' } = message
  const url = parseHttpUrl(target)
  const credentials = message.credentials ?? credentialsOf(url)
  if (credentials) Object.assign(url, { username: '', password: '' })
  if (url.hash !== '') url.hash = ''
  if (method === 'CONNECT' && (message.requestTarget === undefined || !route.tunnel)) {
    throw new TypeError('CONNECT asks for a tunnel: it needs requestTarget, host:port, and tunnel: true')
  }

  const given = headerList(message.headers)
  const body = outgoingBody(message.body, version, given)
  const expects = expectation(message, version, given, body)
  const lines: HeaderLine[] = []
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && !given.has(name)) lines.push([name, value])
  }
  if (version !== '0.9') add('Host', method === 'CONNECT' ? message.requestTarget : url.host)
  lines.push(...given)
  add('Authorization', credentials && basicAuthorization(credentials))
  const plainProxy = url.protocol === 'http:' ? route.proxy : undefined
  const proxyCredentials = plainProxy && credentialsOf(plainProxy)
  add('Proxy-Authorization', proxyCredentials && basicAuthorization(proxyCredentials))
  add('Accept-Encoding', route.acceptEncoding)
  add('Expect', expects ? '100-continue' : undefined)
  lines.push(...lengthLine(body, method, given))
  // A tunnel lasts until one of its ends closes it.
  if (method !== 'CONNECT') add('Connection', connectionOption(route.persistent, version))

  const originForm = url.pathname + url.search
  const requestTarget = message.requestTarget ?? (plainProxy ? url.origin + originForm : originForm)
  const { href, origin } = url
  return {
    method,
    url: href,
    origin,
    version,
    host: hostOf(url),
    port: portOf(url),
    secure: url.protocol === 'https:',
    head: requestText({ method, requestTarget, version, headers: lines }),
    body,
    expectsContinue: expects,
    acceptEncoding: route.acceptEncoding,
    credentials,
    repeatable: IDEMPOTENT.includes(method) && body.kind === 'bytes',
    persistent: route.persistent && !lists(given, 'connection', 'close'),
    operation: `${method} ${href}`,
  }
}

export function headerList(headers: HeadersInput | undefined): HeaderList {
  if (headers === undefined) return NO_HEADERS
  return new HeaderList(Symbol.iterator in headers ? headers : Object.entries(headers))
}

/** Head and body as they are sent; of a streamed body nothing. */
export function wholeRequest({ head, body }: RequestPlan): Uint8Array {
  const bytes = latin1Bytes(head)
  return body.kind === 'bytes' && body.bytes ? joined([bytes, body.bytes]) : bytes
}

/** HTTP/1.1 persists unless told otherwise, HTTP/1.0 closes unless told otherwise; without a pool we always say so. */
function connectionOption(persistent: boolean, version: HttpVersion): string | undefined {
  if (version === '0.9') return undefined
  if (!persistent) return 'close'
  return version === '1.0' ? 'keep-alive' : undefined
}

/** Nearly always there is no such header: then no list need be made. */
function lists(headers: HeaderList, name: string, member: string): boolean {
  const value = headers.get(name)
  return value !== undefined && listMembers(value).includes(member)
}

function expectation(message: RequestMessage, version: HttpVersion, given: HeaderList, body: OutgoingBody): boolean {
  const asked = message.expectContinue ?? lists(given, 'expect', '100-continue')
  if (!asked) return false
  if (version !== '1.1')
    throw new TypeError(`HTTP/${version} has no 100 Continue: ${quoted('expectContinue')} needs version 1.1`)
  return body.kind !== 'bytes' || (body.bytes?.length ?? 0) > 0
}
