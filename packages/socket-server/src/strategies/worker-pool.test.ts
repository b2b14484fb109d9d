import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { stoppedClock } from '../../test/clock.ts'
import { ask, connectTo, converse, outcome, until } from '../../test/client.ts'
import { canTransferSockets } from '../socket-transfer.ts'
import type { ClientThread } from './client-thread.ts'
import type { PoolExit } from './pool-thread.ts'
import { serveWorkerPool, type WorkerPool, type WorkerPoolOptions } from './worker-pool.ts'

const obey = new URL('../../test/fixtures/obey.ts', import.meta.url)
const running: WorkerPool[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.close({ graceMs: 0 }))))

async function start(options: WorkerPoolOptions = {}, moduleUrl: string | URL = obey): Promise<WorkerPool> {
  const server = await serveWorkerPool(moduleUrl, { workers: 2, ...options })
  running.push(server)
  return server
}

const connections = (server: WorkerPool): number[] => server.workers().map(({ connections }) => connections)

describe.runIf(canTransferSockets())('serveWorkerPool', () => {
  test('serves a client that finishes before it reads, and counts it', async () => {
    const server = await start({ backlog: 64 })
    expect(server).toMatchObject({ host: '127.0.0.1', backlog: 64 })
    expect(await converse(server.port, 'half-closed')).toBe('half-closed')
    await server.close()
    expect(await server.finished).toEqual({ connections: 1, handlerErrors: 0, resets: 0, cut: 0 })
    expect(server.info()).toMatchObject({ state: 'closed', accepted: 1, open: 0, bytesRead: 11, bytesWritten: 11 })
    expect(server.workers().map(({ state }) => state)).toEqual(['closed', 'closed'])
  })

  test('each client goes to the thread with the fewest, and threads are used again', async () => {
    const told: ClientThread[] = []
    const server = await start({ workers: 3, onConnection: (client) => told.push(client) })
    const clients: Socket[] = []
    for (let count = 0; count < 6; count++) clients.push(await connectTo(server.port))
    const ids = await Promise.all(clients.map((client) => ask(client, 'who')))
    expect(new Set(ids).size).toBe(3)
    expect(connections(server)).toEqual([2, 2, 2])
    const port = clients[0]?.localPort
    const first = clients.filter((_, index) => ids[index] === ids[0])
    for (const client of first) client.destroy()
    await until(() => server.info().open === 4)
    const next = await connectTo(server.port)
    expect(await ask(next, 'who')).toBe(ids[0])
    expect(told[0]).toEqual({
      threadId: Number(ids[0]),
      remote: { host: '127.0.0.1', port },
      local: { host: '127.0.0.1', port: server.port },
    })
    expect(
      server
        .workers()
        .map(({ threadId }) => String(threadId))
        .toSorted(),
    ).toEqual([...new Set(ids)].toSorted())
    for (const client of [...clients, next]) client.destroy()
  })

  test('a handler that throws costs its own connection', async () => {
    const errors: [string, number, number][] = []
    const server = await start({
      workers: 1,
      onError: (error, { threadId, remote }) => errors.push([String(error), threadId, remote.port]),
    })
    const witness = await connectTo(server.port)
    const thread = Number(await ask(witness, 'who'))
    const throwing = await connectTo(server.port)
    const port = throwing.localPort
    throwing.write('throw')
    expect((await outcome(throwing)).text).toBe('')
    await until(() => errors.length === 1)
    expect(errors).toEqual([['RangeError: as told', thread, port]])
    expect(await ask(witness, 'still here')).toBe('still here')
    expect(server.info().closed['handler-error']).toBe(1)
  })

  test('one that ends its thread costs that thread its connections; another takes its place at once', async () => {
    const exits: PoolExit[] = []
    const server = await start({ onWorkerExit: (exit) => exits.push(exit) })
    const clients = [await connectTo(server.port), await connectTo(server.port), await connectTo(server.port)]
    const [doomed, witness, other] = clients as [Socket, Socket, Socket]
    const ids = [await ask(doomed, 'who'), await ask(witness, 'who'), await ask(other, 'who')]
    expect(ids[0]).toBe(ids[2])
    const over = [outcome(doomed), outcome(other)]
    doomed.write('exit')
    await Promise.all(over)
    expect(await ask(witness, 'still here')).toBe('still here')
    await until(() => exits.length === 1)
    expect(exits).toEqual([
      {
        threadId: Number(ids[0]),
        error: new Error('the thread ended with exit code 3'),
        lostConnections: 2,
        restartMs: 0,
      },
    ])
    await until(() => server.workers().every(({ state }) => state === 'ready'))
    const next = await connectTo(server.port)
    expect(ids).not.toContain(await ask(next, 'who'))
    expect(server.info()).toMatchObject({ accepted: 4, open: 2, closed: { 'handler-error': 2 } })
  })

  test('who comes while no thread lives waits, and is served by the next', async () => {
    const next = Promise.withResolvers<string>()
    const server = await start({
      workers: 1,
      // A thread takes some 20 ms to start, and connecting a fraction of one.
      onWorkerExit: () => next.resolve(converse(server.port, 'patience')),
    })
    const doomed = await connectTo(server.port)
    doomed.write('exit')
    expect(await next.promise).toBe('patience')
  })

  test('an exception that nobody catches is told as it is', async () => {
    const exits: PoolExit[] = []
    const server = await start({ onWorkerExit: (exit) => exits.push(exit) }, throwing)
    const client = await connectTo(server.port)
    const over = outcome(client)
    client.write('x')
    await over
    await until(() => exits.length === 1)
    expect(String(exits[0]?.error)).toBe('RangeError: nobody catches this')
  })

  test('who comes while a thread loops is served by the others', async () => {
    const server = await start()
    const looping = await connectTo(server.port)
    expect(await ask(looping, 'loop')).toBe('looping')
    // The looping thread has the fewest connections, and gets no more than two that it does not take.
    const clients = await Promise.all(Array.from({ length: 9 }, () => connectTo(server.port)))
    const replies = clients.map((client) => ask(client, 'served').catch(() => 'never'))
    let served = 0
    for (const reply of replies) void reply.then((text) => (served += text === 'served' ? 1 : 0))
    await until(() => served === 7)
    expect(connections(server).toSorted((a, b) => a - b)).toEqual([3, 7])
    for (const client of [looping, ...clients]) client.destroy()
  })

  test('a thread that answers nothing is ended, and its clients with it', async () => {
    const exits: PoolExit[] = []
    const server = await start({ unresponsiveMs: 200, onWorkerExit: (exit) => exits.push(exit) })
    const looping = await connectTo(server.port)
    expect(await ask(looping, 'loop')).toBe('looping')
    await outcome(looping)
    await until(() => exits.length > 0)
    expect(String(exits[0]?.error)).toMatch(/^Error: thread [0-9]+ has answered nothing for 200 ms$/)
  })

  test('a thread that answers is left in peace, however often it is asked', async () => {
    const exits: PoolExit[] = []
    using clock = stoppedClock()
    const server = await start({ workers: 1, unresponsiveMs: 400, onWorkerExit: (exit) => exits.push(exit) })
    const client = await connectTo(server.port)
    for (let asked = 0; asked < 4; asked++) {
      await clock.pass(400)
      // Behind the question, so that by the second reply the answer to that is here as well.
      for (let count = 0; count < 2; count++) expect(await ask(client, 'still here')).toBe('still here')
    }
    expect(exits).toEqual([])
  })

  test('nor is it ended because this thread was held up, and looks at the answer late', async () => {
    const exits: PoolExit[] = []
    using clock = stoppedClock()
    const server = await start({ workers: 1, unresponsiveMs: 400, onWorkerExit: (exit) => exits.push(exit) })
    const client = await connectTo(server.port)
    expect(await ask(client, 'hello')).toBe('hello')
    await clock.pass(400)
    // The thread answers meanwhile, and this one does not turn.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    await clock.pass(400)
    expect(await ask(client, 'still here')).toBe('still here')
    expect(exits).toEqual([])
  })

  test('close() lets the handlers finish, and cuts even those who loop at the end of the grace', async () => {
    const server = await start()
    const client = await connectTo(server.port)
    expect(await ask(client, 'hello')).toBe('hello')
    const looping = await connectTo(server.port)
    expect(await ask(looping, 'loop')).toBe('looping')
    const over = [outcome(client), outcome(looping)]
    const closed = server.close({ graceMs: Infinity })
    expect((await over[0])?.end).toBe('FIN')
    await until(() => server.info().open === 1)
    await server.close({ graceMs: 20 })
    await closed
    await over[1]
    expect(await server.finished).toMatchObject({ connections: 2, handlerErrors: 0, cut: 1 })
    expect(server.info()).toMatchObject({ open: 0, closed: { drain: 2 } })
  })

  test('what a module has left running ends with its thread', async () => {
    const server = await start()
    const client = await connectTo(server.port)
    expect(await ask(client, 'leave something running')).toBe('left')
    client.end()
    await server.close({ graceMs: Infinity })
    expect((await server.finished).cut).toBe(0)
  })

  test('limits and deadlines hold in the threads as here', async () => {
    const server = await start({ limits: { connections: 1 }, deadlines: { idleMs: 500 } })
    const first = await connectTo(server.port)
    expect(await ask(first, 'first')).toBe('first')
    const second = await connectTo(server.port)
    const waiting = ask(second, 'second')
    expect(server.info().open).toBe(1)
    await outcome(first)
    expect(await waiting).toBe('second')
    await until(() => server.info().closed.idle === 2)
    expect(server.info().peak).toBe(1)
  })

  test('a module that fails at import is thrown by the start, and no thread is left', async () => {
    await expect(start({}, 'data:text/javascript,throw new SyntaxError("at import")')).rejects.toThrow('at import')
    await expect(start({}, 'data:text/javascript,export default "hello"')).rejects.toThrow(
      'handler must be a function, got "hello"',
    )
    await expect(start({}, 'data:text/javascript,process.exit(7)')).rejects.toThrow('the thread ended with exit code 7')
  })

  test('an address in use is thrown by the start, and no thread is left', async () => {
    const { port } = await start()
    const exits = vi.fn()
    await expect(start({ port, onWorkerExit: exits })).rejects.toMatchObject({ code: 'address-in-use' })
    expect(exits).not.toHaveBeenCalled()
  })

  test('an onConnection that throws costs that client', async () => {
    const errors: unknown[] = []
    const server = await start({
      onConnection() {
        throw new RangeError('not you')
      },
      onError: (error) => errors.push(error),
    })
    expect((await outcome(await connectTo(server.port))).text).toBe('')
    expect(errors).toEqual([new RangeError('not you')])
    expect(server.info()).toMatchObject({ open: 0, closed: { 'handler-error': 1 } })
  })

  test('a signal closes it as close() does', async () => {
    const stop = new AbortController()
    const server = await start({ signal: stop.signal })
    const client = await connectTo(server.port)
    expect(await ask(client, 'x')).toBe('x')
    stop.abort()
    client.end()
    await once(client, 'close')
    expect(await server.finished).toMatchObject({ connections: 1, cut: 0 })
    await expect(start({ signal: AbortSignal.abort('why') })).rejects.toBe('why')
  })
})

const throwing =
  'data:text/javascript,export default async (c) => { await c.read(); setTimeout(() => { throw new RangeError("nobody catches this") }) }'

test('refuses what cannot be', async () => {
  await expect(serveWorkerPool('./echo.js')).rejects.toThrow('moduleUrl must be a URL')
  await expect(serveWorkerPool(obey, { workers: 0 })).rejects.toThrow(
    new RangeError('workers must be 1 to 1024, got 0'),
  )
  await expect(serveWorkerPool(obey, { unresponsiveMs: 0 })).rejects.toThrow(/^unresponsiveMs must be/)
  await expect(serveWorkerPool(obey, { path: '/tmp/x.sock' })).rejects.toMatchObject({
    code: 'unsupported',
    message: 'listen on unix:/tmp/x.sock: a pool of threads needs TCP; no Unix socket can move to a thread',
  })
})
