import { once } from 'node:events'
import net from 'node:net'
import { join } from 'node:path'
import { temporaryDirectory } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { connect, type ConnectUnixOptions } from './connect.ts'
import type { UnixStep } from './connect-unix.ts'
import { NetworkError } from './protocol/errors.ts'

async function listen(path: string) {
  const server = net.createServer({ allowHalfOpen: true }, (client) => client.on('error', () => {}).pipe(client))
  await once(server.listen(path), 'listening')
  return server
}

const failure = (options: ConnectUnixOptions): Promise<unknown> =>
  connect(options).then(
    ({ socket }) => {
      socket.destroy()
      throw new Error('connected')
    },
    (error: unknown) => error,
  )

describe.skipIf(process.platform === 'win32')('connect to a Unix socket', () => {
  test('gives the socket, the path and one step', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    await using server = await listen(path)
    const seen: UnixStep[] = []
    const connected = await connect({ path, onStep: (step) => seen.push(step) })
    expect(server.listening).toBe(true)
    expect(connected).toMatchObject({ path, steps: [{ step: 'attempt', path, elapsedMs: expect.any(Number) }] })
    expect(seen).toEqual(connected.steps)
    expect(seen[0]).not.toHaveProperty('error')
    const { socket } = connected
    expect(['connect', 'error'].map((name) => socket.listenerCount(name))).toEqual([0, 0])
    socket.end('over and back')
    expect(await socket.setEncoding('utf8').toArray()).toEqual(['over and back'])
  })

  test('keeps our direction open after the peer has finished, unless told otherwise', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    await using server = net.createServer((client) => client.end('late')).listen(path)
    await once(server, 'listening')
    for (const [options, writable] of [
      [{}, true],
      [{ allowHalfOpen: false }, false],
    ] as const) {
      const { socket } = await connect({ path, ...options })
      await once(socket.resume(), 'end')
      expect(socket.writable).toBe(writable)
      socket.destroy()
    }
  })

  test('reads into the caller’s one buffer', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    await using server = await listen(path)
    expect(server.listening).toBe(true)
    const buffer = new Uint8Array(64)
    const heard = Promise.withResolvers<string>()
    const callback = (length: number): boolean => {
      heard.resolve(new TextDecoder().decode(buffer.subarray(0, length)))
      return true
    }
    const { socket } = await connect({ path, onread: { buffer, callback } })
    socket.end('over and back')
    expect(await heard.promise).toBe('over and back')
  })

  test('nobody there, a file of another kind, nobody any more', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    const seen: UnixStep[] = []
    expect(await failure({ path, onStep: (step) => seen.push(step) })).toEqual(
      new NetworkError('connect-refused', `connect to unix:${path}: no such socket file (ENOENT)`),
    )
    expect(seen).toMatchObject([{ path, error: { code: 'connect-refused', cause: { syscall: 'connect' } } }])
    expect(await failure({ path: import.meta.filename })).toMatchObject({ code: 'connect-refused' })
  })

  test.runIf(process.platform === 'linux')('a path of more bytes than a socket address has', async () => {
    const path = `/${'ñ'.repeat(60)}`
    expect(await failure({ path })).toEqual(
      new RangeError(`path must be at most 107 bytes, got 121: "/${'ñ'.repeat(59)}…"`),
    )
    expect(await failure({ path: `/${'x'.repeat(106)}` })).toMatchObject({ code: 'connect-refused' })
  })

  test('cancelled before, during and by its own step', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'socket')
    await using server = await listen(path)
    const closed: Promise<unknown>[] = []
    server.on('connection', (client) => closed.push(once(client, 'close')))
    expect(await failure({ path, signal: AbortSignal.abort('mine') })).toBe('mine')
    const controller = new AbortController()
    const steps: UnixStep[] = []
    const failed = failure({ path, signal: controller.signal, onStep: (step) => steps.push(step) })
    controller.abort('mine')
    expect(await failed).toBe('mine')
    expect(steps).toMatchObject([{ path, error: { code: 'abandoned', message: `connect to unix:${path}: given up` } }])
    const fault = new Error('a fault of the caller’s')
    const onStep = (): void => {
      throw fault
    }
    expect(await failure({ path, onStep })).toBe(fault)
    await expect.poll(() => closed.length).toBeGreaterThan(0)
    await Promise.all(closed)
  })

  test('the caller’s mistakes', async () => {
    for (const path of ['', 'with\0zero', 7 as unknown as string]) {
      expect(await failure({ path })).toMatchObject({
        name: 'TypeError',
        message: expect.stringMatching(/^path must be the path of a socket/),
      })
    }
    for (const other of [{ host: 'localhost' }, { port: 80 }, { tls: true }]) {
      const options = { path: '/socket', ...other } as unknown as ConnectUnixOptions
      expect(await failure(options)).toMatchObject({
        name: 'TypeError',
        message: expect.stringMatching(/^path stands alone, got (host|port|tls) /),
      })
    }
  })
})
