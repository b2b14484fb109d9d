import { describe, expect, test } from 'vitest'
import { listenHttp, listenWith } from '../test/loopback.ts'
import { get, request } from './client.ts'
import { latin1Bytes, latin1Text } from './protocol/latin1.ts'
import { blocksOf, formatCurlTrace, toHar, type HarExchange } from './trace.ts'

const timings = {
  lookup: undefined,
  connect: undefined,
  tls: undefined,
  send: 0.5,
  firstByte: 2,
  download: 1,
  total: 4,
}

/** Pieces a microsecond apart, those that were sent first. */
function exchangeOf(sent: string[], received: string[]): HarExchange & { address: string; reused: boolean } {
  let atUs = 0
  const timed = (text: string): { bytes: Uint8Array; atUs: number } => ({ bytes: latin1Bytes(text), atUs: atUs++ })
  return {
    url: 'http://a.test/b?c=d&e',
    startedDateTime: '2026-11-22T15:00:00.000Z',
    address: '192.0.2.1',
    port: 80,
    localPort: 5678,
    reused: false,
    timings,
    sent: sent.map(timed),
    received: received.map(timed),
  }
}

describe('blocks', () => {
  const show = (sent: string[], received: string[]): string[] =>
    blocksOf(exchangeOf(sent, received)).map(
      ({ direction, kind, bytes }) => `${direction} ${kind} ${JSON.stringify(latin1Text(bytes))}`,
    )

  test('a request head is one, a response head one for each line, wherever they were cut', () => {
    const whole = 'HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nbody'
    for (let at = 1; at < whole.length; at++) {
      const blocks = show(['POST / HTTP/1.1\r\nHost: a\r\n\r\nx', 'y'], [whole.slice(0, at), whole.slice(at)])
      const [content, ...more] = blocks.splice(8)
      expect(blocks, `cut at ${at}`).toEqual([
        'sent head "POST / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"',
        'sent content "x"',
        'sent content "y"',
        ...['HTTP/1.1 100 Go', '', 'HTTP/1.1 200 OK', 'A: b', ''].map((line) => `received head "${line}\\r\\n"`),
      ])
      expect([content, ...more].every((block) => block?.startsWith('received content '))).toBe(true)
      expect([content, ...more].map((block) => /"(.*)"/.exec(block ?? '')?.[1]).join('')).toBe('body')
    }
  })

  test('what broke off, what is no HTTP, and what follows 101', () => {
    expect(show([], ['HTTP/1.1 200 OK\r\nA'])).toEqual(['received head "HTTP/1.1 200 OK\\r\\n"', 'received head "A"'])
    expect(show([], ['garbage'])).toEqual(['received head "garbage"'])
    expect(show([], [])).toEqual([])
    expect(show([], ['HTTP/1.1 101 Up\r\n\r\nHTTP'])).toEqual([
      'received head "HTTP/1.1 101 Up\\r\\n"',
      'received head "\\r\\n"',
      'received content "HTTP"',
    ])
    expect(show([], ['HTTP/1.0 200 OK\nA: b\n\nx'])).toEqual([
      ...['HTTP/1.0 200 OK', 'A: b', ''].map((line) => `received head "${line}\\n"`),
      'received content "x"',
    ])
  })
})

describe('a row of a dump', () => {
  const rowsOf = (content: string): string[] =>
    formatCurlTrace(exchangeOf([], [`HTTP/1.0 200 OK\r\n\r\n${content}`]))
      .split('\n')
      .slice(7, -1)

  test.each([
    ['a\r\nb', ['0000: a', '0003: b']],
    ['\r\n\r\n', ['0000: ', '0002: ']],
    ['\r\na\r', ['0000: ', '0002: a.']],
    [`${'x'.repeat(64)}\r\ny`, [`0000: ${'x'.repeat(64)}`, '0042: y']],
    [`${'x'.repeat(65)}\r\n`, [`0000: ${'x'.repeat(64)}`, '0040: x']],
    ['\0\x1f ~\x7f\x80\xff', ['0000: .. ~...']],
  ])('%j', (content, rows) => {
    expect(rowsOf(content)).toEqual(rows)
  })
})

