// What follows a redirect, RFC 9110 §15.4: which method, with what body, and with whose credentials.

import { NetworkError, ProtocolError, quoted } from '@plainwire/socket-utils/errors'
import { basicAuthorization, credentialsOf } from './basic-auth.ts'
import { parseHttpUrl } from './http-url.ts'
import type { HttpErrorCode } from './protocol/violation.ts'
import type { ResponseHead } from './protocol/response-parser.ts'
import { headerList, type RequestMessage, type RequestPlan } from './request-plan.ts'

/** Of the ProtocolErrors that a redirect can end in. */
export type RedirectErrorCode = 'http/bad-redirect' | 'http/too-many-redirects'

export interface NextRequest<Message extends RequestMessage> {
  readonly url: URL
  readonly message: Message
}

/** For the server that was asked, and for no other. */
const SECRETS = ['authorization', 'cookie', 'host', 'proxy-authorization']

/** Say something of a body, or how it is sent. */
const OF_THE_BODY = ['content-', 'expect', 'transfer-encoding']

/**
 * The request to make next; undefined for a response that is the last. ProtocolError `http/bad-redirect` for a Location
 * that is no http: or https: URL, NetworkError `unsupported` where a streamed body would have to be sent twice.
 */
export function redirected<Message extends RequestMessage>(
  plan: RequestPlan,
  { statusCode, headers }: ResponseHead,
  message: Message,
): NextRequest<Message> | undefined {
  const [location] = headers.getAll('location')
  if (location === undefined || ![301, 302, 303, 307, 308].includes(statusCode)) return undefined
  const url = locationOf(location, plan)
  // RFC 9110 §15.4.4: See Other asks for another resource. For 301 and 302 a POST becomes a GET for the sake of history.
  const becomesGet = statusCode === 303 ? plan.method !== 'HEAD' : statusCode < 303 && plan.method === 'POST'
  if (!becomesGet && plan.body.kind !== 'bytes') {
    throw new NetworkError(
      'unsupported',
      `${plan.operation}: redirect ${statusCode} would need the streamed body again`,
    )
  }
  const sameOrigin = url.origin === plan.origin
  const { body, credentials: _credentials, expectContinue, requestTarget: _target, ...rest } = message
  const { credentials } = plan
  const kept = [...headerList(message.headers)].filter(([name]) => {
    const lowerCase = name.toLowerCase()
    if (!sameOrigin && SECRETS.includes(lowerCase)) return false
    return !(becomesGet && OF_THE_BODY.some((prefix) => lowerCase.startsWith(prefix)))
  })
  const next = {
    ...rest,
    headers: kept,
    ...(becomesGet
      ? { method: 'GET' }
      : { ...(body !== undefined && { body }), ...(expectContinue && { expectContinue }) }),
    ...(sameOrigin && credentials && !credentialsOf(url) && { credentials }),
  } as unknown as Message
  return { url, message: next }
}

function locationOf(location: string, { url, operation }: RequestPlan): URL {
  // Bytes above 0x7f came as ISO-8859-1, and are UTF-8 wherever anybody sends them.
  const text = Buffer.from(location, 'latin1').toString()
  const resolved = URL.parse(text, url)
  try {
    if (resolved) {
      const credentials = credentialsOf(parseHttpUrl(resolved))
      if (credentials) basicAuthorization(credentials) // which refuses some
      return resolved
    }
  } catch (cause) {
    throw badLocation(operation, location, { cause })
  }
  throw badLocation(operation, location)
}

function badLocation(operation: string, location: string, options?: ErrorOptions): ProtocolError<RedirectErrorCode> {
  return new ProtocolError('http/bad-redirect', `${operation}: redirect to ${quoted(location)}`, options)
}

export function tooManyRedirects({ operation }: RequestPlan, most: number): ProtocolError<RedirectErrorCode> {
  return new ProtocolError('http/too-many-redirects', `${operation}: more than ${most} redirects`)
}

/** Each `code` that a ProtocolError of `request` and of a response's body can have. */
export type RequestErrorCode = HttpErrorCode | RedirectErrorCode | 'http/bad-content-encoding'
