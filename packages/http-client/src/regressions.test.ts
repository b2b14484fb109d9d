// Faults that were once there, each as it was found.

import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { afterRequest, listen, listenWith } from '../test/loopback.ts'
import { ConnectionPool } from './connection-pool.ts'
import { get, request } from './client.ts'
import { serveHttp, type OriginConnection, type OriginHandler, type OriginOptions } from './origin.ts'
import { encodeRequest } from './protocol/encoder.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

describe('a connection at rest whose last bytes came before they were asked for', () => {
  /** Answers with the path, in two pieces; then does `after` on the first connection. */
  async function server(after: (socket: Socket) => void) {
    let connections = 0
    return listen((socket) => {
      const isFirst = ++connections === 1
      socket.on('data', (bytes: Buffer) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n')
        setTimeout(() => socket.write(/ (\/.) /.exec(String(bytes))?.[1] ?? '??'), 20)
        if (isFirst) setTimeout(() => after(socket), 120)
      })
    })
  }

  test.each([
    ['bytes that nobody asked for', (socket: Socket) => void socket.write(OK.replace('ok', 'no'))],
    ['an end', (socket: Socket) => void socket.end()],
  ])('hears %s, and is given up', async (_, after) => {
    await using origin = await server(after)
    await using pool = new ConnectionPool()
    const first = await get(`${origin.url}1`, { pool })
    await sleep(60)
    expect(await first.text()).toBe('/1')
    await sleep(150)
    expect(pool.counts).toMatchObject({ open: 0, resting: 0 })
    const second = await request(`${origin.url}2`, { pool, method: 'POST' })
    expect(await second.text()).toBe('/2')
  })
})

test('who needs a fresh connection gets it in the place of one that rests', async () => {
  let requests = 0
  await using origin = await listen((socket) => {
    socket.on('data', () => {
      if (++requests === 2) socket.destroy()
      else setTimeout(() => socket.write(OK), 20)
    })
  })
  await using pool = new ConnectionPool({ maxPerOrigin: 1, idleTimeoutMs: 60_000 })
  const one = async (path: string): Promise<string> =>
    (await get(`${origin.url}${path}`, { pool, timeoutMs: 3000 })).text()
  await one('0')
  const both = [one('1'), one('2')]
  await sleep(100)
  expect(await Promise.all([...both, one('3')])).toEqual(['ok', 'ok', 'ok'])
})

test('a web stream that breaks gives its connection back at once', async () => {
  await using origin = await listenWith('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nZZ\r\n')
  await using pool = new ConnectionPool()
  const reader = (await get(origin.url, { pool })).stream().getReader()
  await reader.read()
  await expect(reader.read()).rejects.toMatchObject({ code: 'http/bad-chunk' })
  expect(pool.counts.open).toBe(0)
})

describe('the limit of sending', () => {
  test('does not end with an informational response', async () => {
    await using origin = await listen((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')
      socket.pause()
      setTimeout(() => socket.resume(), 800) // to notice that the client has gone
    })
    const body = new Uint8Array(50 << 20)
    const sent = request(origin.url, { method: 'POST', version: '1.1', body, phaseTimeoutsMs: { send: 200 } })
    await expect(sent).rejects.toMatchObject({ message: expect.stringContaining('sending the request took more') })
  })

  test('is the only one while a body is being sent, however slowly', async () => {
    await using origin = await listen((socket) => {
      let received = ''
      socket.on('data', (bytes: Buffer) => {
        if (received === '') socket.write('HTTP/1.1 100 Continue\r\n\r\n')
        received += bytes.toString('latin1')
        if (received.endsWith('0\r\n\r\n')) socket.write(OK)
      })
    })
    async function* body() {
      for (let piece = 0; piece < 4; piece++) {
        await sleep(60)
        yield new Uint8Array(1)
      }
    }
    const options = { method: 'POST', version: '1.1', expectContinue: true, phaseTimeoutsMs: { idle: 120 } } as const
    expect(await (await request(origin.url, { ...options, body: body() })).text()).toBe('ok')
  })
})

