import { describe, expect, test } from 'vitest'
import { listen } from '../test/loopback.ts'
import { get, request } from './client.ts'
import { ConnectionPool } from './connection-pool.ts'
import { latin1Text } from './protocol/latin1.ts'
import { formatCurlTrace, toHar } from './trace.ts'

const OK = 'HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\nhello, world'

describe('a request in HTTP/0.9', () => {
  test('is a line, and the answer all that comes until the server closes', async () => {
    await using server = await listen((socket) => socket.once('data', (line) => socket.end(`<p>${line.toString()}`)))
    const response = await get(`${server.url}a?b#c`, { version: '0.9', trace: true })
    expect([response.version, response.statusCode, await response.text()]).toEqual(['0.9', 200, '<p>GET /a?b\r\n'])
    expect(response.exchange.sent.map(({ bytes }) => latin1Text(bytes))).toEqual(['GET /a?b\r\n'])
    expect(formatCurlTrace(response.exchange)).toMatch(
      /=> Send header, 10 bytes \(0xa\)\n0000: GET \/a\?b\n<= Recv data, 13 bytes \(0xd\)\n0000: <p>GET \/a\?b\n$/,
    )
    const [entry] = toHar([response.exchange]).log.entries
    expect(entry?.request).toMatchObject({ method: 'GET', httpVersion: 'HTTP/0.9', headersSize: 10, bodySize: 0 })
    expect(entry?.response).toMatchObject({ status: 200, httpVersion: 'HTTP/0.9', headersSize: 0, bodySize: 13 })
  })

  test('may be answered in HTTP/1.0, as servers do', async () => {
    await using server = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.0 404 No\r\n\r\nabc')))
    const response = await get(server.url, { version: '0.9', trace: true })
    expect([response.version, response.statusCode, await response.text()]).toEqual(['1.0', 404, 'abc'])
    expect(formatCurlTrace(response.exchange)).toContain('<= Recv header, 17 bytes (0x11)\n0000: HTTP/1.0 404 No\n')
  })

  test('leaves no connection to use again', async () => {
    await using server = await listen((socket) => socket.once('data', () => socket.end(OK)))
    await using pool = new ConnectionPool()
    const response = await get(server.url, { version: '0.9', pool, trace: true })
    expect([await response.text(), pool.counts.open]).toEqual(['hello, world', 0])
    expect(response.exchange.bytesSent).toBe(7)
  })

  test.each([
    { headers: { A: 'b' } },
    { credentials: { username: 'a', password: 'b' } },
    { decompress: true },
    { method: 'POST' },
    { body: 'abc' },
    { body: 'abc', expectContinue: true },
    { body: (async function* () {})() },
  ])('has no place for %j', async (options) => {
    await expect(request('http://127.0.0.1:1/', { version: '0.9', ...options })).rejects.toThrow(TypeError)
  })
})
