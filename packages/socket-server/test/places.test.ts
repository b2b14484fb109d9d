// Where a server listens: Unix sockets, several places at once, sockets that were bound by somebody else.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeWithPeer, startPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { waitForPort } from '@plainwire/socket-utils'
import { describe, expect, test } from 'vitest'
import { activatedSockets, serveConcurrently, serveIteratively, serveThreadPerClient } from '../src/index.ts'
import { echo } from '../src/echo.ts'
import { connectTo, converse, outcome, reply } from './client.ts'

async function connectPath(path: string): Promise<Socket> {
  const socket = connect({ path, allowHalfOpen: true })
  await once(socket, 'connect')
  return socket.on('error', () => {})
}

async function conversePath(path: string, text: string): Promise<string> {
  const socket = await connectPath(path)
  socket.end(text)
  return (await outcome(socket)).text
}

describe.skipIf(process.platform === 'win32')('a Unix socket', () => {
  test('is served as a port is, and its file goes with the server', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    const server = await serveConcurrently(echo(), { path })
    expect(server).toMatchObject({ host: path, port: 0, addresses: [{ scheme: 'unix', path }] })
    expect(await conversePath(path, 'hello')).toBe('hello')
    await server.close()
    expect(existsSync(path)).toBe(false)
    expect(server.info()).toMatchObject({ accepted: 1, closed: { eof: 1 } })
  })

  test('knows no reset: it is closed at once instead', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    await using server = await serveConcurrently((connection) => connection.reset(), { path })
    const client = await connectPath(path)
    await outcome(client)
    await server.close()
    expect(await server.finished).toMatchObject({ connections: 1, handlerErrors: 0 })
  })

  test('is served one at a time; the others wait here', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    await using _server = await serveIteratively(echo(), { path })
    const [first, second] = [await connectPath(path), await connectPath(path)]
    first.write('first')
    expect(await reply(first)).toBe('first')
    second.write('second')
    first.end()
    expect(await reply(second)).toBe('second')
    second.end()
  })

  test('that a dead server left behind is replaced, one that is in use is not', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
    await once(spawn(process.execPath, ['-e', script]), 'exit')
    expect(existsSync(path)).toBe(true)
    await using server = await serveConcurrently(echo(), { path })
    await expect(serveConcurrently(echo(), { path })).rejects.toMatchObject({
      code: 'address-in-use',
      message: `listen on unix:${path}: address already in use (EADDRINUSE)`,
    })
    expect(await conversePath(path, 'mine')).toBe('mine')
    expect(server.info().accepted).toBeGreaterThanOrEqual(1)
  })

  test('takes the place of no other file', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'years-of-work')
    writeFileSync(path, 'mine')
    await expect(serveConcurrently(echo(), { path })).rejects.toMatchObject({ code: 'address-in-use' })
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })

  test('cannot move to a thread', async () => {
    const module = new URL('../src/echo.ts', import.meta.url)
    await expect(serveThreadPerClient(module, { path: '/nowhere' })).rejects.toMatchObject({ code: 'unsupported' })
  })

  test('suspended, it lets clients wait here', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    await using server = await serveConcurrently(echo(), { path })
    server.suspend()
    const client = await connectPath(path)
    client.write('x')
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(server.info()).toMatchObject({ open: 0, waiting: 1 })
    server.resume()
    expect(await reply(client)).toBe('x')
    client.end()
  })
})

