import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import { connectTo, outcome, reply, until } from '../test/client.ts'
import type { Connection } from './connection.ts'
import { serveConcurrently } from './strategies/concurrent.ts'

describe('what becomes of a client when its handler', () => {
  test('returns: all that was written arrives, awaited or not, then the FIN', async () => {
    await using server = await serveConcurrently((connection) => {
      void connection.write(new Uint8Array(4 * 1024 * 1024).fill(0x61))
      void connection.write('z')
    })
    const client = await connectTo(server.port)
    const { text, end } = await outcome(client)
    expect(end).toBe('FIN')
    expect(text.length).toBe(4 * 1024 * 1024 + 1)
    expect(text.at(-1)).toBe('z')
  })

  test('throws: the connection is destroyed, the fault reported and published, the others served', async () => {
    const reported: [unknown, Connection][] = []
    const published: unknown[] = []
    const listen = (message: unknown): void => void published.push(message)
    subscribe('plainwire:socket-server:handler-error', listen)
    const server = await serveConcurrently(
      async (connection) => {
        const message = await connection.read()
        if (message?.[0] === 0x21) throw new RangeError('no shouting')
        await connection.write('fine')
      },
      { onError: (error, connection) => reported.push([error, connection]) },
    )
    const good = await connectTo(server.port)
    const bad = await connectTo(server.port)
    const { localPort } = bad
    bad.write('!')
    expect((await outcome(bad)).text).toBe('')
    good.write('.')
    expect(await reply(good)).toBe('fine')
    good.end()
    await server.close()
    unsubscribe('plainwire:socket-server:handler-error', listen)
    expect(reported).toEqual([[new RangeError('no shouting'), expect.anything()]])
    expect(reported[0]?.[1].remote.port).toBe(localPort)
    expect(published).toEqual([{ error: new RangeError('no shouting'), connection: reported[0]?.[1] }])
    expect(await server.finished).toEqual({ connections: 2, handlerErrors: 1, resets: 0, cut: 0 })
  })

  test('throws: what it wrote and the client has not taken is dropped', async () => {
    const server = await serveConcurrently(async (connection) => {
      void connection.write(new Uint8Array(64 * 1024 * 1024))
      await Promise.reject(new Error('half-way'))
    })
    const { text } = await outcome(await connectTo(server.port))
    expect(text.length).toBeLessThan(64 * 1024 * 1024)
    await server.close()
  })

  test('throws with nobody to tell: the fault is counted', async () => {
    const server = await serveConcurrently(() => Promise.reject(new Error('quietly')))
    await outcome(await connectTo(server.port))
    await server.close()
    expect((await server.finished).handlerErrors).toBe(1)
  })

  test('is not reached, since onConnection throws: as if the handler had thrown', async () => {
    let handled = false
    const server = await serveConcurrently(
      () => {
        handled = true
      },
      {
        onConnection() {
          throw new Error('not you')
        },
      },
    )
    await outcome(await connectTo(server.port))
    await server.close()
    expect((await server.finished).handlerErrors).toBe(1)
    expect(handled).toBe(false)
  })

  test('lets a reset pass, or swallows it: counted as a reset, reported to nobody', async () => {
    const errors: unknown[] = []
    let swallow = false
    const server = await serveConcurrently(
      async (connection) => {
        await connection.write('ready')
        const reading = connection.read()
        await (swallow ? reading.catch(() => {}) : reading)
      },
      { onError: (error) => errors.push(error) },
    )
    for (swallow of [false, true]) {
      const client = await connectTo(server.port)
      expect(await reply(client)).toBe('ready')
      client.resetAndDestroy()
    }
    await server.close()
    expect(await server.finished).toEqual({ connections: 2, handlerErrors: 0, resets: 2, cut: 0 })
    expect(errors).toEqual([])
  })

  test('destroys its connection: as it wished', async () => {
    const errors: unknown[] = []
    const server = await serveConcurrently(
      async (connection) => {
        connection.destroy()
        await connection.read()
      },
      { onError: (error) => errors.push(error) },
    )
    await outcome(await connectTo(server.port))
    await server.close()
    expect(await server.finished).toEqual({ connections: 1, handlerErrors: 0, resets: 0, cut: 0 })
    expect(errors).toEqual([])
  })

  test('waits for something that never comes: close() does not wait with it', async () => {
    const server = await serveConcurrently(async (connection) => {
      await connection.write('ready')
      await new Promise(() => {})
    })
    const client = await connectTo(server.port)
    expect(await reply(client)).toBe('ready')
    await server.close({ graceMs: 10 })
    expect((await server.finished).cut).toBe(1)
  })
})

test('handlers of a concurrent server take turns: each client is answered while all are open', async () => {
  let active = 0
  let most = 0
  await using server = await serveConcurrently(
    async (connection) => {
      active += 1
      most = Math.max(most, active)
      for await (const message of connection) await connection.write(message)
      active -= 1
    },
    { onConnection: (connection) => expect(connection.remote.host).toBe('127.0.0.1') },
  )
  const clients = [await connectTo(server.port), await connectTo(server.port), await connectTo(server.port)]
  for (const client of clients) {
    client.write('hello')
    expect(await reply(client)).toBe('hello')
  }
  expect(most).toBe(3)
  for (const client of clients) client.end()
})

test('a write that waits when the connection is ended is over when all was taken', async () => {
  const over = Promise.withResolvers<string>()
  await using server = await serveConcurrently(async (connection) => {
    await connection.read()
    await Promise.all([connection.write(new Uint8Array(8 * 1024 * 1024)), connection.end()])
    over.resolve('over')
    await connection.closed
  })
  const client = await connectTo(server.port)
  client.write('x')
  client.resume()
  expect(await over.promise).toBe('over')
  client.end()
})

test('end() of a connection that has finished is no fault', async () => {
  const faults: unknown[] = []
  const handled = Promise.withResolvers<void>()
  await using server = await serveConcurrently(
    async (connection) => {
      await connection.close()
      await connection.end()
      handled.resolve()
    },
    { onError: (error) => faults.push(error) },
  )
  const client = await connectTo(server.port)
  await outcome(client)
  await handled.promise
  expect(faults).toEqual([])
})

test('an onError that throws itself does not keep the client’s place', async () => {
  const seen = Promise.withResolvers<unknown>()
  process.once('unhandledRejection', seen.resolve)
  const others = process.listeners('unhandledRejection').filter((listener) => listener !== seen.resolve)
  for (const other of others) process.off('unhandledRejection', other)
  const server = await serveConcurrently(
    async () => {
      throw new Error('first')
    },
    {
      onError() {
        throw new Error('second')
      },
    },
  )
  const client = await connectTo(server.port)
  await outcome(client)
  expect(await seen.promise).toMatchObject({ message: 'second' })
  for (const other of others) process.on('unhandledRejection', other)
  await until(() => server.info().open === 0)
  expect(server.info().closed['handler-error']).toBe(1)
  await server.close()
})
