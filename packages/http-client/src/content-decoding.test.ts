import zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { afterRequest, listen, listenHttp } from '../test/loopback.ts'
import { get, request } from './client.ts'
import { ConnectionPool } from './connection-pool.ts'
import { acceptEncoding } from './content-decoding.ts'

const TEXT = 'hello, world\n'.repeat(1000)
const CODED: [coding: string, bytes: Uint8Array][] = [
  ['gzip', zlib.gzipSync(TEXT)],
  ['X-Gzip', zlib.gzipSync(TEXT)],
  ['deflate', zlib.deflateSync(TEXT)],
  ['deflate', zlib.deflateRawSync(TEXT)],
  ['br', zlib.brotliCompressSync(TEXT)],
  ['zstd', zlib.zstdCompressSync(TEXT)],
  ['identity', Buffer.from(TEXT)],
  ['deflate, gzip', zlib.gzipSync(zlib.deflateSync(TEXT))],
]

describe('decompress: true', () => {
  test.each(CODED)('%s', async (coding, body) => {
    await using server = await listenHttp({ headers: { 'Content-Encoding': coding }, body })
    const response = await get(server.url, { decompress: true })
    expect(await response.text()).toBe(TEXT)
    expect(response.headers.get('content-encoding')).toBe(coding)
  })

  test('asks for what this platform undoes, unless the caller asks for something', async () => {
    await using server = await listenHttp(({ headers }) => ({ body: headers.get('accept-encoding') ?? 'nothing' }))
    const texts = [{}, { decompress: true }, { decompress: true, headers: { 'accept-encoding': 'br' } }].map(
      async (options) => (await get(server.url, options)).text(),
    )
    expect(await Promise.all(texts)).toEqual(['nothing', acceptEncoding, 'br'])
    expect(acceptEncoding).toBe('gzip, deflate, br, zstd')
  })

  test('one byte at a time', async () => {
    await using server = await listen(
      afterRequest((socket) => {
        const bytes = Buffer.concat([
          Buffer.from('HTTP/1.0 200 OK\r\nContent-Encoding: deflate\r\n\r\n'),
          zlib.deflateRawSync('hello, world'),
        ])
        const next = (at: number): void => {
          if (at === bytes.length) socket.end()
          else socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1))
        }
        next(0)
      }),
    )
    expect(await (await get(server.url, { decompress: true })).text()).toBe('hello, world')
  })

  test('without it the bytes are those of the wire', async () => {
    const body = zlib.gzipSync(TEXT)
    await using server = await listenHttp({ headers: { 'Content-Encoding': 'gzip' }, body })
    expect(Buffer.compare(await (await get(server.url)).bytes(), body)).toBe(0)
  })

  test.each(['HEAD', 'GET'])('%s with nothing in the body', async (method) => {
    await using server = await listenHttp({ headers: { 'Content-Encoding': 'gzip' } })
    expect(await (await request(server.url, { method, decompress: true })).text()).toBe('')
  })

  test('its connection goes back to the pool', async () => {
    await using server = await listenHttp({ headers: { 'Content-Encoding': 'gzip' }, body: zlib.gzipSync(TEXT) })
    await using pool = new ConnectionPool()
    for (const reused of [false, true]) {
      const response = await get(server.url, { pool, decompress: true })
      expect([await response.text(), response.exchange.reused]).toEqual([TEXT, reused])
    }
  })
})

describe('content that is not what it says', () => {
  test.each([
    ['not compressed at all', 'gzip', Buffer.from('hello, world')],
    ['cut short', 'gzip', zlib.gzipSync(TEXT).subarray(0, -9)],
    ['cut short', 'br', zlib.brotliCompressSync(TEXT).subarray(0, -3)],
    ['a byte changed', 'deflate', zlib.deflateSync(TEXT).with(30, 0xff)],
  ])('%s: %s', async (_, coding, body) => {
    await using server = await listenHttp({ headers: { 'Content-Encoding': coding }, body })
    const response = await get(server.url, { decompress: true })
    await expect(response.text()).rejects.toMatchObject({
      name: 'ProtocolError',
      code: 'http/bad-content-encoding',
      message: expect.stringMatching(`^GET http://127.0.0.1:${server.port}/: bad ${coding} content: `),
    })
    await server.idle()
  })

  test.each(['compress', 'gzip, gzip, gzip, gzip'])('%s was not asked for', async (coding) => {
    await using server = await listenHttp({ headers: { 'Content-Encoding': coding }, body: 'a' })
    await expect(get(server.url, { decompress: true })).rejects.toMatchObject({ code: 'unsupported' })
    await server.idle()
  })

  test('a network fault is not taken for one of the content', async () => {
    const gzip = zlib.gzipSync(TEXT)
    await using server = await listen(
      afterRequest((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${gzip.length + 1}\r\n\r\n`)
        socket.end(gzip.subarray(0, 20))
      }),
    )
    const response = await get(server.url, { decompress: true })
    await expect(response.text()).rejects.toMatchObject({ code: 'http/truncated' })
  })

  test('a bomb is refused when it has grown too large, and what came is all that was held', async () => {
    // Of the least effort: the best one takes seconds.
    const effort = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }
    const bomb = zlib.brotliCompressSync(Buffer.alloc(64 << 20), effort)
    await using server = await listenHttp({ headers: { 'Content-Encoding': 'br' }, body: bomb })
    const response = await get(server.url, { decompress: true, maxBodyBytes: 1 << 20 })
    let held = 0
    await expect(
      (async () => {
        for await (const piece of response.body) held += piece.length
      })(),
    ).rejects.toMatchObject({
      code: 'http/body-too-large',
      message: expect.stringMatching(/decoded body of more than 1048576 bytes/),
    })
    expect(held).toBeLessThanOrEqual(1 << 20)
    await server.idle()
  })
})
