// Who may come in, how many, and what becomes of the others.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { BlockList, connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { echo } from '../src/echo.ts'
import {
  type Connection,
  type ConnectionRefused,
  type RunningServer,
  serveConcurrently,
  serveIteratively,
  type ServerOptions,
} from '../src/index.ts'
import { canTransferSockets } from '../src/socket-transfer.ts'
import { stoppedClock } from './clock.ts'
import { connectTo, outcome, reply, until } from './client.ts'

async function connectFrom(localAddress: string, port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress, allowHalfOpen: true })
  await once(socket, 'connect')
  return socket.on('error', () => {})
}

async function isServed(client: Socket): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  client.once('data', () => resolve(true))
  for (const end of ['end', 'error', 'close']) client.once(end, () => resolve(false))
  if (client.destroyed || client.readableEnded) return false
  client.write('x')
  return promise
}

test('connections: the others wait, connected, and are served in turn; never more than the limit', async () => {
  let active = 0
  let most = 0
  const server = await serveConcurrently(
    async (connection) => {
      most = Math.max(most, ++active)
      for await (const message of connection) await connection.write(message)
      active -= 1
    },
    { limits: { connections: 3 } },
  )
  const clients = await Promise.all(Array.from({ length: 12 }, () => connectTo(server.port)))
  const all = clients.map(async (client) => {
    client.end('x')
    return outcome(client)
  })
  expect(await Promise.all(all)).toEqual(clients.map(() => ({ text: 'x', end: 'FIN' })))
  await server.close()
  expect(most).toBeLessThanOrEqual(3)
  expect(server.info()).toMatchObject({ accepted: 12, peak: 3, closed: { eof: 12 } })
})

test.runIf(canTransferSockets())('connections: those who wait are not even accepted', async () => {
  await using server = await serveConcurrently(echo(), { limits: { connections: 2 } })
  const served = [await connectTo(server.port), await connectTo(server.port)]
  expect(await Promise.all(served.map(isServed))).toEqual([true, true])
  const waiting = await connectTo(server.port)
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(server.info()).toMatchObject({ accepted: 2, waiting: 0, open: 2 })
  for (const client of [...served, waiting]) client.destroy()
})

test('connections, refuse: the others are closed, with an event that says so', async () => {
  const refused: ConnectionRefused[] = []
  const note = (message: unknown): void => void refused.push(message as ConnectionRefused)
  subscribe('plainwire:socket-server:connection:refused', note)
  onTestFinished(() => void unsubscribe('plainwire:socket-server:connection:refused', note))
  await using server = await serveConcurrently(echo(), { limits: { connections: 1, overflow: 'refuse' } })
  const first = await connectTo(server.port)
  expect(await isServed(first)).toBe(true)
  const second = await connectTo(server.port)
  const { localPort } = second
  expect((await outcome(second)).text).toBe('')
  expect(refused).toMatchObject([{ reason: 'limit', remote: { host: '127.0.0.1', port: localPort } }])
  first.end()
  await outcome(first)
  await until(() => server.info().open === 0)
  const third = await connectTo(server.port)
  expect(await isServed(third)).toBe(true)
  expect(server.info().closed.limit).toBe(1)
  third.destroy()
})

test('perAddress: one address takes its share and no more, and others do not notice', async () => {
  await using server = await serveConcurrently(echo(), { limits: { perAddress: 5 } })
  const greedy = await Promise.all(Array.from({ length: 20 }, () => connectFrom('127.0.0.9', server.port)))
  const served = await Promise.all(greedy.map(isServed))
  expect(served.filter(Boolean)).toHaveLength(5)
  const other = await connectFrom('127.0.0.8', server.port)
  expect(await isServed(other)).toBe(true)
  for (const client of greedy) client.destroy()
  await until(() => server.info().open === 1)
  // A place that was given back is there for the next.
  const next = await connectFrom('127.0.0.9', server.port)
  expect(await isServed(next)).toBe(true)
  expect(server.info().closed.limit).toBe(15)
  for (const client of [other, next]) client.destroy()
})

