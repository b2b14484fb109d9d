import { describe, expect, test } from 'vitest'
import { unusedPort } from '@plainwire/testing'
import { afterRequest, listen, listenWith } from '../test/loopback.ts'
import { get, request, type RequestOptions } from './client.ts'
import type { ExchangeTrace } from './exchange-trace.ts'
import { latin1Text } from './protocol/latin1.ts'
import { formatCurlTrace, toHar } from './trace.ts'

/** The records of a request that fails, and why it did. */
async function failed(
  url: string,
  options: RequestOptions = {},
): Promise<{ records: ExchangeTrace[]; error: unknown }> {
  const records: ExchangeTrace[] = []
  const onExchange = (exchange: ExchangeTrace): void => void records.push(exchange)
  const error = await get(url, { trace: true, onExchange, ...options }).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { records, error }
}

const text = (pieces: ExchangeTrace['sent']): string => pieces.map(({ bytes }) => latin1Text(bytes)).join('')

describe('the record of an exchange that failed', () => {
  test('has what was sent and what came before the head was refused', async () => {
    await using server = await listenWith('HTTP/1.1 200 OK\r\nA : b\r\n\r\n')
    const { records, error } = await failed(server.url)
    expect(error).toMatchObject({ code: 'http/bad-header' })
    const [record] = records
    if (!record) throw new Error('no record')
    expect([records.length, record.address, record.port]).toEqual([1, '127.0.0.1', server.port])
    expect(text(record.sent)).toMatch(/^GET \/ HTTP\/1\.0\r\n/)
    expect(text(record.received)).toBe('HTTP/1.1 200 OK\r\nA : b\r\n\r\n')
    expect(formatCurlTrace(record)).toContain('<= Recv header, 7 bytes (0x7)\n0000: A : b\n')
    // An archive says what came, whoever refused it.
    expect(toHar([record]).log.entries[0]?.response).toMatchObject({
      status: 200,
      headers: [{ name: 'A', value: 'b' }],
    })
  })

  test('has a place in an archive, with status 0, where what came was no response', async () => {
    await using server = await listenWith('ICY 200 OK\r\n\r\n')
    const { records, error } = await failed(server.url)
    expect(error).toMatchObject({ code: expect.stringMatching(/^http\//) })
    expect(toHar(records).log.entries.map(({ response }) => response)).toMatchObject([{ status: 0, headers: [] }])
  })

  test('has nothing to show where nobody listens, but its times', async () => {
    const { records, error } = await failed(`http://127.0.0.1:${await unusedPort()}/`)
    expect(error).toMatchObject({ code: 'connect-refused' })
    expect(records.map(({ address, port, sent, received }) => [address, port, sent, received])).toEqual([
      ['', 0, [], []],
    ])
    expect(records[0]?.timings.lookup).toBeGreaterThanOrEqual(0)
    expect(records.map(formatCurlTrace)).toEqual([''])
    expect(toHar(records).log.entries).toEqual([])
  })

  test('is one for each exchange: redirects too', async () => {
    await using server = await listen(
      afterRequest((socket, head) =>
        socket.end(
          head.startsWith('GET /a') ? 'HTTP/1.1 2' : 'HTTP/1.0 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n',
        ),
      ),
    )
    const { records, error } = await failed(server.url, { maxRedirects: 1 })
    expect(error).toMatchObject({ code: 'http/truncated' })
    expect(records.map(({ url, received }) => [url, text(received).slice(0, 12)])).toEqual([
      [server.url, 'HTTP/1.0 302'],
      [`${server.url}a`, 'HTTP/1.1 2'],
    ])
  })

  test('is the one of the response, should it succeed', async () => {
    await using server = await listenWith('HTTP/1.0 204 No Content\r\n\r\n')
    const records: ExchangeTrace[] = []
    const response = await get(server.url, { onExchange: (exchange) => records.push(exchange) })
    expect(records).toEqual([response.exchange])
    const stopped: ExchangeTrace[] = []
    await request(server.url, { stopAfter: 'connect', onExchange: (exchange) => stopped.push(exchange) })
    expect(stopped[0]?.timings.connect).toBeGreaterThanOrEqual(0)
  })

  test('whoever throws at it is told so, and nothing is opened', async () => {
    let connections = 0
    await using server = await listen(() => connections++)
    const mine = { my: 'reason' }
    const onExchange = (): void => {
      throw mine
    }
    expect((await failed(server.url, { onExchange })).error).toBe(mine)
    expect(connections).toBe(0)
  })
})
