// https: URLs, with certificates by openssl: straight, through a proxy's tunnel, and kept in a pool.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import { connect, createServer as createTcpServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConnectionPool, get, request } from '@plainwire/http-client'
import { describeWithPeer, runProgram, temporaryDirectory } from '@plainwire/testing'
import { runCurl } from './curl.ts'

const PAGE = Uint8Array.from({ length: 1_000_003 }, (_, index) => (index * 31 + (index >> 7)) % 256)

describeWithPeer('openssl', 'over TLS', (openssl) => {
  const directory = temporaryDirectory()
  let server: Server
  let ca: string
  let port: number

  beforeAll(async () => {
    const at = (name: string): string => join(directory.path, name)
    const names = ['-subj', '/CN=plainwire', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const keys = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at('key')]
    runProgram(openssl, ['req', '-x509', '-days', '1', ...keys, ...names, '-out', at('cert')])
    ca = readFileSync(at('cert'), 'utf8')
    server = createServer({ key: readFileSync(at('key')), cert: ca }, (message, response) => {
      if (message.method === 'POST') message.pipe(response)
      else response.end(PAGE)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no TCP address')
    port = address.port
  })

  afterAll(async () => {
    server.close()
    await once(server, 'close')
    directory[Symbol.dispose]()
  })

  test('a page, its session and its timings', async () => {
    const steps: string[] = []
    const response = await get(`https://localhost:${port}/`, {
      tls: { ca },
      family: 4,
      onStep: ({ step }) => steps.push(step),
    })
    expect(Buffer.compare(await response.bytes(), PAGE)).toBe(0)
    expect(response.exchange.tls).toMatchObject({ version: 'TLSv1.3', authorized: true })
    expect(response.timings.tls).toBeGreaterThan(0)
    expect(steps).toEqual(['resolve', 'attempt', 'tls', 'connect', 'send', 'receive'])
  })

  test('a certificate that nobody vouches for is refused', async () => {
    await expect(get(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'certificate-invalid' })
  })

  test('several requests on one connection, with a body that is streamed', async () => {
    await using pool = new ConnectionPool()
    const tls = { ca }
    for (const reused of [false, true, true]) {
      const body = new Blob([PAGE]).stream()
      const response = await request(`https://127.0.0.1:${port}/`, { pool, tls, method: 'POST', body })
      expect(Buffer.compare(await response.bytes(), PAGE)).toBe(0)
      expect(response.exchange.reused).toBe(reused)
    }
  })

  test('through the tunnel of a proxy', async () => {
    const asked: string[] = []
    const proxy = createTcpServer((client) => {
      client.once('data', (head: Buffer) => {
        asked.push(head.toString().split('\r\n')[0] ?? '')
        const onward = connect(port, '127.0.0.1', () => {
          client.write('HTTP/1.1 200 Connection established\r\n\r\n')
          client.pipe(onward).pipe(client)
        })
        onward.on('error', () => {})
      })
      client.on('error', () => {})
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const address = proxy.address()
    if (address === null || typeof address === 'string') throw new Error('no TCP address')
    await using pool = new ConnectionPool()
    const steps: string[] = []
    const tls = { ca }
    for (const reused of [false, true]) {
      const response = await get(`https://localhost:${port}/`, {
        pool,
        tls,
        proxy: `http://127.0.0.1:${address.port}/`,
        onStep: ({ step }) => steps.push(step),
      })
      expect(Buffer.compare(await response.bytes(), PAGE)).toBe(0)
      expect(response.exchange).toMatchObject({ reused, port: address.port, tls: { authorized: true } })
    }
    expect(asked).toEqual([`CONNECT localhost:${port} HTTP/1.1`])
    expect(steps.slice(0, 6)).toEqual(['resolve', 'attempt', 'tls', 'connect', 'send', 'receive'])
    await expect(
      get(`https://localhost:${port}/`, { proxy: `http://127.0.0.1:${address.port}/` }),
    ).rejects.toMatchObject({ code: 'certificate-invalid' })
    await pool.close()
    proxy.close()
    await once(proxy, 'close')
  })

  describeWithPeer('curl', 'and curl', (curl) => {
    test('the same bytes', async () => {
      const out = join(directory.path, 'out')
      await runCurl(curl, ['--cacert', join(directory.path, 'cert'), '--output', out, `https://127.0.0.1:${port}/`])
      expect(Buffer.compare(readFileSync(out), PAGE)).toBe(0)
    })
  })
})
