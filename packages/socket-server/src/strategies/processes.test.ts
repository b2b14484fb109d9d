import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import net from 'node:net'
import { findProgram, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { ask, connectError, connectTo, converse, outcome, until } from '../../test/client.ts'
import type { ProcessExit } from './process-slot.ts'
import { type ProcessesOptions, type ProcessGroup, serveProcesses } from './processes.ts'

const obey = new URL('../../test/fixtures/obey.ts', import.meta.url)
const running: ProcessGroup[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.close({ graceMs: 0 }))))

async function start(options: ProcessesOptions = {}, moduleUrl: string | URL = obey): Promise<ProcessGroup> {
  const server = await serveProcesses(moduleUrl, { processes: 2, ...options })
  running.push(server)
  return server
}

/** In `ss`, Send-Q is the backlog. */
function backlogOf(port: number): number | undefined {
  const ss = findProgram('ss')
  if (ss === undefined) return undefined
  return Number(spawnSync(ss, ['-Hltn', `sport = :${port}`], { encoding: 'utf8' }).stdout.split(/\s+/)[2])
}

const sharesSocket = typeof net.BoundSocket === 'function' && process.platform !== 'win32'
const sharesPort = process.platform === 'linux'

describe.each([...(sharesSocket ? (['socket'] as const) : []), ...(sharesPort ? (['port'] as const) : [])])(
  'processes that share a %s',
  (share) => {
    test('serve, are counted together, and drain', async () => {
      const server = await start({ share, backlog: 77 })
      expect(server).toMatchObject({ host: '127.0.0.1', backlog: 77 })
      expect(new Set(server.processes().map(({ pid }) => pid)).size).toBe(2)
      expect([77, undefined]).toContain(backlogOf(server.port))
      expect(await converse(server.port, 'half-closed')).toBe('half-closed')
      const client = await connectTo(server.port)
      expect(await ask(client, 'hello')).toBe('hello')
      const over = outcome(client)
      await server.close()
      expect((await over).end).toBe('FIN')
      expect(await server.finished).toEqual({ connections: 2, handlerErrors: 0, resets: 0, cut: 0 })
      expect(server.info()).toMatchObject({ state: 'closed', accepted: 2, open: 0, bytesRead: 16, bytesWritten: 16 })
      expect(await connectError(server.port)).toBe('ECONNREFUSED')
    })

    test('are replaced one after the other by roll(), with somebody listening all the time', async () => {
      const server = await start({ share })
      const before = server.processes().map(({ pid }) => pid)
      const busy = await connectTo(server.port)
      expect(await ask(busy, 'hello')).toBe('hello')
      let refused = 0
      const rolling = new AbortController()
      const churn = (async () => {
        while (!rolling.signal.aborted) refused += (await converse(server.port, 'x').catch(String)) === 'x' ? 0 : 1
      })()
      await expect(server.roll({ graceMs: -1 })).rejects.toThrow(RangeError)
      await server.roll({ graceMs: 1000 })
      rolling.abort()
      await churn
      // The two that share a port each have a queue of their own, and what comes as one closes can be reset.
      if (share === 'socket') expect(refused).toBe(0)
      const after = server.processes()
      expect(after.map(({ state }) => state)).toEqual(['listening', 'listening'])
      expect(after.filter(({ pid }) => before.includes(pid))).toEqual([])
      busy.destroy()
    })

    test('a crash costs its own connections, and another process takes the place', async () => {
      const exits: ProcessExit[] = []
      const server = await start({ share, processes: 1, onProcessExit: (exit) => exits.push(exit) })
      expect(await converse(server.port, 'counted')).toBe('counted')
      const client = await connectTo(server.port)
      await until(() => server.info().accepted === 2)
      const closed = outcome(client)
      client.write('exit')
      await closed
      await until(() => exits.length === 1)
      expect(exits).toMatchObject([{ code: 3, signal: null, lostConnections: 1, restartMs: 0 }])
      // What it had told is not forgotten, and who was there then ended with it.
      expect(server.info()).toMatchObject({ accepted: 2, open: 0, closed: { 'handler-error': 1 } })
      await until(() => server.processes().every(({ state }) => state === 'listening'))
      expect(server.processes().map(({ pid }) => pid)).not.toContain(exits[0]?.pid)
      expect(await converse(server.port, 'again')).toBe('again')
    })
  },
)

