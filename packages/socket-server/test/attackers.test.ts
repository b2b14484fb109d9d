// Clients that mean harm, or behave as if: each against a server that has a bound for it, and beside a client that does not
// and must not notice.

import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import {
  type Connection,
  type DeadlineOptions,
  type Handler,
  type RunningServer,
  serveConcurrently,
  type ServerOptions,
} from '../src/index.ts'
import { echo } from '../src/echo.ts'
import type { Handlers } from '../src/handlers.ts'
import { stoppedClock } from './clock.ts'
import { connectTo, converse, outcome, reply, until } from './client.ts'

const fastEcho: Handlers = {
  data(link, bytes) {
    link.write(bytes)
  },
}

/** The same in both layers. */
const layers: [string, (options: Pick<ServerOptions, 'deadlines'>) => Promise<RunningServer>][] = [
  ['the fast layer', (options) => serveConcurrently(fastEcho, options)],
  ['an async handler', (options) => serveConcurrently(echo(), options)],
]

describe.each(layers)('%s', (_, serve) => {
  const withDeadlines = (deadlines: DeadlineOptions): Promise<RunningServer> => serve({ deadlines })

  test('slowloris, a byte now and then, is never idle, and is cut at the total deadline', async () => {
    await using server = await withDeadlines({ idleMs: 1000, totalMs: 5000 })
    using clock = stoppedClock()
    const attacker = await connectTo(server.port)
    for (let bytes = 0; bytes < 7; bytes++) {
      attacker.write('x')
      expect(await reply(attacker)).toBe('x')
      await clock.pass(700)
    }
    await clock.pass(99)
    expect(server.info()).toMatchObject({ open: 1, bytesRead: 7 })
    const over = outcome(attacker)
    await clock.pass(1)
    await over
    await until(() => server.info().closed.deadline === 1)
    expect(server.info().closed.idle).toBe(0)
  })

  test('one that never says a word is cut, one that has spoken is not', async () => {
    await using server = await withDeadlines({ firstByteMs: 150 })
    using clock = stoppedClock()
    const talker = await connectTo(server.port)
    talker.write('x')
    expect(await reply(talker)).toBe('x')
    const silent = await connectTo(server.port)
    await until(() => server.info().open === 2)
    await clock.pass(149)
    expect(server.info().open).toBe(2)
    const over = outcome(silent)
    await clock.pass(1)
    expect((await over).text).toBe('')
    await until(() => server.info().closed.deadline === 1)
    expect(server.info().open).toBe(1)
    talker.write('still here')
    expect(await reply(talker)).toBe('still here')
    talker.end()
    await outcome(talker)
  })

  test('one that falls silent is cut, and activity of either side is none', async () => {
    await using server = await withDeadlines({ idleMs: 800 })
    using clock = stoppedClock()
    const client = await connectTo(server.port)
    for (let count = 0; count < 20; count++) {
      client.write('x')
      await reply(client)
      await clock.pass(799)
    }
    expect(server.info()).toMatchObject({ open: 1, closed: { idle: 0 } })
    const over = outcome(client)
    await clock.pass(1)
    await over
    await until(() => server.info().closed.idle === 1)
  })

  test('one that spoke in time is not cut because the server was held up', async () => {
    await using server = await withDeadlines({ idleMs: 800, firstByteMs: 800 })
    using clock = stoppedClock()
    const client = await connectTo(server.port)
    await until(() => server.info().open === 1)
    // From here the loop asks the kernel before it calls an immediate back, as it does behind a real timer.
    await new Promise((resolve) => setImmediate(resolve))
    // One turn of the loop that takes a minute: the timer is due, and what has come is not read yet.
    const answered = reply(client)
    client.write('x')
    await clock.pass(60_000)
    expect(await answered).toBe('x')
    expect(server.info()).toMatchObject({ open: 1, closed: { idle: 0, deadline: 0 } })
    client.destroy()
  })

  test('one that does not take its replies is cut, and is read no more until then', async () => {
    await using server = await withDeadlines({ writeMs: 300 })
    const attacker = await connectTo(server.port)
    attacker.pause()
    const started = performance.now()
    attacker.write(new Uint8Array(64 * 1024 * 1024))
    let most = 0
    await until(() => {
      const { bytesRead } = server.info()
      most = Math.max(most, bytesRead)
      return server.info().closed['slow-reader'] === 1
    })
    // What was read and not taken back lies in the kernel's buffers, and a little of it here.
    expect(most).toBeLessThan(32 * 1024 * 1024)
    expect(performance.now() - started).toBeGreaterThanOrEqual(290)
    attacker.destroy()
  })

  test('a reset in the middle costs nobody else anything', async () => {
    await using server = await withDeadlines({})
    const witness = await connectTo(server.port)
    for (let count = 0; count < 20; count++) {
      const attacker = await connectTo(server.port)
      attacker.write(new Uint8Array(1024 * 1024))
      await once(attacker, 'data')
      attacker.resetAndDestroy()
    }
    witness.end('still here')
    expect((await outcome(witness)).text).toBe('still here')
    await until(() => server.info().open === 0)
    expect(server.info().closed).toMatchObject({ reset: 20, eof: 1, 'handler-error': 0 })
  })

  test('one that finishes before it reads gets everything', async () => {
    await using server = await withDeadlines({})
    const text = 'x'.repeat(1_000_000)
    expect(await converse(server.port, text)).toBe(text)
    await until(() => server.info().open === 0)
    expect(server.info()).toMatchObject({ bytesRead: 1_000_000, bytesWritten: 1_000_000, closed: { eof: 1 } })
  })
})

