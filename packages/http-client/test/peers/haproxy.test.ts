// HAProxy between our client and our origin: both must say what it understands, and understand what it says.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConnectionPool, get, request } from '@plainwire/http-client'
import { waitForPort } from '@plainwire/socket-utils'
import { describeWithPeer, startPeer, temporaryDirectory, unusedPort, type Peer } from '@plainwire/testing'
import { listenHttp, type Loopback } from '../loopback.ts'

const configuration = (port: number, originPort: number): string => `
global
  maxconn 64
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
frontend front
  bind 127.0.0.1:${port}
  http-request deny deny_status 403 if { path /denied }
  http-request redirect location /moved code 302 if { path /redirect }
  default_backend back
backend back
  http-reuse always
  server origin 127.0.0.1:${originPort}
`

describeWithPeer('haproxy', 'through HAProxy', (program) => {
  const directory = temporaryDirectory()
  let origin: Loopback
  let haproxy: Peer
  let front: string

  beforeAll(async () => {
    origin = await listenHttp(
      async ({ method, requestTarget, version, headers, body }) => {
        const bytes = await body.bytes()
        const framing = headers.get('transfer-encoding') ?? headers.get('content-length') ?? 'none'
        return { body: `${method} ${requestTarget} HTTP/${version} ${framing} ${bytes.length} ${bytes.at(-1) ?? ''}` }
      },
      { maxBodyBytes: 4 << 20 },
      () => {},
    )
    const port = await unusedPort()
    const file = join(directory.path, 'haproxy.cfg')
    writeFileSync(file, configuration(port, origin.port))
    haproxy = startPeer(program, ['-db', '-f', file])
    await waitForPort({ host: '127.0.0.1', port })
    front = `http://127.0.0.1:${port}`
  })

  afterAll(async () => {
    await haproxy[Symbol.asyncDispose]()
    await origin[Symbol.asyncDispose]()
    directory[Symbol.dispose]()
  })

  test('HTTP/1.0 and 1.1', async () => {
    expect(await (await get(`${front}/a`)).text()).toBe('GET /a HTTP/1.0 none 0 ')
    expect(await (await get(`${front}/a`, { version: '1.1' })).text()).toBe('GET /a HTTP/1.1 none 0 ')
  })

  test('one connection for ten requests', async () => {
    await using pool = new ConnectionPool()
    const ports = new Set<number>()
    for (let count = 0; count < 10; count++) {
      const response = await get(`${front}/${count}`, { pool })
      expect(await response.text()).toContain(`/${count} `)
      ports.add(response.exchange.localPort)
    }
    expect(ports.size).toBe(1)
  })

  test.each([
    ['with its length', { body: new Uint8Array(2_000_000).fill(7) }, '2000000 2000000 7'],
    ['streamed', { body: new Blob([new Uint8Array(2_000_000).fill(7)]).stream() }, 'chunked 2000000 7'],
    ['after 100 Continue', { body: 'hello', expectContinue: true }, '5 5 111'],
  ])('a POST %s', async (_, options, ending) => {
    const response = await request(`${front}/p`, { version: '1.1', method: 'POST', ...options })
    expect(await response.text()).toBe(`POST /p HTTP/1.1 ${ending}`)
  })

  test('a refusal, a redirect, a HEAD', async () => {
    await using pool = new ConnectionPool()
    const denied = await get(`${front}/denied`, { pool })
    expect([denied.statusCode, await denied.text()]).toEqual([403, expect.stringContaining('403 Forbidden')])
    const response = await get(`${front}/redirect`, { pool, maxRedirects: 1 })
    expect([response.url, await response.text()]).toEqual([`${front}/moved`, 'GET /moved HTTP/1.1 none 0 '])
    const head = await request(`${front}/h`, { pool, method: 'HEAD' })
    expect([head.statusCode, head.headers.get('content-length')]).toEqual([200, '24'])
  })

  test('a request that HAProxy finds bad', async () => {
    const response = await get(`${front}/a`, { version: '1.1', headers: { Host: 'a b' } })
    expect(response.statusCode).toBe(400)
    await response.close()
  })
})