describe.runIf(sharesSocket)('serveProcesses', () => {
  test('who connects while no process lives waits in the backlog, and is served by the next', async () => {
    const exits: ProcessExit[] = []
    const server = await start({ processes: 1, onProcessExit: (exit) => exits.push(exit) })
    const pid = server.processes()[0]?.pid ?? 0
    process.kill(pid, 'SIGKILL')
    expect(await converse(server.port, 'patience')).toBe('patience')
    expect(exits).toMatchObject([{ pid, code: null, signal: 'SIGKILL', restartMs: 0 }])
  })

  test('what a handler throws comes to onError, with its process', async () => {
    const errors: unknown[] = []
    const server = await start({ onError: (error, { pid, remote }) => errors.push([String(error), pid, remote.port]) })
    const client = await connectTo(server.port)
    const port = client.localPort
    const over = outcome(client)
    client.write('throw')
    await over
    await until(() => errors.length === 1)
    expect(errors).toEqual([['RangeError: as told', expect.any(Number), port]])
  })

  test('a process that loops is killed shortly after its grace', async () => {
    const server = await start({ processes: 1 })
    const client = await connectTo(server.port)
    expect(await ask(client, 'loop')).toBe('looping')
    const over = outcome(client)
    await server.close({ graceMs: 10 })
    await over
    expect(server.processes().map(({ state }) => state)).toEqual(['closed'])
  })

  test('a SIGTERM to one process drains it, and another takes its place', async () => {
    const exits: ProcessExit[] = []
    const server = await start({ processes: 1, onProcessExit: (exit) => exits.push(exit) })
    const client = await connectTo(server.port)
    expect(await ask(client, 'hello')).toBe('hello')
    const over = outcome(client)
    process.kill(server.processes()[0]?.pid ?? 0, 'SIGTERM')
    expect((await over).end).toBe('FIN')
    await until(() => exits.length === 1)
    expect(exits).toMatchObject([{ code: 0, lostConnections: 0 }])
    expect(await converse(server.port, 'next')).toBe('next')
  })

  test('suspends and resumes', async () => {
    const server = await start()
    server.suspend()
    expect(server.info().state).toBe('suspended')
    server.resume()
    expect(await converse(server.port, 'resumed')).toBe('resumed')
  })

  test('listens at a path', async () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'echo.sock')
    const server = await start({ path })
    expect(server).toMatchObject({ host: path, port: 0, addresses: [{ scheme: 'unix', path }] })
    const socket = connect({ path })
    socket.end('by path')
    expect(await outcome(socket)).toEqual({ text: 'by path', end: 'FIN' })
    await server.close()
    expect(existsSync(path)).toBe(false)
  })

  test('at several addresses', async () => {
    const server = await start({ listeners: [{ port: 0 }, { host: '127.0.0.2', port: 0 }] })
    const ports = server.addresses.map((address) => ('port' in address ? address.port : 0))
    expect(server.addresses.map((address) => ('host' in address ? address.host : ''))).toEqual([
      '127.0.0.1',
      '127.0.0.2',
    ])
    const second = connect({ host: '127.0.0.2', port: ports[1] ?? 0, allowHalfOpen: true })
    second.end('two')
    expect((await outcome(second)).text).toBe('two')
  })

  test('a module that fails at import is thrown by the start, and no process is left', async () => {
    const failing = start({}, 'data:text/javascript,throw new SyntaxError("at import")')
    await expect(failing).rejects.toThrow(new SyntaxError('at import'))
    await expect(start({}, 'data:text/javascript,export default 1')).rejects.toThrow(
      'handler must be a function, got 1',
    )
    await expect(start({}, 'data:text/javascript,process.exit(7)')).rejects.toThrow(
      /^process [0-9]+ ended before it listened: 7$/,
    )
  })

  test('an address in use is thrown by the start', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    for (const share of ['socket', 'port'] as const) {
      await expect(start({ port, share })).rejects.toMatchObject({
        name: 'NetworkError',
        code: 'address-in-use',
        message: `listen on 127.0.0.1:${port}: address already in use (EADDRINUSE)`,
      })
    }
    other.close()
  })

  test('a signal closes it as close() does, and thrown as it is before it runs', async () => {
    const stop = new AbortController()
    const server = await start({ signal: stop.signal })
    stop.abort()
    expect(await server.finished).toMatchObject({ connections: 0 })
    await expect(start({ signal: AbortSignal.abort('why') })).rejects.toBe('why')
    const late = new AbortController()
    const port = await unusedPort()
    const starting = start({ port, signal: late.signal })
    late.abort('later')
    await expect(starting).rejects.toBe('later')
    // A process that was left would still listen.
    expect(await connectError(port)).toBe('ECONNREFUSED')
  })
})

test('refuses what cannot be', async () => {
  await expect(serveProcesses('./echo.js')).rejects.toThrow('moduleUrl must be a URL')
  await expect(serveProcesses(obey, { processes: 0 })).rejects.toThrow(
    new RangeError('processes must be 1 to 1024, got 0'),
  )
  await expect(serveProcesses(obey, { share: 'memory' as never })).rejects.toThrow(
    new TypeError('share must be socket or port, got "memory"'),
  )
  await expect(serveProcesses(obey, { share: 'port', path: '/tmp/x.sock' })).rejects.toMatchObject({
    code: 'unsupported',
    message: `listen on unix:/tmp/x.sock: a port can be shared only by TCP; this is ${process.version}`,
  })
})