test('while a handler works, the silence of its client does not count', async () => {
  const working = Promise.withResolvers<void>()
  const worked = Promise.withResolvers<void>()
  const handler: Handler = async (connection) => {
    await connection.read()
    working.resolve()
    await worked.promise
    await connection.write('done')
    await connection.read()
  }
  await using server = await serveConcurrently(handler, { deadlines: { idleMs: 100, firstByteMs: 100 } })
  using clock = stoppedClock()
  const client = await connectTo(server.port)
  client.write('x')
  await working.promise
  for (let count = 0; count < 5; count++) await clock.pass(90)
  worked.resolve()
  expect(await reply(client)).toBe('done')
  await clock.pass(99)
  expect(server.info().closed.idle).toBe(0)
  const over = outcome(client)
  await clock.pass(1)
  await over
  await until(() => server.info().closed.idle === 1)
})

test('a handler sets a deadline of its own, takes it away, and learns why it was cut', async () => {
  const failures: unknown[] = []
  const handler = async (connection: Connection): Promise<void> => {
    connection.setDeadline(100)
    await connection.read()
    connection.setDeadline(Infinity)
    await connection.write('in time')
    await connection.read()
    connection.setDeadline(100)
    await connection.write('again')
    await connection.read().catch((error: unknown) => failures.push(error))
  }
  await using server = await serveConcurrently(handler)
  using clock = stoppedClock()
  const client = await connectTo(server.port)
  await until(() => server.info().open === 1)
  await clock.pass(99)
  client.write('x')
  expect(await reply(client)).toBe('in time')
  await clock.pass(1000)
  client.write('y')
  expect(await reply(client)).toBe('again')
  const over = outcome(client)
  await clock.pass(100)
  await over
  await until(() => failures.length === 1)
  expect(failures).toMatchObject([
    { code: 'connection-closed', message: expect.stringMatching(/\(deadline\)$/) as string },
  ])
  await until(() => server.info().closed.deadline === 1)
})

test('refuses a deadline that is none', async () => {
  await expect(serveConcurrently(echo(), { deadlines: { idleMs: 0 } })).rejects.toThrow(
    new RangeError('idleMs must be above 0, in milliseconds, got 0'),
  )
})
