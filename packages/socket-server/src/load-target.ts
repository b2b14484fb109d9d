// What a load generator asks of whom: a message of an echo server, or a page of a web server.

import { parseEndpoint } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'
import type { Exchange } from './load-connection.ts'
import { wholeNumber } from './options.ts'
import { HttpReplyReader } from './protocol/http-reply.ts'
import { EchoReplyReader } from './protocol/reply.ts'

/** TypeError for a target that is neither. */
export function exchangeWith(target: string, messageBytes = 64): Exchange {
  const scheme = /^([a-z]+):\/\//i.exec(target)?.[1]?.toLowerCase() ?? 'tcp'
  if (scheme === 'http') {
    if (!URL.canParse(target)) throw new TypeError(`target must be a URL, got ${quoted(target)}`)
    const { hostname, host, port, pathname, search } = new URL(target)
    const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      request: new TextEncoder().encode(request),
      reader: (onReply) => new HttpReplyReader(onReply),
    }
  }
  if (scheme !== 'tcp' && scheme !== 'echo')
    throw new TypeError(`target must be tcp:// or http://, got ${quoted(target)}`)
  const endpoint = parseEndpoint(target)
  if ('path' in endpoint) throw new TypeError(`target must be tcp:// or http://, got ${quoted(target)}`)
  wholeNumber('messageBytes', messageBytes, 1, 2 ** 30)
  return {
    host: endpoint.host,
    port: endpoint.port,
    request: new Uint8Array(messageBytes).fill(0x78),
    reader: (onReply) => new EchoReplyReader(messageBytes, onReply),
  }
}
