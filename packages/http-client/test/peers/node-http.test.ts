// Node's own http: its server for our client, its client for our origin.

import { once } from 'node:events'
import { Agent, createServer, get as nodeGet, type IncomingMessage, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConnectionPool, get, request } from '@plainwire/http-client'
import { listenHttp } from '../loopback.ts'

const PAGE = Uint8Array.from({ length: 300_007 }, (_, index) => (index * 31 + (index >> 7)) % 256)

describe('our client asks node:http', () => {
  let server: Server
  let origin: string

  beforeAll(async () => {
    server = createServer((message, response) => {
      if (message.url === '/echo') return void message.pipe(response)
      if (message.url === '/hints') response.writeEarlyHints({ link: '</a>' })
      if (message.url === '/trailers') {
        response.writeHead(200, { Trailer: 'X-Sum' })
        response.write('a')
        response.addTrailers({ 'X-Sum': '1' })
      }
      response.end(message.url === '/' ? PAGE : 'b')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no TCP address')
    origin = `http://127.0.0.1:${address.port}`
  })

  afterAll(async () => {
    server.close()
    await once(server, 'close')
  })

  test('100 requests over four connections', async () => {
    await using pool = new ConnectionPool({ maxPerOrigin: 4 })
    const pages = await Promise.all(Array.from({ length: 100 }, async () => (await get(origin, { pool })).bytes()))
    expect(pages.every((page) => Buffer.compare(page, PAGE) === 0)).toBe(true)
    expect(pool.counts).toEqual({ open: 4, resting: 4, origins: 1 })
  })

  test('a stream there and back at the same time, more than the buffers hold', async () => {
    const pieces = 200
    const body = (async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < pieces; at++) yield PAGE.subarray(at, at + 100_000)
    })()
    const response = await request(`${origin}/echo`, { version: '1.1', method: 'POST', body })
    let length = 0
    for await (const piece of response.body) length += piece.length
    expect(length).toBe(pieces * 100_000)
  })

  test('Expect: 100-continue', async () => {
    const options = { version: '1.1', method: 'POST', body: 'hello', expectContinue: true } as const
    const response = await request(`${origin}/echo`, options)
    expect([await response.text(), response.informational[0]?.statusCode]).toEqual(['hello', 100])
  })

  test('103 Early Hints, and trailers', async () => {
    const hinted = await get(`${origin}/hints`, { version: '1.1' })
    expect(hinted.informational[0]?.headers.get('link')).toBe('</a>')
    await hinted.close()
    const response = await get(`${origin}/trailers`, { version: '1.1' })
    expect([await response.text(), response.trailers.get('x-sum')]).toEqual(['ab', '1'])
  })

  test('a connection that its server closes at rest is not used again', async () => {
    const impatient = createServer({ keepAliveTimeout: 50, keepAliveTimeoutBuffer: 0 }, (_, response) =>
      response.end('a'),
    )
    impatient.listen(0, '127.0.0.1')
    await once(impatient, 'listening')
    const address = impatient.address()
    if (address === null || typeof address === 'string') throw new Error('no TCP address')
    await using pool = new ConnectionPool()
    const closed = new Promise((resolve) => impatient.once('connection', (socket) => socket.once('close', resolve)))
    await (await get(`http://127.0.0.1:${address.port}`, { pool })).text()
    await closed
    expect(await (await get(`http://127.0.0.1:${address.port}`, { pool })).text()).toBe('a')
    await pool.close()
    impatient.close()
    await once(impatient, 'close')
  })
})

describe('node:http asks our origin', () => {
  test('on one connection that it keeps', async () => {
    await using server = await listenHttp(({ requestTarget }) => ({ body: requestTarget }))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number | undefined>()
    for (let count = 0; count < 5; count++) {
      const [message] = (await once(nodeGet(`${server.url}${count}`, { agent }), 'response')) as [IncomingMessage]
      ports.add(message.socket.localPort)
      let text = ''
      for await (const piece of message) text += String(piece)
      expect(text).toBe(`/${count}`)
    }
    expect(ports.size).toBe(1)
    agent.destroy()
  })

  test('fetch, with a body of either kind', async () => {
    await using server = await listenHttp(async ({ headers, body }) => ({
      body: `${headers.get('transfer-encoding') ?? headers.get('content-length')} ${await body.text()}`,
    }))
    const options = { method: 'POST', headers: { connection: 'close' } }
    expect(await (await fetch(server.url, { ...options, body: 'abc' })).text()).toBe('3 abc')
    const stream = new Blob(['abc']).stream()
    const streamed = { ...options, body: stream, duplex: 'half' } as RequestInit
    expect(await (await fetch(server.url, streamed)).text()).toBe('chunked abc')
  })
})
