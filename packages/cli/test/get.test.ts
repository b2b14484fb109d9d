import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPeer, temporaryDirectory } from '@plainwire/testing'
import { json } from './json.ts'
import { MAIN, plainwire } from './plainwire.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

/** Node's own server: another reading of HTTP than ours. */
const server = createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const { method = '', url = '', headers } = request
    seen = { method, url, headers, body: Buffer.concat(pieces).toString() }
    if (url === '/teapot') response.writeHead(418).end('short and stout')
    else if (url === '/again') response.writeHead(302, { location: '/again' }).end()
    else if (url === '/moved') response.writeHead(301, { location: '/here' }).end('gone')
    else if (url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('pressed'))
    else if (url === '/bytes') response.end(Buffer.from([0xff, 0x00, 0x80]))
    else response.end('here')
  })
})
let seen: Seen | undefined
let at = ''

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server[Symbol.asyncDispose]())

/** Answers whatever comes with these bytes, and closes. */
async function rawServer(bytes: string): Promise<AsyncDisposable & { readonly url: string }> {
  const raw = net.createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(bytes)))
  await once(raw.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`
  return { url, [Symbol.asyncDispose]: () => raw[Symbol.asyncDispose]() }
}

describe('the request', () => {
  test('has the method, headers and body that were given', async () => {
    const args = ['-X', 'PUT', '-H', 'X-One: 1', '-H', 'X-Two:2', '-d', 'hola ñ', '--http', '1.1']
    expect((await plainwire(['get', `${at}/put?a=b`, ...args])).stdout).toBe('here')
    expect(seen).toMatchObject({
      method: 'PUT',
      url: '/put?a=b',
      body: 'hola ñ',
      headers: { 'x-one': '1', 'x-two': '2' },
    })
  })

  test('is a POST with a body, from a file or stdin, too', async () => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'data')
    writeFileSync(file, 'from a file')
    await plainwire(['get', at, '-d', `@${file}`])
    expect(seen).toMatchObject({ method: 'POST', body: 'from a file' })
    await using piped = startPeer(process.execPath, [MAIN, 'get', at, '-d', '@-'], { input: 'from stdin' })
    expect(await piped.exited).toBe(0)
    expect(seen).toMatchObject({ method: 'POST', body: 'from stdin' })
  })

  test('-I asks for the head alone, and prints it', async () => {
    const { stdout } = await plainwire(['get', '-I', at])
    expect(seen?.method).toBe('HEAD')
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\n(?:[\w-]+: .*\n)+\n$/)
  })
})

describe('the response', () => {
  test('exits with 22 for a status of 400 with --fail alone, and leaves its body out, as curl does', async () => {
    expect(await plainwire(['get', `${at}/teapot`])).toMatchObject({ exitCode: 0, stdout: 'short and stout' })
    const failed = await plainwire(['get', '-f', `${at}/teapot`])
    expect(failed).toEqual({ exitCode: 22, stdout: '', stderr: `plainwire: ${at}/teapot: status 418\n` })
    using directory = temporaryDirectory()
    const file = join(directory.path, 'kept')
    writeFileSync(file, 'the last good copy')
    expect(await plainwire(['get', '-f', `${at}/teapot`, '-o', file])).toMatchObject({ exitCode: 22 })
    expect(readFileSync(file, 'utf8')).toBe('the last good copy')
  })

  test('is followed with -L alone, and in circles only so far', async () => {
    expect((await plainwire(['get', `${at}/moved`])).stdout).toBe('gone')
    expect((await plainwire(['get', '-L', `${at}/moved`])).stdout).toBe('here')
    expect(await json('get', ['get', '-L', `${at}/moved`])).toMatchObject({
      redirects: [{ statusCode: 301 }],
      url: `${at}/here`,
    })
    const circle = await plainwire(['get', '-L', '--max-redirects', '3', `${at}/again`])
    expect(circle).toMatchObject({ exitCode: 47, stderr: expect.stringMatching(/more than 3 redirects/) })
  })

  test('is unpacked with --compressed', async () => {
    expect((await plainwire(['get', '--compressed', `${at}/gzip`])).stdout).toBe('pressed')
  })

  test('goes into a file with -o, and a file that cannot be is exit code 23', async () => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'page')
    const ran = await plainwire(['get', at, '-o', file])
    expect(ran).toEqual({ exitCode: 0, stdout: '', stderr: `${file}: 4 bytes\n` })
    expect(readFileSync(file, 'utf8')).toBe('here')
    const nowhere = await plainwire(['get', at, '-o', join(directory.path, 'no/such/folder')])
    expect(nowhere).toMatchObject({ exitCode: 23, stdout: '' })
    expect(nowhere.stderr).toMatch(/^plainwire: .*no\/such\/folder: no such file or folder\n$/)
    const document = await json('get', ['get', at, '-o', file])
    expect(document).toMatchObject({ statusCode: 200, output: file, bodyBytes: 4 })
    expect(document).not.toHaveProperty('body')
  })

  test('comes from a URL without a scheme, too', async () => {
    expect((await plainwire(['get', at.slice('http://'.length)])).stdout).toBe('here')
  })

  test('comes from a server of our own in HTTP/0.9', async () => {
    expect((await plainwire(['get', '--http', '0.9'])).stdout).toMatch(/^<!doctype html>/)
  })

  test('in JSON is text, or base64 where it is none', async () => {
    expect(await json('get', ['get', at])).toMatchObject({ statusCode: 200, body: 'here', bodyBytes: 4 })
    expect(await json('get', ['get', `${at}/bytes`])).toMatchObject({ bodyBase64: '/wCA', bodyBytes: 3 })
    expect(await json('get', ['get', at, '--stop-after', 'send'])).toMatchObject({ stoppedAfter: 'send' })
  })
})

describe('what is shown of an exchange', () => {
  test('--timings draws every step, in ASCII if asked, and no wider than 80', async () => {
    const { stdout } = await plainwire(['get', at, '--timings', '--ascii'])
    const rows = stdout.trimEnd().split('\n')
    expect(rows.map((row) => row.slice(0, 11).trimEnd())).toEqual([
      'look-up',
      'connect',
      'send',
      'first byte',
      'download',
      'total',
    ])
    for (const row of rows.slice(0, -1)) expect(row).toMatch(/^[\w -]{11} +=+ +\d+\.\d{3} ms$/)
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(80)
  })

  test('--har writes an archive of all that was sent and came, redirects included', async () => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'page.har')
    await plainwire(['get', '-L', `${at}/moved`, '--har', file])
    const { log } = JSON.parse(readFileSync(file, 'utf8')) as { log: { entries: { response: { status: number } }[] } }
    expect(log.entries.map(({ response }) => response.status)).toEqual([301, 200])
  })

  test('--trace and --har show what came of an exchange that failed', async () => {
    await using cut = await rawServer('HTTP/1.1 2')
    using directory = temporaryDirectory()
    const file = join(directory.path, 'failed.har')
    const { exitCode, stderr } = await plainwire(['get', cut.url, '--trace', '--har', file])
    expect(exitCode).toBe(18)
    expect(stderr).toMatch(/^<= Recv header, 10 bytes \(0xa\)\n0000: HTTP\/1\.1 2\nplainwire: .*head/m)
    const { log } = JSON.parse(readFileSync(file, 'utf8')) as { log: { entries: { response: { status: number } }[] } }
    expect(log.entries.map(({ response }) => response.status)).toEqual([0])
  })

  test('--trace of a host that is not found shows nothing of its own', async () => {
    const { stderr } = await plainwire(['get', 'http://nosuch.invalid/', '--trace'])
    expect(stderr).toMatch(/^plainwire: look up "nosuch\.invalid".*\n$/)
  })

  test('-v tells each step on stderr', async () => {
    const { stderr } = await plainwire(['get', at, '-v'])
    expect(stderr).toMatch(
      /^resolve .*\n(?:.*\n)*connect .* → 127\.0\.0\.1:\d+\n(?:.*\n)*send +\d+ bytes\nreceive +status 200\n/,
    )
  })

  test('-q says nothing', async () => {
    expect(await plainwire(['get', '-q'])).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

test('--http 0.9 sends one line, and prints all that comes; there is no head to print', async () => {
  await using old = await rawServer('<p>old</p>\n')
  const { stdout, stderr, exitCode } = await plainwire([
    'get',
    `${old.url}page`,
    '--http',
    '0.9',
    '-i',
    '--trace',
    '-q',
  ])
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '<p>old</p>\n' })
  expect(stderr).toContain('=> Send header, 11 bytes (0xb)\n0000: GET /page\n<= ')
  expect(await plainwire(['get', old.url, '--http', '0.9', '-I'])).toMatchObject({ exitCode: 2 })
})

test('a header that is none, and data with --head, are told', async () => {
  expect(await plainwire(['get', at, '-H', 'nothing'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/"nothing" is no header/),
  })
  expect(await plainwire(['get', at, '-I', '-d', 'x'])).toMatchObject({ exitCode: 2 })
  expect(await plainwire(['get', at, '-d', '@/nosuch/file'])).toMatchObject({ exitCode: 26, stdout: '' })
})
