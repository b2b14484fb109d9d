// The servers that a command starts by itself on 127.0.0.1 when it is given none, so that it can show something
// without a network; `serve` runs the same ones for others.

import type { OriginHandler } from '@plainwire/http-client/origin'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import type { Context } from './context.ts'
import { say } from './language.ts'

export interface Embedded extends AsyncDisposable {
  readonly host: string
  readonly port: number
}

export interface Place {
  readonly host?: string
  /** Default 0: any free one. */
  readonly port?: number
}

/** An SNTP server with this host's own time. */
export async function startTimeServer({ host = '127.0.0.1', port = 0 }: Place = {}): Promise<Embedded> {
  const { serveNtp } = await import('@plainwire/ntp-client/server')
  return serveNtp({ host, port })
}

const PAGE = `<!doctype html>
<title>plainwire</title>
<p>This page came over a raw socket.</p>
`

/** The page that our origins have at `/`. */
export const page = { headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: PAGE }

/** An HTTP origin with one page. */
export async function startOrigin(place: Place = {}): Promise<Embedded> {
  const { serveHttp } = await import('@plainwire/http-client/origin')
  const { serveConcurrently } = await import('@plainwire/socket-server')
  const answer: OriginHandler = ({ requestTarget }) => (requestTarget === '/' ? page : { statusCode: 404 })
  return serveConcurrently((connection) => serveHttp(connection, answer, { http09: true }), place)
}

export interface Target extends AsyncDisposable {
  readonly text: string
}

/** The person's target; without one a server of our own, which goes with the command, and a word about it on stderr. */
export async function targetOr(
  text: string | undefined,
  start: () => Promise<Embedded>,
  format: (endpoint: string) => string,
  context: Context,
): Promise<Target> {
  if (text !== undefined) return { text, async [Symbol.asyncDispose]() {} }
  const server = await start()
  const own = format(formatEndpoint({ host: server.host, port: server.port }))
  context.note(
    say({ en: `No server given: asking one of our own, ${own}`, es: `Sin servidor: preguntamos a uno propio, ${own}` }),
  )
  return { text: own, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
