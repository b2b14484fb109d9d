import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { connectTo, converse, outcome, reply, until, untilRefused } from '../../test/client.ts'
import { acceptInThread } from '../acceptor.ts'
import type { Connection } from '../connection.ts'
import { echo } from '../echo.ts'
import { acceptHere } from '../listener.ts'
import { canTransferSockets } from '../socket-transfer.ts'
import { serveInTurn, serveIteratively } from './iterative.ts'

const ways = canTransferSockets() ? { acceptInThread, acceptHere } : { acceptHere }

describe.each(Object.entries(ways))('one at a time with %s', (_, accept) => {
  test('never runs two handlers, and serves everybody in the order of their coming', async () => {
    let active = 0
    const seen: number[] = []
    const order: (string | undefined)[] = []
    const server = await serveInTurn(
      accept,
      async (connection) => {
        seen.push(++active)
        const message = await connection.read()
        order.push(message && new TextDecoder().decode(message))
        await new Promise((resolve) => setImmediate(resolve))
        active -= 1
      },
      { backlog: 8 },
    )
    const clients = []
    for (let i = 0; i < 5; i++) clients.push(await connectTo(server.port))
    // The last comes with its message first; it has to wait all the same.
    for (const [i, client] of [...clients.entries()].toReversed()) client.end(`client ${i}`)
    expect((await Promise.all(clients.map(outcome))).map(({ end }) => end)).toEqual(Array(5).fill('FIN'))
    await server.close()
    expect(seen).toEqual([1, 1, 1, 1, 1])
    expect(order).toEqual(['client 0', 'client 1', 'client 2', 'client 3', 'client 4'])
  })

  test('the next turn does not wait for a client that stays after its handler is done', async () => {
    const server = await serveInTurn(accept, (connection) => connection.write('bye'), {})
    const stays = await connectTo(server.port)
    expect(await reply(stays)).toBe('bye')
    const next = await connectTo(server.port)
    expect(await reply(next)).toBe('bye')
    stays.destroy()
    next.destroy()
    await server.close()
  })

  test('nor does it where the handler has ended the connection itself', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }) // so that nobody is cut for staying
    onTestFinished(() => void vi.useRealTimers())
    const server = await serveInTurn(
      accept,
      async (connection) => {
        await connection.write('bye')
        await connection.end()
      },
      {},
    )
    const stays = await connectTo(server.port)
    expect(await reply(stays)).toBe('bye')
    const next = await connectTo(server.port)
    expect(await reply(next)).toBe('bye')
    vi.useRealTimers()
    stays.destroy()
    next.destroy()
    await server.close()
  })

  test('a handler that throws costs its client only', async () => {
    const errors: unknown[] = []
    const server = await serveInTurn(
      accept,
      async (connection) => {
        const message = await connection.read()
        if (message?.length === 3) throw new RangeError('three')
        if (message) await connection.write(message)
      },
      { onError: (error) => errors.push(error) },
    )
    const unlucky = await connectTo(server.port)
    unlucky.write('bad')
    expect((await outcome(unlucky)).text).toBe('')
    expect(await converse(server.port, 'good')).toBe('good')
    await server.close()
    expect(errors).toEqual([new RangeError('three')])
    expect(await server.finished).toMatchObject({ connections: 2, handlerErrors: 1 })
  })

  test('stops listening with the last of totalConnections and finishes with it', async () => {
    const server = await serveInTurn(accept, echo(), { totalConnections: 3 })
    for (const text of ['1', '22']) expect(await converse(server.port, text)).toBe(text)
    const third = await connectTo(server.port)
    third.write('333')
    expect(await reply(third)).toBe('333')
    await untilRefused(server.port)
    third.end()
    expect(await server.finished).toEqual({ connections: 3, handlerErrors: 0, resets: 0, cut: 0 })
  })

  test('a handler can stop the server by the signal it was given, and finishes its own client', async () => {
    const controller = new AbortController()
    const server = await serveInTurn(
      accept,
      async (connection) => {
        for await (const message of connection) await connection.write(message)
        if (connection.bytesRead === 0) controller.abort()
        await connection.write('last words')
      },
      { signal: controller.signal },
    )
    expect(await converse(server.port, 'some')).toBe('somelast words')
    expect(await converse(server.port, '')).toBe('last words')
    expect((await server.finished).connections).toBe(2)
  })

  test('close() turns those away who wait; their handlers are never called', async () => {
    let handlers = 0
    const server = await serveInTurn(
      accept,
      async (connection) => {
        handlers += 1
        await connection.read()
      },
      {},
    )
    const clients = await Promise.all([connectTo(server.port), connectTo(server.port), connectTo(server.port)])
    await until(() => handlers === 1)
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
    const ends = clients.map(outcome)
    await server.close({ graceMs: 0 })
    for (const end of ends) expect(['FIN', 'ECONNRESET']).toContain((await end).end)
    await new Promise((resolve) => setImmediate(resolve))
    expect(handlers).toBe(1)
    const { accepted, closed } = server.info()
    expect(accepted).toBe(closed.drain)
  })
})

test.runIf(canTransferSockets())(
  'a client that was reset in the backlog is told to its handler as any reset',
  async () => {
    const failures: unknown[] = []
    const server = await serveIteratively(async (connection: Connection) => {
      const first = await connection.read()
      if (first) {
        await connection.read()
      }
      failures.push(connection.failure?.code)
    })
    const first = await connectTo(server.port)
    first.write('x')
    const second = await connectTo(server.port)
    second.resetAndDestroy()
    first.end()
    await outcome(first)
    await until(() => failures.length >= 1)
    expect(await converse(server.port, '')).toBe('')
    await server.close()
    expect(await server.finished).toMatchObject({ resets: 1, handlerErrors: 0 })
  },
)

test('refuses a number of connections that cannot be', async () => {
  for (const totalConnections of [0, -1, 1.5, NaN]) {
    await expect(serveIteratively(echo(), { totalConnections })).rejects.toThrow(
      new RangeError(`totalConnections must be a whole number from 1, got ${totalConnections}`),
    )
  }
})

test.runIf(canTransferSockets())(
  'an acceptor thread that dies ends the server with an error, after its clients',
  async () => {
    const crash = Promise.withResolvers<() => void>()
    process.once('worker', (worker) => {
      crash.resolve(() => {
        worker.emit('error', new Error('out of memory'))
        void worker.terminate()
      })
    })
    const server = await serveIteratively(echo())
    const client = await connectTo(server.port)
    client.write('x')
    await reply(client)
    ;(await crash.promise)()
    client.end('y')
    expect((await outcome(client)).text).toBe('y')
    await expect(server.finished).rejects.toMatchObject({
      code: 'failed',
      message: `listen on 127.0.0.1:${server.port}: out of memory`,
    })
    await expect(server.close()).rejects.toThrow('out of memory')
  },
)

test.runIf(canTransferSockets())(
  'an acceptor thread that dies before it listens: the server does not start',
  async () => {
    process.once('worker', (worker) => {
      worker.emit('error', new Error('no thread for you'))
      void worker.terminate()
    })
    await expect(serveIteratively(echo(), { port: 8888 })).rejects.toMatchObject({
      code: 'failed',
      message: 'listen on 127.0.0.1:8888: no thread for you',
    })
  },
)