describe('a redirect', () => {
  const authorization = (head: string): string | undefined => /^Authorization: (.*)\r$/m.exec(head)?.[1]

  test('within an origin keeps the credentials of the URL', async () => {
    const seen: (string | undefined)[] = []
    await using origin = await listen(
      afterRequest((socket, head) => {
        seen.push(authorization(head))
        socket.end(head.startsWith('GET /b') ? OK : 'HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n')
      }),
    )
    await (await get(origin.url.replace('//', '//u:p@'), { maxRedirects: 1 })).text()
    expect(seen).toEqual(['Basic dTpw', 'Basic dTpw'])
  })

  test.each(['http://%ff@127.0.0.1:1/', 'http://a%3Ab:c@127.0.0.1:1/'])('to %s is the server’s fault', async (to) => {
    await using origin = await listenWith(`HTTP/1.1 302 Found\r\nLocation: ${to}\r\nContent-Length: 0\r\n\r\n`)
    await expect(get(origin.url, { maxRedirects: 1 })).rejects.toMatchObject({ code: 'http/bad-redirect' })
  })
})

test.each(['HEAD', 'GET'])('%s: where there is no body, its coding does not matter', async (method) => {
  const status = method === 'HEAD' ? '200 OK' : '304 Not Modified'
  await using origin = await listenWith(`HTTP/1.1 ${status}\r\nContent-Encoding: foo\r\n\r\n`)
  const response = await request(origin.url, { method, decompress: true })
  expect((await response.bytes()).length).toBe(0)
})

describe('an origin', () => {
  /** All that it answers; ends with `reset` where it rejects. */
  async function answers(wire: string, handler: OriginHandler, options: OriginOptions = {}): Promise<string> {
    let written = ''
    const connection: OriginConnection = {
      async *[Symbol.asyncIterator]() {
        yield Buffer.from(wire, 'latin1')
      },
      write: async (bytes: Uint8Array) => void (written += Buffer.from(bytes).toString('latin1')),
      end: () => {},
    }
    await serveHttp(connection, handler, options).catch(
      (error: unknown) => (written += `reset: ${(error as Error).name}`),
    )
    return written
  }

  test('asks for a body before the head of the answer that is made of it', async () => {
    const expecting = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello'
    const written = await answers(expecting, ({ body }) => ({ body }))
    expect(written).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
    expect(written).toMatch(/5\r\nhello\r\n0\r\n\r\n$/)
    const tooLong = await answers(expecting, ({ body }) => ({ body }), { maxBodyBytes: 4 })
    expect(tooLong).toMatch(/^HTTP\/1\.1 413 /)
  })

  test('puts no answer into another one', async () => {
    const cut = await answers('POST / HTTP/1.0\r\nContent-Length: 10\r\n\r\nhi', ({ body }) => ({ body }))
    expect(cut).toMatch(/\r\n\r\nhireset: ProtocolError$/)
  })

  test('says once what becomes of the connection, and no length of nothing', async () => {
    const wishful: OriginHandler = { headers: { Connection: 'keep-alive' }, body: 'x' }
    const written = await answers('GET / HTTP/1.0\r\n\r\n', wishful)
    expect(written.match(/^Connection: .*\r$/gm)).toEqual(['Connection: close\r'])
    const caught = await answers(
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZ',
      async ({ body }) => {
        await body.text().catch(() => {})
        return { statusCode: 422 }
      },
    )
    expect(caught).toMatch(/^Connection: close\r$/m)
    const empty: OriginHandler = { statusCode: 204, headers: { 'Content-Length': '2' } }
    expect(await answers('GET / HTTP/1.0\r\n\r\n', empty)).toMatch(/^HTTP\/1\.0 500 /)
  })
})

test('a header value that would become text only later is refused', () => {
  const value = { length: 0, toString: () => 'x\r\nEvil: 1' } as unknown as string
  const head = { method: 'GET', requestTarget: '/', version: '1.1', headers: [['X', value]] } as const
  expect(() => encodeRequest(head)).toThrow(TypeError)
})
