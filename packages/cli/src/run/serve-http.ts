// An origin to try clients against: a few pages that say what they are, and faults on command. What is wrong is wrong
// with the bytes on their way out; the answers themselves are the package's.

import { setTimeout as sleep } from 'node:timers/promises'
import { encodeChunk, encodeLastChunk, encodeResponse } from '@plainwire/http-client/encoder'
import {
  type OriginConnection,
  type OriginHandler,
  type OriginRequest,
  type OriginResponse,
  serveHttp,
} from '@plainwire/http-client/origin'
import { type Connection, serveConcurrently } from '@plainwire/socket-server'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import type { BodyFault, HttpFlags } from '../commands/serve.ts'
import type { Context } from '../context.ts'
import { page } from '../embedded.ts'
import { untilStopped } from './until-stopped.ts'

export async function serveOrigin(context: Context, flags: HttpFlags): Promise<void> {
  const answer: OriginHandler = async (request) => {
    const { method, requestTarget, version } = request
    context.tell({ event: 'request', method, target: requestTarget, version }, () => [
      `${method} ${requestTarget} HTTP/${version}`,
    ])
    if (flags.delay !== undefined) await sleep(flags.delay, undefined, { signal: context.signal }).catch(() => {})
    return await answerTo(request, flags)
  }
  const server = await serveConcurrently(
    (connection) =>
      serveHttp(flags.fault === undefined ? connection : faulty(connection, flags.fault, context.signal), answer, {
        http09: true,
      }),
    { ...flags.listen, onError: (error) => context.detail(`plainwire: ${String(error)}`) },
  )
  const { host, port } = server
  const url = `http://${formatEndpoint({ host, port })}/`
  context.tell({ event: 'listening', host, port, url }, () => [url])
  await untilStopped(context, server)
}

const MOST_BYTES = 64 << 20

async function answerTo(request: OriginRequest, { status, redirect }: HttpFlags): Promise<OriginResponse> {
  if (redirect !== undefined) return { statusCode: 302, headers: { Location: redirect } }
  const [path = ''] = request.requestTarget.split('?')
  const [, kind, amount] = /^\/(bytes|status|redirect)\/([0-9]+)$/.exec(path) ?? []
  const number = Number(amount)
  if (kind === 'bytes' && number <= MOST_BYTES) {
    return { headers: { 'Content-Type': 'application/octet-stream' }, body: new Uint8Array(number).fill(0x78) }
  }
  if (kind === 'status' && number >= 200 && number <= 999) return { statusCode: number }
  if (kind === 'redirect') {
    return { statusCode: 302, headers: { Location: number > 1 ? `/redirect/${number - 1}` : '/' } }
  }
  if (path === '/json') return { headers: { 'Content-Type': 'application/json' }, body: '{"hello":"world"}\n' }
  if (path === '/echo') return { headers: { 'Content-Type': 'text/plain' }, body: await echoed(request) }
  if (path !== '/') return { statusCode: 404, headers: { 'Content-Type': 'text/plain' }, body: 'not here\n' }
  return { statusCode: status, ...page }
}

async function echoed(request: OriginRequest): Promise<string> {
  const { method, requestTarget, version, headers } = request
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\n`).join('')
  return `${method} ${requestTarget} HTTP/${version}\n${lines}\n${await request.body.text()}`
}

/** The connection, with everything that is written to it going wrong in one way. */
function faulty(connection: Connection, fault: BodyFault, signal: AbortSignal): OriginConnection {
  return {
    [Symbol.asyncIterator]: () => connection[Symbol.asyncIterator](),
    end: () => connection.end(),
    async write(bytes) {
      const head = headLength(bytes)
      const body = bytes.subarray(head)
      switch (fault) {
        case 'slow':
          await connection.write(bytes.subarray(0, head))
          for (const byte of body) {
            await connection.write(Uint8Array.of(byte))
            await sleep(50, undefined, { signal })
          }
          return
        case 'truncated':
          await connection.write(bytes.subarray(0, head + (body.length >> 1)))
          return connection.end()
        case 'closed':
          return connection.destroy()
        case 'silent':
          await sleep(2 ** 30, undefined, { signal }).catch(() => connection.destroy())
          return
        case 'garbage':
          return connection.write('220 mail.example ESMTP\r\n')
        case 'chunked':
          return connection.write(inOddChunks(body))
        case 'endless':
          await connection.write(endlessHead())
          for (;;) await connection.write(new Uint8Array(16384).fill(0x78))
      }
    },
  }
}

/** Up to and with the empty line. */
function headLength(bytes: Uint8Array): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('\r\n\r\n')
  return at === -1 ? bytes.length : at + 4
}

/** Chunks of 1, 2, 3… bytes and a trailer: what a client that guesses will get wrong. */
function inOddChunks(body: Uint8Array): Uint8Array {
  const headers: [string, string][] = [
    ['Content-Type', 'text/plain'],
    ['Transfer-Encoding', 'chunked'],
    ['Trailer', 'X-Last'],
    ['Connection', 'close'],
  ]
  const pieces = [encodeResponse({ version: '1.1', statusCode: 200, reasonPhrase: 'OK', headers })]
  for (let at = 0, size = 1; at < body.length; at += size, size++) {
    pieces.push(encodeChunk(body.subarray(at, at + size)))
  }
  pieces.push(encodeLastChunk([['X-Last', 'yes']]))
  return Buffer.concat(pieces)
}

function endlessHead(): Uint8Array {
  return encodeResponse({ version: '1.0', statusCode: 200, reasonPhrase: 'OK', headers: [['Connection', 'close']] })
}
