// From a URL and options to where to connect and which bytes to send. Every mistake of the caller shows here, before
// anything is opened.

import { quoted } from '@plainwire/socket-utils/errors'
import { parseHttpUrl } from './http-url.ts'
import { encodeRequest } from './protocol/encoder.ts'
import { HeaderList, type HeaderLine } from './protocol/headers.ts'
import type { HttpVersion } from './protocol/persistence.ts'

/** Pairs in the order in which they are sent, or an object. */
export type HeadersInput = Iterable<HeaderLine> | Readonly<Record<string, string>>

export interface RequestMessage {
  /** Default GET. Sent as it is: `get` is another method. */
  readonly method?: string
  /**
   * Sent as given, after Host and before Content-Length and Connection: close; each of these three is left out where the list
   * has it. Nothing else is added.
   */
  readonly headers?: HeadersInput
  /** Text is sent as UTF-8. */
  readonly body?: string | Uint8Array
  /** Default '1.0': the server ends the body by its length or by closing. '1.1' adds chunked bodies; one exchange all the same. */
  readonly version?: HttpVersion
}

export interface RequestPlan {
  readonly method: string
  /** A name or an address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  /** Head and body. */
  readonly bytes: Uint8Array
  /** For messages: `GET http://host/`. */
  readonly operation: string
}

/** Methods whose meaning expects a body: an empty one is announced, RFC 9110 §8.6. */
const WITH_BODY = ['POST', 'PUT', 'PATCH']

export function planRequest(target: string | URL, message: RequestMessage): RequestPlan {
  const url = parseHttpUrl(target)
  const { method = 'GET', version = '1.0' } = message
  if (method === 'CONNECT') throw new TypeError('CONNECT asks for a tunnel, which request() does not give')
  const body = typeof message.body === 'string' ? new TextEncoder().encode(message.body) : message.body
  const given = headerList(message.headers ?? [])
  checkLength(given, body?.length ?? 0)
  const lines: HeaderLine[] = [...given]
  if (!given.has('host')) lines.unshift(['Host', url.host])
  if (!given.has('content-length') && (body !== undefined || WITH_BODY.includes(method))) {
    lines.push(['Content-Length', String(body?.length ?? 0)])
  }
  if (!given.has('connection')) lines.push(['Connection', 'close'])
  const head = encodeRequest({ method, requestTarget: url.pathname + url.search, version, headers: lines })
  return {
    method,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 80 : Number(url.port),
    bytes: body === undefined ? head : joined(head, body),
    operation: `${method} ${url.href}`,
  }
}

export function headerList(headers: HeadersInput): HeaderList {
  return new HeaderList(Symbol.iterator in headers ? headers : Object.entries(headers))
}

/** A length other than the body's would make the server read the rest as another request, or wait for it. */
function checkLength(headers: HeaderList, bodyLength: number): void {
  if (headers.has('transfer-encoding')) {
    throw new TypeError('Transfer-Encoding cannot be set: the body is sent as it is, with its Content-Length')
  }
  const values = headers.getAll('content-length')
  if (values.some((value) => value !== String(bodyLength)) || values.length > 1) {
    throw new TypeError(`Content-Length ${quoted(values.join(', '))} does not fit the body of ${bodyLength} bytes`)
  }
}

function joined(head: Uint8Array, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + body.length)
  bytes.set(head)
  bytes.set(body, head.length)
  return bytes
}