describe('an HTTP archive', () => {
  test('of an exchange, field by field', () => {
    const exchange = exchangeOf(
      [
        'POST /b?c=d&e HTTP/1.1\r\nHost: a.test\r\nCookie: f=g; h\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n',
        'caf\xc3\xa9',
      ],
      [
        'HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n',
        'HTTP/1.1 302 Found\r\nLocation: /i\r\nSet-Cookie: j=k; Path=/\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n',
        '3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n',
      ],
    )
    const { log } = toHar([exchange])
    expect(log).toMatchObject({ version: '1.2', creator: { name: '@plainwire/http-client' } })
    expect(log.entries).toEqual([
      {
        startedDateTime: '2026-11-22T15:00:00.000Z',
        time: 4,
        request: {
          method: 'POST',
          url: 'http://a.test/b?c=d&e',
          httpVersion: 'HTTP/1.1',
          cookies: [
            { name: 'f', value: 'g' },
            { name: 'h', value: '' },
          ],
          headers: [
            { name: 'Host', value: 'a.test' },
            { name: 'Cookie', value: 'f=g; h' },
            { name: 'Content-Type', value: 'text/plain' },
            { name: 'Content-Length', value: '5' },
          ],
          queryString: [
            { name: 'c', value: 'd' },
            { name: 'e', value: '' },
          ],
          headersSize: 101,
          bodySize: 5,
          postData: { mimeType: 'text/plain', text: 'caf\u00e9', params: [] },
        },
        response: {
          status: 302,
          statusText: 'Found',
          httpVersion: 'HTTP/1.1',
          cookies: [{ name: 'j', value: 'k' }],
          headers: [
            { name: 'Location', value: '/i' },
            { name: 'Set-Cookie', value: 'j=k; Path=/' },
            { name: 'Transfer-Encoding', value: 'chunked' },
            { name: 'Content-Type', value: 'text/html' },
          ],
          headersSize: 114,
          bodySize: 21,
          content: { size: 6, mimeType: 'text/html', text: 'onetwo' },
          redirectURL: '/i',
        },
        cache: {},
        timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0.5, wait: 2, receive: 1 },
        serverIPAddress: '192.0.2.1',
        connection: '5678',
      },
    ])
  })

  test('bytes that are no text are base64', () => {
    const { entries } = toHar([exchangeOf(['GET / HTTP/1.0\r\n\r\n'], ['HTTP/1.0 200 OK\r\n\r\n\xff\xfe'])]).log
    expect(entries[0]?.response.content).toEqual({ size: 2, mimeType: 'x-unknown', text: '//4=', encoding: 'base64' })
  })

  test.each([
    ['no answer', [], { status: 0, headersSize: 0 }],
    ['half a head', ['HTTP/1.1 20'], { status: 0, headersSize: 11 }],
    ['garbage', ['\x16\x03'], { status: 0, headersSize: 2 }],
    [
      'half a body',
      ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'],
      { status: 200, bodySize: 3, content: { size: 3 } },
    ],
  ])('an exchange with %s has its entry', (_, received, expected) => {
    const [entry] = toHar([exchangeOf(['GET / HTTP/1.0\r\n\r\n'], received)]).log.entries
    expect(entry?.response).toMatchObject(expected)
  })

  test('an exchange without bytes is refused', async () => {
    await using server = await listenHttp({})
    const { exchange } = await get(server.url)
    expect(() => toHar([exchange])).toThrow(new TypeError(`no bytes of ${server.url}: it was made without trace: true`))
  })

  test('of one that a leniency, or a larger limit, accepted', async () => {
    for (const [head, options] of [
      ['HTTP/1.1 200 OK\nContent-Length: 2\n\n', { leniency: 'lenient' }],
      [
        `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\nContent-Length: 2\r\n\r\n`,
        { limits: { maxLineBytes: 30_000 } },
      ],
    ] as const) {
      await using server = await listenWith(`${head}ok`)
      const response = await get(server.url, { ...options, trace: true })
      await response.bytes()
      const [entry] = toHar([response.exchange]).log.entries
      expect(entry?.response).toMatchObject({
        status: 200,
        headersSize: head.length,
        bodySize: 2,
        content: { text: 'ok' },
      })
    }
  })

  test('of a real exchange: parts that add up to the whole', async () => {
    await using server = await listenWith('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    const response = await request(server.url, { method: 'POST', body: 'abc', trace: true })
    await response.bytes()
    const [entry] = toHar([response.exchange]).log.entries
    expect(entry?.request).toMatchObject({ bodySize: 3, headersSize: response.exchange.bytesSent - 3 })
    expect(entry?.response).toMatchObject({ bodySize: 2, headersSize: 38 })
    expect(entry?.startedDateTime).toMatch(/^20[0-9]{2}-[0-9]{2}-[0-9]{2}T.*Z$/)
    const { dns, connect, send, wait, receive } = entry?.timings ?? ({} as never)
    expect(dns + connect + send + wait + receive).toBeLessThanOrEqual((entry?.time ?? 0) + 0.01)
  })
})
