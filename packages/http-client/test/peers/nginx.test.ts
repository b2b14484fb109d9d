// nginx as the server, from a directory of its own on a free port; curl as the client that ours is compared with.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { get, request } from '@plainwire/http-client'
import { waitForPort } from '@plainwire/socket-utils'
import { describeWithPeer, startPeer, temporaryDirectory, unusedPort, type Peer } from '@plainwire/testing'
import { latin1Text } from '../../src/protocol/latin1.ts'
import { runCurl } from './curl.ts'

const PAGE = Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * 31 + (index >> 7)) % 256)

/** One process, as the user who runs the tests, writing to its own directory alone. */
const configuration = (directory: string, port: number): string => `
daemon off;
master_process off;
pid ${directory}/nginx.pid;
error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  server {
    listen 127.0.0.1:${port};
    root ${directory};
    location /included { ssi on; ssi_types *; }
    location /moved { return 301 /page; }
    location /none { return 204; }
  }
}
`

describeWithPeer('nginx', 'beside nginx', (program) => {
  const directory = temporaryDirectory()
  let nginx: Peer
  let origin: string

  beforeAll(async () => {
    const port = await unusedPort()
    origin = `http://127.0.0.1:${port}`
    writeFileSync(join(directory.path, 'nginx.conf'), configuration(directory.path, port))
    writeFileSync(join(directory.path, 'page'), PAGE)
    writeFileSync(join(directory.path, 'part'), 'the part')
    writeFileSync(join(directory.path, 'included'), 'before <!--#include virtual="/part" --> after\n')
    nginx = startPeer(program, ['-e', 'stderr', '-p', directory.path, '-c', join(directory.path, 'nginx.conf')])
    await waitForPort({ host: '127.0.0.1', port })
  })

  afterAll(async () => {
    await nginx[Symbol.asyncDispose]()
    directory[Symbol.dispose]()
  })

  const withoutDate = (bytes: Uint8Array): string => latin1Text(bytes).replace(/^Date: .*$/m, 'Date: now')

  describeWithPeer('curl', 'and curl', (curl) => {
    test.each([
      ['/page', '1.0', []],
      ['/page', '1.1', []],
      ['/included', '1.0', []],
      ['/included', '1.1', []],
      ['/nosuch', '1.0', []],
      ['/moved', '1.1', []],
      ['/none', '1.0', []],
      ['/page', '1.0', ['--head']],
    ] as const)('%s in HTTP/%s %j: the same bytes as curl', async (path, version, args) => {
      const file = join(directory.path, 'curl.out')
      // --raw leaves the chunks as they came, --include the head.
      const asOurs = ['--raw', '--include', `--http${version}`, '--header', 'Connection: close']
      await runCurl(curl, [...asOurs, ...args, '--output', file, `${origin}${path}`])
      const method = args.length > 0 ? 'HEAD' : 'GET'
      const response = await request(`${origin}${path}`, { method, version, trace: true })
      const body = await response.bytes()
      const received = Buffer.concat(response.exchange.received.map(({ bytes }) => bytes))
      const theirs = readFileSync(file)
      expect(received.length).toBe(response.exchange.bytesReceived)
      expect(withoutDate(received) === withoutDate(theirs)).toBe(true)
      if (path === '/page' && method === 'GET') expect(Buffer.compare(body, PAGE)).toBe(0)
    })
  })

  test('a chunked page, put together', async () => {
    const response = await get(`${origin}/included`, { version: '1.1' })
    expect(response.headers.get('transfer-encoding')).toBe('chunked')
    expect(await response.text()).toBe('before the part after\n')
  })

  test('the same page without a length, until nginx closes', async () => {
    const response = await get(`${origin}/included`)
    expect(response.headers.has('transfer-encoding')).toBe(false)
    expect(response.headers.has('content-length')).toBe(false)
    expect(await response.text()).toBe('before the part after\n')
  })

  test('304 to a condition that holds', async () => {
    const first = await request(`${origin}/page`, { method: 'HEAD' })
    const second = await get(`${origin}/page`, { headers: { 'If-None-Match': first.headers.get('etag')! } })
    expect([second.statusCode, (await second.bytes()).length]).toEqual([304, 0])
  })

  test('a request that nginx finds bad is answered all the same', async () => {
    const response = await get(`${origin}/page`, { version: '1.1', headers: { Host: 'two words' } })
    expect(response.statusCode).toBe(400)
    await response.close()
  })
})
