// What all serving strategies have in common, each test run with each of them.

import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { connectError, connectTo, converse, outcome, reply, until, untilRefused } from '../../test/client.ts'
import { echo } from '../echo.ts'
import { acceptHere } from '../listener.ts'
import type { RunningServer, ServerOptions } from '../server.ts'
import { canTransferSockets } from '../socket-transfer.ts'
import { bindOnly } from './bind-only.ts'
import { serveConcurrently } from './concurrent.ts'
import { serveInTurn, serveIteratively } from './iterative.ts'
import { serveOnce } from './once.ts'
import { serveThreadPerClient } from './thread-per-client.ts'

type Common = Omit<ServerOptions<never>, 'onConnection' | 'onError'>

const echoModule = new URL('../echo.ts', import.meta.url)
const strategies: Record<string, (options?: Common) => Promise<RunningServer>> = {
  serveOnce: (options) => serveOnce(echo(), options),
  serveIteratively: (options) => serveIteratively(echo(), options),
  'serveIteratively below Node 26.6': (options) => serveInTurn(acceptHere, echo(), options ?? {}),
  serveConcurrently: (options) => serveConcurrently(echo(), options),
  ...(canTransferSockets() && {
    serveThreadPerClient: (options?: Common) => serveThreadPerClient(echoModule, options),
  }),
}

const running: RunningServer[] = []
async function start(serve: (options?: Common) => Promise<RunningServer>, options?: Common): Promise<RunningServer> {
  const server = await serve(options)
  running.push(server)
  return server
}
afterEach(() => Promise.all(running.splice(0).map((server) => server.close({ graceMs: 0 }))))

/** A client that sends more than it takes back: its echo never ends by itself. */
async function slowReader(port: number): Promise<Socket> {
  const client = await connectTo(port)
  client.write('x')
  await reply(client)
  client.pause()
  client.write(new Uint8Array(64 * 1024 * 1024))
  return client
}

describe.each(Object.entries(strategies))('%s', (_, serve) => {
  test('serves a client that finishes before it reads, and counts it', async () => {
    const server = await start(serve)
    expect(server.host).toBe('127.0.0.1')
    expect(server.backlog).toBe(511)
    expect(await converse(server.port, 'half-closed')).toBe('half-closed')
    await server.close()
    expect(await server.finished).toEqual({ connections: 1, handlerErrors: 0, resets: 0, cut: 0 })
  })

  test('close() answers what is under way and ends the conversation', async () => {
    const server = await start(serve)
    const client = await connectTo(server.port)
    client.write('before')
    expect(await reply(client)).toBe('before')
    client.write('under way')
    const closed = server.close({ graceMs: Infinity })
    expect(await outcome(client)).toEqual({ text: 'under way', end: 'FIN' })
    await closed
    expect(await connectError(server.port)).toBe('ECONNREFUSED')
    expect(await server.finished).toMatchObject({ cut: 0, handlerErrors: 0 })
  })

  test('close() turns new clients away, long before the last one is served', async () => {
    const server = await start(serve)
    await slowReader(server.port)
    const closed = server.close({ graceMs: Infinity })
    await untilRefused(server.port)
    await until(() => server.info().open === 1) // those who came in the meantime have gone
    expect(server.info().state).toBe('draining')
    await server.close({ graceMs: 0 })
    await closed
  })

  test('close() destroys what is left after the grace', async () => {
    const server = await start(serve)
    const client = await slowReader(server.port)
    const over = outcome(client)
    await server.close({ graceMs: 20 })
    client.resume()
    expect(await server.finished).toMatchObject({ connections: 1, cut: 1, handlerErrors: 0 })
    expect(['FIN', 'ECONNRESET']).toContain((await over).end)
  })

  test('close() ends the grace when its signal aborts, before it or during it', async () => {
    const early = await start(serve)
    await slowReader(early.port)
    await early.close({ graceMs: Infinity, signal: AbortSignal.abort() })
    expect((await early.finished).cut).toBe(1)

    const late = await start(serve)
    await slowReader(late.port)
    const grace = new AbortController()
    const closed = late.close({ graceMs: Infinity, signal: grace.signal })
    grace.abort()
    await closed
    expect((await late.finished).cut).toBe(1)
  })

  test('a second close() shortens the grace of the first; a grace of nonsense is refused', async () => {
    const server = await start(serve)
    await expect(server.close({ graceMs: -1 })).rejects.toThrow(
      new RangeError('graceMs must be 0 to 2147483647 or Infinity, got -1'),
    )
    await expect(server.close({ graceMs: 2 ** 31 })).rejects.toThrow(RangeError)
    await slowReader(server.port)
    const first = server.close({ graceMs: Infinity })
    await server.close({ graceMs: 0 })
    await first
  })

  test('aborting the signal drains as close() does', async () => {
    const controller = new AbortController()
    const server = await start(serve, { signal: controller.signal })
    const client = await connectTo(server.port)
    client.write('x')
    await reply(client)
    client.write('y')
    controller.abort()
    expect(await outcome(client)).toEqual({ text: 'y', end: 'FIN' })
    expect(await server.finished).toMatchObject({ connections: 1, cut: 0 })
  })

  test('a signal that aborts before the server runs is thrown as it is, and nothing listens', async () => {
    const probe = await start(serve)
    await probe.close()
    const reason = { not: 'an error' }
    const { port } = probe
    await expect(serve({ port, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const starting = serve({ port, signal: controller.signal })
    controller.abort(reason)
    await expect(starting).rejects.toBe(reason)
    await untilRefused(port)
  })

  test('a port in use is a NetworkError that names it', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    await expect(serve({ port })).rejects.toMatchObject({
      name: 'NetworkError',
      code: 'address-in-use',
      message: `listen on 127.0.0.1:${port}: address already in use (EADDRINUSE)`,
      cause: { code: 'EADDRINUSE' },
    })
    other.close()
  })

  test('refuses a place where nobody can listen', async () => {
    await expect(serve({ port: 70000 })).rejects.toThrow(new RangeError('port must be 0 to 65535, got 70000'))
    await expect(serve({ backlog: 0 })).rejects.toThrow(new RangeError('backlog must be 1 to 2147483647, got 0'))
    await expect(serve({ host: '' })).rejects.toThrow(new TypeError('host must be a name or an address, got ""'))
  })

  test('is over with its scope', async () => {
    let port
    {
      await using server = await serve()
      port = server.port
    }
    expect(await connectError(port)).toBe('ECONNREFUSED')
  })
})

test.each([serveOnce, serveIteratively, serveConcurrently])('%o refuses a handler that is none', async (serve) => {
  await expect(serve('./echo.js' as never)).rejects.toThrow(
    new TypeError('handler must be a function, got "./echo.js"'),
  )
})

test('a name is looked up, and the server tells the address', async () => {
  await using server = await serveConcurrently(echo(), { host: 'localhost' })
  expect(['127.0.0.1', '::1']).toContain(server.host)
  await using bound = await bindOnly({ host: 'localhost' })
  expect(['127.0.0.1', '::1']).toContain(bound.host)
})
