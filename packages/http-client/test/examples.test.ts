import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runNode } from '@plainwire/testing'
import { listenHttp, type Loopback } from './loopback.ts'

const EXAMPLES = ['create', 'resolve', 'connect', 'send', 'receive'].map(
  (step, index) => `socket-0${index + 1}-${step}`,
)

const scriptOf = (name: string): string => fileURLToPath(import.meta.resolve(`@plainwire/http-client/examples/${name}`))

/** What it printed, with the numbers that differ from run to run replaced. */
async function run(name: string, server: Loopback, path = ''): Promise<{ output: string[]; exitCode: number | null }> {
  await using program = runNode(scriptOf(name), [`${server.url}${path}`])
  const exitCode = await program.exited
  const output = program
    .output()
    .replaceAll(/descriptor [0-9]+/g, 'descriptor N')
    .replaceAll(String(server.port), 'PORT')
    .replaceAll(/(0\.0\.0\.0|from: 127\.0\.0\.1) port [0-9]+/g, '$1 port N')
  return { output: output.split('\n'), exitCode }
}

describe('each example prints what its first line says', () => {
  const page = '<!doctype html>\n<title>caf\u00e9</title>\n<p>one\n<p>two\n'
  const created = 'created: descriptor N'
  const resolved = 'resolved: 127.0.0.1 (IPv4)'
  const connected = ['connected to: 127.0.0.1 port PORT', 'connected from: 127.0.0.1 port N']

  test.each([
    ['socket-01-create', ['created: descriptor N, bound to 0.0.0.0 port N']],
    ['socket-02-resolve', [created, resolved]],
    ['socket-03-connect', [created, resolved, ...connected]],
    [
      'socket-04-send',
      [
        created,
        resolved,
        ...connected,
        '> GET /page HTTP/1.0',
        '> Host: 127.0.0.1:PORT',
        '> Connection: close',
        '> ',
        '> ',
        expect.stringMatching(/^sent (\d+) of \1 bytes$/),
      ],
    ],
    [
      'socket-05-receive',
      [
        resolved,
        ...connected,
        expect.stringMatching(/^sent 6[0-9] bytes$/),
        '< HTTP/1.0 200 OK',
        '< Content-Type: text/html',
        '< Content-Length: 51',
        '< Connection: close',
        'received a body of 51 bytes, which begins:',
        '<!doctype html>',
        '<title>caf\u00e9</title>',
        '<p>one',
      ],
    ],
  ])('%s', async (name, expected) => {
    await using server = await listenHttp({ headers: { 'Content-Type': 'text/html' }, body: page }, {}, () => {})
    const { output, exitCode } = await run(name, server, 'page')
    expect(output.filter((line, at) => line !== '' || at < output.length - 1)).toEqual(expected)
    expect(exitCode).toBe(0)
  })
})

describe('each example says in one line what failed', () => {
  test.each(EXAMPLES.slice(2))('%s, with nobody listening', async (name) => {
    const server = await listenHttp({})
    await server[Symbol.asyncDispose]()
    const { output, exitCode } = await run(name, server)
    const last = 'NetworkError: connect to 127.0.0.1:PORT: connection refused (ECONNREFUSED)'
    expect(output.filter((line) => line.includes('Error'))).toEqual([last])
    expect(output.filter((line) => /^ *at /.test(line))).toEqual([])
    expect(exitCode).toBe(1)
  })

  test.each(EXAMPLES.slice(0, 2))('%s, with a URL that is none', async (name) => {
    await using program = runNode(scriptOf(name), ['nonsense'])
    expect(await program.exited).toBe(1)
    expect(program.output()).toBe('TypeError: "nonsense" is no URL: write http://host/path')
  })

  test.skipIf(process.platform === 'win32')('socket-01, with no descriptor left', () => {
    // The program's own files are loaded by then: the rest is taken right before the socket is created.
    const exhaust = `
      import net from 'node:net'
      import { openSync } from 'node:fs'
      net.BoundSocket = class extends net.BoundSocket {
        constructor(options) {
          try { for (;;) openSync('/dev/null') } catch {}
          super(options)
        }
      }`
    const preload = `data:text/javascript,${encodeURIComponent(exhaust)}`
    const { stderr, status } = spawnSync(
      'sh',
      ['-c', 'ulimit -n 256 && exec "$@"', 'sh', process.execPath, '--import', preload, scriptOf('socket-01-create')],
      { encoding: 'utf8' },
    )
    expect(stderr).toBe('NetworkError: create a TCP socket for IPv4: too many open files (EMFILE)\n')
    expect(status).toBe(1)
  })
})

test('node’s own server is fetched by socket-05 too', async () => {
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  await using program = runNode(scriptOf('socket-05-receive'), [`http://127.0.0.1:${address.port}/`])
  await program.line(/^< HTTP\/1\.1 200 OK$/)
  await program.line(/^received a body of 5 bytes/)
  expect(await program.exited).toBe(0)
  server.close()
})