describe('several listeners', () => {
  test('serve the same clients, each where it says, and drain together', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    const listeners = [{}, { host: '127.0.0.2' }, ...(process.platform === 'win32' ? [] : [{ path }])]
    const server = await serveConcurrently(echo(), { listeners, backlog: 17 })
    expect(server.addresses).toHaveLength(listeners.length)
    for (const at of server.addresses) {
      const client = 'path' in at ? await connectPath(at.path) : connect({ ...at, allowHalfOpen: true })
      client.end('hello')
      expect(await outcome(client)).toEqual({ text: 'hello', end: 'FIN' })
    }
    await server.close()
    expect(server.info().accepted).toBe(listeners.length)
  })

  test('share one limit', async () => {
    await using server = await serveConcurrently(echo(), {
      listeners: [{}, {}],
      limits: { connections: 1, overflow: 'refuse' },
    })
    const ports = server.addresses.map((at) => ('port' in at ? at.port : 0))
    const first = await connectTo(ports[0] as number)
    first.write('x')
    expect(await reply(first)).toBe('x')
    expect((await outcome(await connectTo(ports[1] as number))).text).toBe('')
    first.end()
  })

  test('are all there or none', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const free = await unusedPort()
    await expect(serveConcurrently(echo(), { listeners: [{ port: free }, { port }] })).rejects.toMatchObject({
      code: 'address-in-use',
    })
    await using server = await serveConcurrently(echo(), { port: free })
    expect(server.port).toBe(free)
    taken.close()
    await expect(serveConcurrently(echo(), { listeners: [] })).rejects.toThrow(TypeError)
  })
})

describe('sockets that systemd passes', () => {
  test('are those of this process alone, and named once', () => {
    const environment = { LISTEN_PID: String(process.pid), LISTEN_FDS: '3', LISTEN_FDNAMES: 'web::admin', OTHER: 'x' }
    expect(activatedSockets(environment)).toEqual([
      { fd: 3, name: 'web' },
      { fd: 4, name: 'unknown' },
      { fd: 5, name: 'admin' },
    ])
    expect(environment).toEqual({ OTHER: 'x' })
    const others = { LISTEN_PID: '1', LISTEN_FDS: '1' }
    expect(activatedSockets(others)).toEqual([])
    expect(others).toHaveProperty('LISTEN_FDS', '1')
    expect(activatedSockets({})).toEqual([])
    expect(() => activatedSockets({ LISTEN_PID: String(process.pid), LISTEN_FDS: 'all' })).toThrow(RangeError)
  })

  describeWithPeer('systemd-socket-activate', 'by systemd-socket-activate', (program) => {
    test('are served, TCP and Unix, by their names', async () => {
      using directory = temporaryDirectory()
      const path = join(directory.path, 'socket')
      const port = await unusedPort()
      const script = fileURLToPath(new URL('fixtures/activated.ts', import.meta.url))
      const names = ['--fdname=web:control']
      const at = [`--listen=127.0.0.1:${port}`, `--listen=${path}`]
      await using peer = startPeer(program, [...at, ...names, process.execPath, script])
      await waitForPort({ host: '127.0.0.1', port })
      expect(await converse(port, 'over TCP')).toBe('over TCP')
      expect(await conversePath(path, 'over Unix')).toBe('over Unix')
      await peer.line(/^web:3 control:4$/)
      peer.process.kill('SIGTERM')
      expect(await peer.exited).toBe(0)
    })
  })
})

test.runIf(process.platform === 'linux')('several acceptors share one port and one address', async () => {
  const server = await serveConcurrently(echo(), { acceptors: 8 })
  expect(server.addresses).toEqual([{ host: '127.0.0.1', port: server.port }])
  const all = Array.from({ length: 100 }, (_, i) => converse(server.port, `client ${i}`))
  expect(await Promise.all(all)).toEqual(all.map((_, i) => `client ${i}`))
  server.suspend()
  server.resume()
  expect(await converse(server.port, 'again')).toBe('again')
  await server.close()
  expect(server.info().accepted).toBe(101)
  await expect(serveConcurrently(echo(), { acceptors: 0 })).rejects.toThrow(
    new RangeError('acceptors must be 1 to 256, got 0'),
  )
})

test.runIf(process.platform === 'linux')(
  'acceptors take no port that somebody else listens on, unless asked to',
  async () => {
    await using first = await serveConcurrently(echo(), { acceptors: 2 })
    const { port } = first
    const busy = serveConcurrently(echo(), { port, acceptors: 2 })
    await expect(busy).rejects.toMatchObject({ code: 'address-in-use' })
    await using second = await serveConcurrently(echo(), { port, acceptors: 2, reusePort: true })
    expect(second.port).toBe(port)
  },
)
