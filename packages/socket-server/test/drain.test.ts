// The end of a server with a thousand clients who are all in the middle of something.

import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { runNode } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { echo } from '../src/echo.ts'
import { drainOnSignals, serveConcurrently, serveIteratively } from '../src/index.ts'
import { connectTo, outcome, reply, until } from './client.ts'

const script = fileURLToPath(new URL('fixtures/echo-server.ts', import.meta.url))

test.each(['fast', 'async'])('%s layer: 1,000 messages under way at SIGTERM, and not a byte is lost', async (layer) => {
  await using server = runNode(script, ['{}', layer])
  const [, port] = await server.line(/"port":(\d+)/)
  const clients: Socket[] = []
  for (let i = 0; i < 1000; i++) clients.push(await connectTo(Number(port)))
  const conversations = clients.map(async (client, i) => {
    client.write(`hello ${i}`)
    return [await reply(client), `hello ${i}`] as const
  })
  for (const [got, sent] of await Promise.all(conversations)) expect(got).toBe(sent)
  const over = clients.map(outcome)
  // The kernel has all of them before the server has its signal.
  await Promise.all(clients.map((client, i) => new Promise((sent) => client.write(`last words ${i}`, sent))))
  server.process.kill('SIGTERM')
  const ends = await Promise.all(over)
  expect(ends).toEqual(clients.map((_, i) => ({ text: `last words ${i}`, end: 'FIN' })))
  expect(await server.exited).toBe(0)
  const info: unknown = JSON.parse((await server.line(/"state"/)).input)
  expect(info).toMatchObject({ state: 'closed', accepted: 1000, open: 0, cut: 0, closed: { drain: 1000 } })
})

test('those who wait in the backlog are served before it closes', async () => {
  for (const serve of [
    () => serveConcurrently(echo(), { limits: { connections: 1 } }),
    () => serveIteratively(echo()),
    () => serveConcurrently(echo()),
  ]) {
    const server = await serve()
    const clients: Socket[] = []
    for (let i = 0; i < 20; i++) clients.push(await connectTo(server.port))
    for (const [i, client] of clients.entries()) client.write(`client ${i}`)
    const over = clients.map(outcome)
    await server.close()
    expect(await Promise.all(over)).toEqual(clients.map((_, i) => ({ text: `client ${i}`, end: 'FIN' })))
    expect(server.info()).toMatchObject({ accepted: 20, closed: { drain: 20 } })
  }
})

test('idle clients get their FIN at once, one that is not done has the grace', async () => {
  const release = Promise.withResolvers<void>()
  const server = await serveConcurrently(async (connection) => {
    for await (const message of connection) {
      if (String(message) === 'work') await release.promise
      await connection.write(message)
    }
  })
  const idle = await connectTo(server.port)
  idle.write('hello')
  expect(await reply(idle)).toBe('hello')
  const working = await connectTo(server.port)
  working.write('work')
  await until(() => server.info().bytesRead === 9)
  const closed = server.close({ graceMs: Infinity })
  expect(await outcome(idle)).toEqual({ text: '', end: 'FIN' })
  expect(server.info()).toMatchObject({ state: 'draining' })
  release.resolve()
  expect(await outcome(working)).toEqual({ text: 'work', end: 'FIN' })
  await closed
})

test('a client that goes on and on is ended at the deadline', async () => {
  const server = await serveConcurrently(echo())
  const client = await connectTo(server.port)
  client.on('data', () => client.write('again'))
  client.write('again')
  await until(() => server.info().bytesRead > 100)
  const started = performance.now()
  await server.close({ graceMs: 150 })
  expect(performance.now() - started).toBeGreaterThanOrEqual(149)
  expect(await server.finished).toMatchObject({ cut: 1 })
  expect(server.info().closed.drain).toBe(1)
})

test('drainOnSignals refuses a grace of nonsense while somebody can be told', async () => {
  await using server = await serveConcurrently(echo())
  const before = process.listenerCount('SIGTERM')
  expect(() => drainOnSignals(server, { graceMs: NaN })).toThrow(RangeError)
  expect(process.listenerCount('SIGTERM')).toBe(before)
})

test('drainOnSignals: the first signal drains, the second ends what is left; then both are given back', async () => {
  const before = process.listenerCount('SIGUSR2')
  const server = await serveConcurrently(echo())
  drainOnSignals(server, { signals: ['SIGUSR2'], graceMs: 60_000, delayMs: 20 })
  expect(process.listenerCount('SIGUSR2')).toBe(before + 1)
  const client = await connectTo(server.port)
  client.on('data', () => client.write('again'))
  client.write('again')
  await until(() => server.info().bytesRead > 100)
  process.kill(process.pid, 'SIGUSR2')
  await until(() => server.info().state === 'draining')
  expect(server.info().open).toBe(1)
  process.kill(process.pid, 'SIGUSR2')
  expect((await server.finished).cut).toBe(1)
  await until(() => process.listenerCount('SIGUSR2') === before)

  const other = await serveConcurrently(echo())
  drainOnSignals([other], { signals: ['SIGUSR2'] })[Symbol.dispose]()
  expect(process.listenerCount('SIGUSR2')).toBe(before)
  await other.close()
  expect(() => drainOnSignals(other, { delayMs: -1 })).toThrow(
    new RangeError('delayMs must be 0 to 2147483647, got -1'),
  )
})