test('perAddress, one at a time: the next turn does not wait for a client that stays after its handler is done', async () => {
  const bye = (connection: Connection): Promise<void> => connection.write('bye')
  const server = await serveIteratively(bye, { limits: { perAddress: 5 } })
  const stays = await connectTo(server.port)
  expect(await reply(stays)).toBe('bye')
  const next = await connectTo(server.port)
  expect(await reply(next)).toBe('bye')
  for (const client of [stays, next]) client.destroy()
  await server.close()
})

test('perAddress and connections: who waits is served when another has gone', async () => {
  await using server = await serveConcurrently(echo(), { limits: { connections: 1, perAddress: 5 } })
  const first = await connectTo(server.port)
  expect(await isServed(first)).toBe(true)
  const second = await connectTo(server.port)
  first.end()
  expect(await isServed(second)).toBe(true)
  second.destroy()
})

test('perSecond: a burst as large as that, then no more until its time has passed', async () => {
  await using server = await serveConcurrently(echo(), { limits: { perSecond: 4 } })
  using clock = stoppedClock()
  const served = async (count: number): Promise<number> => {
    const clients = await Promise.all(Array.from({ length: count }, () => connectTo(server.port)))
    const served = (await Promise.all(clients.map(isServed))).filter(Boolean).length
    for (const client of clients) client.destroy()
    return served
  }
  expect(await served(12)).toBe(4)
  expect(server.info().closed.limit).toBe(8)
  await clock.pass(500)
  expect(await served(12)).toBe(2)
  await clock.pass(60_000)
  expect(await served(12)).toBe(4)
})

test('allow and deny: by address and by network, deny last', async () => {
  const blocked = new BlockList()
  blocked.addAddress('127.0.0.3')
  const cases: [ServerOptions, Record<string, boolean>][] = [
    [{ limits: { allow: ['127.0.0.2/31'] } }, { '127.0.0.2': true, '127.0.0.3': true, '127.0.0.4': false }],
    [{ limits: { allow: ['127.0.0.0/8'], deny: blocked } }, { '127.0.0.2': true, '127.0.0.3': false }],
    [{ limits: { deny: ['::1', '127.0.0.2'] } }, { '127.0.0.2': false, '127.0.0.3': true }],
  ]
  for (const [options, expected] of cases) {
    await using server: RunningServer = await serveConcurrently(echo(), options)
    const clients: Socket[] = []
    for (const [address, admitted] of Object.entries(expected)) {
      const client = await connectFrom(address, server.port)
      clients.push(client)
      expect(await isServed(client), address).toBe(admitted)
    }
    expect(server.info().closed.denied).toBe(Object.values(expected).filter((admitted) => !admitted).length)
    for (const client of clients) client.destroy()
  }
})

test('refuses limits that are none', async () => {
  const start = (limits: object): Promise<RunningServer> => serveConcurrently(echo(), { limits })
  await expect(start({ connections: 0 })).rejects.toThrow(RangeError)
  await expect(start({ perAddress: 1.5 })).rejects.toThrow(RangeError)
  await expect(start({ perSecond: 0 })).rejects.toThrow(RangeError)
  await expect(start({ overflow: 'drop' })).rejects.toThrow(
    new TypeError('overflow must be wait or refuse, got "drop"'),
  )
  await expect(start({ deny: ['10.0.0.0/33'] })).rejects.toThrow(
    new TypeError('deny must hold addresses and networks, such as 10.0.0.0/8, got "10.0.0.0/33"'),
  )
})

test('suspend() leaves new clients waiting, resume() serves them; those being served go on', async () => {
  await using server = await serveConcurrently(echo())
  const before = await connectTo(server.port)
  expect(await isServed(before)).toBe(true)
  server.suspend()
  expect(server.info().state).toBe('suspended')
  const during = await connectTo(server.port)
  during.write('waiting')
  expect(await isServed(before)).toBe(true)
  expect(server.info()).toMatchObject({ open: 1 })
  if (canTransferSockets()) expect(server.info().accepted).toBe(1)
  server.resume()
  expect(await reply(during)).toBe('waiting')
  expect(server.info()).toMatchObject({ state: 'listening', open: 2 })
  for (const client of [before, during]) client.end()
})

test('a server that is closed while it is suspended serves those who wait', async () => {
  const server = await serveConcurrently(echo())
  server.suspend()
  const client = await connectTo(server.port)
  client.write('waiting')
  const over = outcome(client)
  await server.close()
  expect(await over).toEqual({ text: 'waiting', end: 'FIN' })
})
