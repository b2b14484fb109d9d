import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory } from '@plainwire/testing'
import { afterRequest, connectionOf, listen, listenHttp } from '../test/loopback.ts'
import { get, request, type RequestOptions } from './client.ts'
import { ConnectionPool } from './connection-pool.ts'
import { serveHttp } from './origin.ts'

describe.skipIf(process.platform === 'win32')('a Unix socket', () => {
  test('gets what the URL says, and is used again', async () => {
    using directory = temporaryDirectory()
    const socketPath = join(directory.path, 'socket')
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      void serveHttp(connectionOf(socket), ({ headers, requestTarget }) => ({
        body: `${headers.get('host')}${requestTarget}`,
      }))
    })
    server.listen(socketPath)
    await once(server, 'listening')
    await using pool = new ConnectionPool()
    const steps: string[] = []
    for (const reused of [false, true]) {
      const response = await get('http://name.invalid/a?b', {
        socketPath,
        pool,
        onStep: ({ step }) => steps.push(step),
      })
      expect(await response.text()).toBe('name.invalid/a?b')
      expect(response.exchange).toMatchObject({ address: socketPath, port: 0, addresses: [], reused })
    }
    expect(steps).toEqual(['attempt', 'send', 'receive', 'send', 'receive'])
    await pool.close()
    server.close()
    await once(server, 'close')
  })

  test('nobody there', async () => {
    await expect(get('http://a/', { socketPath: '/nosuch/socket' })).rejects.toMatchObject({ code: 'connect-refused' })
  })
})

describe('a proxy for http: URLs', () => {
  test('is asked for the whole URL, with its own credentials', async () => {
    await using proxy = await listenHttp(({ requestTarget, headers }) => ({
      body: JSON.stringify([
        requestTarget,
        headers.get('host'),
        headers.get('proxy-authorization'),
        headers.get('authorization'),
      ]),
    }))
    const response = await get('http://a:b@name.invalid:81/c?d', { proxy: `http://u:p%40@127.0.0.1:${proxy.port}` })
    expect(await response.json()).toEqual([
      'http://name.invalid:81/c?d',
      'name.invalid:81',
      'Basic dTpwQA==',
      'Basic YTpi',
    ])
    expect(response.exchange).toMatchObject({
      url: 'http://name.invalid:81/c?d',
      address: '127.0.0.1',
      port: proxy.port,
    })
  })

  test('serves several origins over one connection', async () => {
    await using proxy = await listenHttp(({ requestTarget }) => ({ body: requestTarget }))
    await using pool = new ConnectionPool()
    const texts: string[] = []
    for (const url of ['http://a.invalid/', 'http://b.invalid/']) {
      texts.push(await (await get(url, { proxy: proxy.url, pool })).text())
    }
    expect([texts, pool.counts.open]).toEqual([['http://a.invalid/', 'http://b.invalid/'], 1])
  })
})

describe('a proxy for https: URLs', () => {
  test.each([
    ['HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', 'connect-refused', /: 403 "Forbidden"$/],
    ['HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n', 'permission-denied', /: 407 "Who"$/],
    ['', 'connection-closed', /: the proxy closed the connection$/],
    ['SSH-2.0\r\n', 'http/bad-status-line', /not HTTP/],
    ['HTTP/1.1 200 OK\r\n\r\nnot TLS at all', 'tls-failed', /^TLS handshake with name\.invalid:443/],
    ['HTTP/1.1 200 OK\r\n\r\n', 'connection-closed', /^TLS handshake with name\.invalid:443/],
  ])('%j', async (answer, code, message) => {
    let asked = ''
    await using proxy = await listen(
      afterRequest((socket, request) => {
        asked = request
        socket.end(answer)
      }),
    )
    const error = await get('https://name.invalid/', { proxy: `http://u:p@127.0.0.1:${proxy.port}/` }).catch(
      (error: unknown) => error,
    )
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(asked).toBe(
      'CONNECT name.invalid:443 HTTP/1.1\r\nHost: name.invalid:443\r\nProxy-Authorization: Basic dTpw\r\n\r\n',
    )
    await proxy.idle()
  })

  test('aborted while the proxy says nothing', async () => {
    const controller = new AbortController()
    await using proxy = await listen(afterRequest(() => controller.abort('enough')))
    await expect(get('https://name.invalid/', { proxy: proxy.url, signal: controller.signal })).rejects.toBe('enough')
    await proxy.idle()
  })
})

describe('credentials', () => {
  test.each<[url: string, options: RequestOptions, expected: string | undefined]>([
    ['http://Aladdin:open%20sesame@HOST/', {}, 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    [
      'http://HOST/',
      { credentials: { username: 'Aladdin', password: 'open sesame' } },
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    ],
    ['http://a:b@HOST/', { credentials: { username: 'caf\u00e9', password: ':' } }, 'Basic Y2Fmw6k6Og=='],
    ['http://a@HOST/', {}, 'Basic YTo='],
    ['http://a:b@HOST/', { headers: { authorization: 'Bearer c' } }, 'Bearer c'],
    ['http://HOST/', {}, undefined],
  ])('%s %j', async (url, options, expected) => {
    await using server = await listenHttp(({ headers }) => ({ body: JSON.stringify(headers.getAll('authorization')) }))
    const response = await request(url.replace('HOST', `127.0.0.1:${server.port}`), options)
    expect(await response.json()).toEqual(expected === undefined ? [] : [expected])
    expect(response.url).toBe(server.url)
  })

  test('are in no message', async () => {
    const gone = await listen(() => {})
    await gone[Symbol.asyncDispose]()
    const error = await get(`http://me:secret@127.0.0.1:${gone.port}/`, { timeoutMs: 5000 }).catch(
      (error: unknown) => error,
    )
    expect(String(error)).not.toContain('secret')
    const silent = await listen(afterRequest((socket) => socket.end()))
    await expect(get(`http://me:secret@127.0.0.1:${silent.port}/`)).rejects.toThrow(`GET ${silent.url}: empty reply`)
    await silent[Symbol.asyncDispose]()
  })
})

describe('what cannot be together', () => {
  test.each<[url: string, options: RequestOptions, message: RegExp]>([
    ['http://a/', { socketPath: '/a', proxy: 'http://b/' }, /socketPath stands alone, got a proxy beside it/],
    ['http://a/', { proxy: 'https://b/' }, /proxy must be an http: URL, got one of "https:"/],
    ['http://a/', { proxy: 'b:80' }, /"b:80" is no http: URL/],
    ['https://a/', { socketPath: '/a' }, /TLS over a Unix socket is not done/],
    ['https://a/', { tls: { cert: 'nonsense' } }, /tls: /],
  ])('%s %j', async (url, options, message) => {
    const error = await get(url, options).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toMatch(message)
  })

  test.each([{ proxy: 'http://b/' }, { socketPath: '/a' }, { pool: new ConnectionPool() }])(
    'stopAfter and %j',
    async (options) => {
      await expect(get('http://a/', { ...options, stopAfter: 'resolve' })).rejects.toThrow(
        /^stopAfter shows a connection of its own/,
      )
    },
  )
})
