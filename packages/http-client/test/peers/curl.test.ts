// curl as the client of our origin, on node's own sockets.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { OriginHandler } from '@plainwire/http-client/origin'
import { describeWithPeer, temporaryDirectory } from '@plainwire/testing'
import { listenHttp } from '../loopback.ts'
import { runCurl } from './curl.ts'

const echo: OriginHandler = async ({ method, requestTarget, version, body }) => {
  const bytes = await body.bytes()
  const headers = { 'Content-Type': 'text/plain' }
  return { headers, body: `${method} ${requestTarget} HTTP/${version}, ${bytes.length} bytes, last ${bytes.at(-1)}\n` }
}

describeWithPeer('curl', 'curl asks our origin', (curl) => {
  test('HTTP/1.0', async () => {
    await using server = await listenHttp(echo)
    expect(await runCurl(curl, ['--http1.0', '--include', `${server.url}a?b`])).toBe(
      'HTTP/1.0 200 OK\nContent-Type: text/plain\nContent-Length: 43\nConnection: close\n\n' +
        'GET /a?b HTTP/1.0, 0 bytes, last undefined\n'.trimEnd(),
    )
  })

  test('HTTP/1.1: two URLs on one connection', async () => {
    await using server = await listenHttp(echo)
    const args = ['--write-out', '%{http_code} after %{num_connects} new\n', `${server.url}a`, `${server.url}b`]
    expect((await runCurl(curl, args)).split('\n')).toEqual([
      'GET /a HTTP/1.1, 0 bytes, last undefined',
      '200 after 1 new',
      'GET /b HTTP/1.1, 0 bytes, last undefined',
      '200 after 0 new',
    ])
  })

  test('HEAD', async () => {
    await using server = await listenHttp({ body: 'hello, world' })
    expect(await runCurl(curl, ['--head', server.url])).toMatch(/^HTTP\/1\.1 200 OK\nContent-Length: 12\n/)
  })

  test.each([
    ['with its length', []],
    ['in chunks', ['--header', 'Transfer-Encoding: chunked']],
    ['in HTTP/1.0', ['--http1.0']],
    ['after 100 Continue', ['--header', 'Expect: 100-continue', '--expect100-timeout', '10']],
  ])('a POST of 2 MB %s', async (_, args) => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'body')
    writeFileSync(
      file,
      Uint8Array.from({ length: 2_000_001 }, (_, index) => index % 251),
    )
    await using server = await listenHttp(echo, { maxBodyBytes: 3_000_000 })
    const answer = await runCurl(curl, [...args, '--data-binary', `@${file}`, server.url])
    expect(answer).toMatch(/^POST \/ HTTP\/1\.[01], 2000001 bytes, last 32$/)
  })

  test('a body of every byte arrives as it was', async () => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'out')
    const body = Uint8Array.from({ length: 100_003 }, (_, index) => (index * 7) % 256)
    await using server = await listenHttp({ body })
    await runCurl(curl, ['--output', file, server.url])
    expect(Buffer.compare(readFileSync(file), body)).toBe(0)
  })

  test('a request that breaks HTTP is refused in words', async () => {
    await using server = await listenHttp(echo)
    const answer = await runCurl(curl, ['--include', '--header', 'Host: a b', server.url])
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\n[^]*\n\nhttp\/bad-host: bad Host "a b", at byte [0-9]+$/)
  })
})
