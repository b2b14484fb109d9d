import { describe, expect, test } from 'vitest'
import { latin1Bytes, latin1Text } from './protocol/latin1.ts'
import { serveHttp, type OriginHandler, type OriginOptions } from './origin.ts'

const echo: OriginHandler = async ({ method, requestTarget, body }) => ({
  body: `${method} ${requestTarget} ${await body.text()}`,
})

/** A connection in memory: what the client sends, piece by piece, and what it gets. */
class Client {
  written = ''
  ended = 0
  readonly #pieces: string[]

  constructor(...pieces: string[]) {
    this.#pieces = pieces
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (let piece = this.#pieces.shift(); piece !== undefined; piece = this.#pieces.shift()) yield latin1Bytes(piece)
  }

  write(bytes: Uint8Array): Promise<void> {
    this.written += latin1Text(bytes)
    return Promise.resolve()
  }

  end(): void {
    this.ended++
  }
}

async function serve(wire: string, handler: OriginHandler = echo, options: OriginOptions = {}): Promise<string> {
  const client = new Client(wire)
  await serveHttp(client, handler, options)
  expect(client.ended).toBe(1)
  return client.written
}

describe('answers', () => {
  test('HTTP/1.0: the length, and the connection closes', async () => {
    expect(await serve('GET /a HTTP/1.0\r\n\r\nGET /b HTTP/1.0\r\n\r\n')).toBe(
      'HTTP/1.0 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET /a ',
    )
  })

  test('HTTP/0.9: the content alone, where that is wanted', async () => {
    expect(await serve('GET /a\r\n', echo, { http09: true })).toBe('GET /a ')
    expect(await serve('GET /a\r\n', { statusCode: 404, body: 'no' }, { http09: true })).toBe('no')
    expect(await serve('GET /a\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('HTTP/1.0 with keep-alive: both, and the second closes', async () => {
    expect(await serve('GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n')).toBe(
      'HTTP/1.0 200 OK\r\nContent-Length: 7\r\nConnection: keep-alive\r\n\r\nGET /a ' +
        'HTTP/1.0 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET /b ',
    )
  })

  test('HTTP/1.1: one after another on one connection, until the client says close', async () => {
    const wire =
      'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello' +
      'POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nC\r\nhello, chunk\r\n0\r\n\r\n' +
      'GET /c HTTP/1.1\r\nHost: x\r\n\r\n'
    expect(await serve(wire)).toBe(
      'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nPOST /a hello' +
        'HTTP/1.1 200 OK\r\nContent-Length: 20\r\nConnection: close\r\n\r\nPOST /b hello, chunk',
    )
  })

  test('a static answer: the same each time, its headers as given', async () => {
    const headers = [
      ['b', '1'],
      ['A', '2'],
    ] as const
    expect(await serve('GET / HTTP/1.0\r\n\r\n', { statusCode: 404, headers, body: Uint8Array.of(0x61) })).toBe(
      'HTTP/1.0 404 Not Found\r\nb: 1\r\nA: 2\r\nContent-Length: 1\r\nConnection: close\r\n\r\na',
    )
  })

  test('HEAD: the length without the body', async () => {
    expect(await serve('HEAD /a HTTP/1.0\r\n\r\n', { body: 'caf\u00e9' })).toBe(
      'HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n',
    )
    expect(await serve('HEAD /a HTTP/1.0\r\n\r\n', { headers: { 'content-length': '99' } })).toBe(
      'HTTP/1.0 200 OK\r\ncontent-length: 99\r\nConnection: close\r\n\r\n',
    )
  })

  test('204 and 304 have neither body nor length', async () => {
    for (const [statusCode, phrase] of [
      [204, 'No Content'],
      [304, 'Not Modified'],
    ] as const) {
      expect(await serve('GET / HTTP/1.0\r\n\r\n', { statusCode, body: 'lost' })).toBe(
        `HTTP/1.0 ${statusCode} ${phrase}\r\nConnection: close\r\n\r\n`,
      )
    }
  })

  test('a status code without a usual phrase, and a phrase of our own', async () => {
    expect(await serve('GET / HTTP/1.0\r\n\r\n', { statusCode: 299 })).toMatch(/^HTTP\/1.0 299 \r\n/)
    expect(await serve('GET / HTTP/1.0\r\n\r\n', { reasonPhrase: 'Fine' })).toMatch(/^HTTP\/1.0 200 Fine\r\n/)
  })

  test('a handler that says close is obeyed', async () => {
    const wire = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n'
    expect(await serve(wire, { headers: { connection: 'Close' } })).toBe(
      'HTTP/1.1 200 OK\r\nconnection: Close\r\nContent-Length: 0\r\n\r\n',
    )
  })

  test('a Date only from a clock that was handed in, and not beside the handler’s', async () => {
    const date = (): Date => new Date(Date.UTC(1994, 10, 6, 8, 49, 37))
    expect(await serve('GET / HTTP/1.0\r\n\r\n', {}, { date })).toContain('\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n')
    expect((await serve('GET / HTTP/1.0\r\n\r\n', { headers: { date: 'x' } }, { date })).match(/date/gi)).toHaveLength(
      1,
    )
  })

  test('a body that the handler leaves is dropped before the next request', async () => {
    const wire = 'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: x\r\n\r\n'
    expect(await serve(wire, ({ requestTarget }) => ({ body: requestTarget }))).toBe(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n/aHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n/b',
    )
  })

  test('a client that has sent nothing gets nothing', async () => {
    expect(await serve('')).toBe('')
  })
})

describe('a streamed answer', () => {
  const streaming =
    (headers: Record<string, string> = {}): OriginHandler =>
    () => ({
      headers,
      body: (async function* () {
        for (const text of ['hello, chunk', '', 'x']) yield latin1Bytes(text)
      })(),
    })
  const twice = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2)

  test('in chunks, and the connection goes on', async () => {
    const one = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nC\r\nhello, chunk\r\n1\r\nx\r\n0\r\n\r\n'
    expect(await serve(twice, streaming())).toBe(one + one)
  })

  test('as it is where its length is given', async () => {
    const one = 'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nhello, chunkx'
    expect(await serve(twice, streaming({ 'Content-Length': '13' }))).toBe(one + one)
  })

  test('to HTTP/1.0 until close, also to one that would go on', async () => {
    const wire = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'.repeat(2)
    expect(await serve(wire, streaming())).toBe('HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nhello, chunkx')
  })

  test('to a HEAD, its head', async () => {
    expect(await serve('HEAD / HTTP/1.1\r\nHost: x\r\n\r\n', streaming())).toBe(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
  })

  test('of the request itself, piece by piece', async () => {
    const wire = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'
    expect(await serve(wire, ({ body }) => ({ body }))).toBe(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    )
  })

  test.each<[Record<string, string>, string]>([
    [{ 'Content-Length': '14' }, 'the body has 13 bytes, its Content-Length says 14'],
    [{ 'Content-Length': '12' }, 'the body has 13 bytes or more, its Content-Length says 12'],
  ])('%j is the handler’s mistake, and no answer looks whole', async (headers, message) => {
    const client = new Client(twice)
    await expect(serveHttp(client, streaming(headers))).rejects.toThrow(new TypeError(message))
    expect([client.ended, client.written.endsWith('x')]).toEqual([0, headers['Content-Length'] === '14'])
  })
})

describe('a fault on command', () => {
  test.each(['', 'HTTP/1.1 200 OK\r\nContent-Le', 'garbage\n\n', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort'])(
    '%j, and then nothing more',
    async (raw) => {
      const wire = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2)
      expect(await serve(wire, { raw })).toBe(raw)
      expect(await serve(wire, () => ({ raw: latin1Bytes(raw) }))).toBe(raw)
    },
  )
})

describe('Expect: 100-continue, RFC 9110 §10.1.1', () => {
  const wire = 'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n'

  test('is answered when the handler asks for the body', async () => {
    expect(await serve(`${wire}hello`)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n[^]*POST \/ hello$/)
  })

  test('otherwise the answer comes at once, and is the last: the body may follow or not', async () => {
    expect(await serve(`${wire}hello`, { statusCode: 403 })).toBe(
      'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    )
  })

  test('HTTP/1.0 knows no 100', async () => {
    expect(await serve(`${wire.replace('1.1', '1.0')}hello`)).toMatch(/^HTTP\/1.0 200 OK\r\n/)
  })
})

describe('refusals, after which the connection closes', () => {
  test.each([
    ['garbage', '\x16\x03\x01', '400 Bad Request', 'http/bad-request-line: a request cannot begin with'],
    [
      'no Host',
      'GET / HTTP/1.1\r\n\r\n',
      '400 Bad Request',
      'http/bad-host: HTTP/1.1 request without Host, at byte 18',
    ],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\n', '505 HTTP Version Not Supported', 'http/bad-version'],
    ['a client that stops', 'GET / HTTP/1.0\r\n', '400 Bad Request', 'http/truncated'],
    ['a bad chunk', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', '400', 'http/bad-chunk'],
    ['a long line', `GET /${'a'.repeat(30)} HTTP/1.0\r\n\r\n`, '431 Request Header', 'http/line-too-long'],
    ['headers', 'GET / HTTP/1.0\r\na: b\r\na: b\r\na: b\r\n\r\n', '431 Request Header', 'http/too-many-headers'],
    ['a long head', `GET / HTTP/1.0\r\n${'a: bcdef\r\n'.repeat(2)}\r\n`, '431 Request Header', 'http/head-too-large'],
    ['a long body', 'POST / HTTP/1.0\r\nContent-Length: 13\r\n\r\n', '413 Content Too Large', 'http/body-too-large'],
    [
      'a body that turns out long',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nC\r\nhello, chunk\r\n1\r\n!\r\n0\r\n\r\n',
      '413 Content Too Large',
      'http/body-too-large',
    ],
  ])('%s', async (what, wire, status, message) => {
    const limits = {
      ...(what === 'a long line' && { maxLineBytes: 30 }),
      ...(what === 'headers' && { maxHeaders: 2 }),
      ...(what === 'a long head' && { maxHeadBytes: 30 }),
    }
    const written = await serve(wire, echo, { limits, maxBodyBytes: 12 })
    expect(written.startsWith(`HTTP/1.1 ${status}`)).toBe(true)
    expect(written).toContain('\r\nConnection: close\r\n')
    expect(written).toContain(`\r\n\r\n${message}`)
  })

  test('an answer that went out before the body broke is not followed by another', async () => {
    const wire = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'
    expect(await serve(wire, {})).toBe('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  })

  test('a body that nobody wanted and that is too long to drop ends the connection', async () => {
    const wire = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n\r\nhello, world!GET / HTTP/1.0\r\n\r\n'
    expect(await serve(wire, {}, { maxBodyBytes: 12 })).toBe('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  })

  test('CONNECT is not asked of the handler', async () => {
    expect(await serve('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')).toBe(
      'HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    )
  })
})

describe('faults of the handler', () => {
  const boom = new Error('boom')
  test.each<[what: string, handler: OriginHandler, fault: unknown]>([
    ['a throw', () => Promise.reject(boom), boom],
    ['a status code that is informational', { statusCode: 101 }, expect.any(RangeError)],
    ['a header that would split the response', { headers: { 'A\r\nB': 'c' } }, expect.any(TypeError)],
    ['a length that is not the body’s', { headers: { 'Content-Length': '5' }, body: 'four' }, expect.any(TypeError)],
    ['a length for no body', { headers: { 'Content-Length': '5' } }, expect.any(TypeError)],
    ['a coding of its own', { headers: { 'Transfer-Encoding': 'chunked' } }, expect.any(TypeError)],
  ])('%s: 500 for the client, the fault for the server', async (_, handler, fault) => {
    const client = new Client('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const error = await serveHttp(client, handler).catch((error: unknown) => error)
    expect(error).toEqual(fault)
    expect(client.written).toBe('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    expect(client.ended).toBe(1)
  })

  test('what the connection throws while a body is dropped comes out, too', async () => {
    const client = new Client()
    const pieces = Array.of('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n', 'part')
    client[Symbol.asyncIterator] = async function* () {
      for (const piece of pieces) yield latin1Bytes(piece)
      throw boom
    }
    await expect(serveHttp(client, {})).rejects.toBe(boom)
    expect(client.written).toBe('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  })

  test('what the connection throws comes out as it is', async () => {
    const client = new Client('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    client.write = () => Promise.reject(boom)
    await expect(serveHttp(client, {})).rejects.toBe(boom)
  })
})

test('a request cut anywhere', async () => {
  const wire = 'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\nhello, world'
  for (let at = 0; at <= wire.length; at++) {
    const client = new Client(wire.slice(0, at), wire.slice(at))
    await serveHttp(client, echo)
    expect(client.written).toBe('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nPOST /a hello, world')
  }
})
