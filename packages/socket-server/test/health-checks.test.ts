// Proxies that only look whether somebody is there: no connections, whichever strategy serves.

import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { ServerOptions } from '../src/index.ts'
import { type RunningServer, serveConcurrently, serveThreadPerClient, serveWorkerPool } from '../src/index.ts'
import { echo } from '../src/echo.ts'
import { canTransferSockets } from '../src/socket-transfer.ts'
import { ask, connectTo, outcome, until } from './client.ts'

type Common = Omit<ServerOptions<unknown>, 'onError'>

const echoModule = new URL('../src/echo.ts', import.meta.url)
const strategies: Record<string, (options: Common) => Promise<RunningServer>> = {
  serveConcurrently: (options) => serveConcurrently(echo(), options),
  ...(canTransferSockets() && {
    serveWorkerPool: (options: Common) => serveWorkerPool(echoModule, { workers: 1, ...options }),
    serveThreadPerClient: (options: Common) => serveThreadPerClient(echoModule, options),
  }),
}

const trusting = { proxyProtocol: { trust: ['127.0.0.0/8'] } }
const header = 'PROXY TCP4 192.0.2.7 198.51.100.2 4660 443\r\n'
/** Version 2: the proxy speaks for itself. */
const local = Buffer.concat([Buffer.from('\r\n\r\n\0\r\nQUIT\n'), Buffer.from([0x20, 0x00, 0x00, 0x00])])

const running: RunningServer[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.close({ graceMs: 0 }))))

async function start(server: Promise<RunningServer>): Promise<RunningServer> {
  running.push(await server)
  return server
}

async function checkHealth(port: number, words: Uint8Array, end: 'FIN' | 'RST' = 'FIN'): Promise<void> {
  const proxy = await connectTo(port)
  if (words.length > 0) proxy.write(words)
  if (end === 'RST') proxy.resetAndDestroy()
  else proxy.end()
  await new Promise((resolve) => proxy.on('close', resolve).resume())
}

async function namedClient(port: number): Promise<Socket> {
  const client = await connectTo(port)
  client.write(header)
  return client
}

describe.each(Object.entries(strategies))('%s', (_, serve) => {
  test('counts a health check as none of its connections', async () => {
    const told: unknown[] = []
    const server = await start(serve({ ...trusting, onConnection: (client) => told.push(client) }))
    await checkHealth(server.port, local)
    await checkHealth(server.port, local, 'RST')
    await checkHealth(server.port, new Uint8Array())
    await checkHealth(server.port, new Uint8Array(), 'RST')
    await until(() => server.info().healthChecks === 4)
    expect(server.info()).toMatchObject({ accepted: 0, open: 0, waiting: 0, peak: 0 })
    expect(told).toEqual([])
    const client = await namedClient(server.port)
    expect(await ask(client, 'hello')).toBe('hello')
    await until(() => server.info().open === 1)
    expect(told).toHaveLength(1)
    client.end()
    await outcome(client)
    await server.close()
    expect(await server.finished).toEqual({ connections: 1, handlerErrors: 0, resets: 0, cut: 0 })
    expect(server.info()).toMatchObject({ accepted: 1, closed: { eof: 1 }, healthChecks: 4, bytesRead: 5 })
  })

  test('lets a connection wait whose proxy has not said whose it is', async () => {
    const server = await start(serve({ ...trusting, deadlines: { handshakeMs: 5000 } }))
    const client = await connectTo(server.port)
    client.write(header.slice(0, 9))
    await until(() => server.info().waiting === 1)
    expect(server.info()).toMatchObject({ accepted: 0, open: 0 })
    client.write(header.slice(9))
    expect(await ask(client, 'hello')).toBe('hello')
    await until(() => server.info().open === 1)
    expect(server.info()).toMatchObject({ accepted: 1, waiting: 0 })
    // It is drained like the others.
    const over = outcome(client)
    const closed = server.close({ graceMs: Infinity })
    expect((await over).end).toBe('FIN')
    await closed
  })

  test('refuses what a trusted proxy sends without a header, and what has none when the grace is over', async () => {
    const server = await start(serve(trusting))
    const client = await connectTo(server.port)
    client.write('GET / HTTP/1.1\r\n')
    await outcome(client)
    await until(() => server.info().accepted === 1 && server.info().waiting === 0)
    expect(server.info()).toMatchObject({ open: 0, peak: 0, closed: { 'proxy-error': 1 } })
    const silent = await connectTo(server.port)
    await until(() => server.info().waiting === 1)
    await server.close({ graceMs: 20 })
    expect(server.info()).toMatchObject({ accepted: 2, waiting: 0, peak: 0, closed: { drain: 1 } })
    silent.destroy()
  })

  test('asks nothing of those who are no proxy', async () => {
    const server = await start(serve({ proxyProtocol: { trust: ['127.0.0.2'] } }))
    const client = await connectTo(server.port)
    expect(await ask(client, 'hello')).toBe('hello')
    expect(server.info()).toMatchObject({ accepted: 1, open: 1, waiting: 0 })
    client.end()
    await outcome(client)
  })
})

describe.runIf(canTransferSockets())('threads', () => {
  // Its module keeps a thread alive, as one that has a pool of database connections does.
  const lively = `data:text/javascript,setInterval(() => {}, 1000);
    export default async (connection) => { for await (const message of connection) await connection.write(message) }`

  test('of a health check end though their module keeps something running, and their places are free again', async () => {
    const server = await start(serveThreadPerClient(lively, { ...trusting, maxThreads: 1 }))
    await checkHealth(server.port, new Uint8Array())
    await checkHealth(server.port, local)
    const client = await namedClient(server.port)
    expect(await ask(client, 'hello')).toBe('hello')
    expect(server.info()).toMatchObject({ healthChecks: 2, accepted: 1 })
    client.end()
    await outcome(client)
  })

  test('an onConnection that throws costs that client', async () => {
    const errors: unknown[] = []
    const events = {
      onConnection() {
        throw new RangeError('not you')
      },
      onError: (error: unknown) => errors.push(error),
    }
    for (const server of [
      await start(serveThreadPerClient(echoModule, { ...trusting, ...events })),
      await start(serveWorkerPool(echoModule, { workers: 1, ...trusting, ...events })),
    ]) {
      const client = await namedClient(server.port)
      expect((await outcome(client)).text).toBe('')
      await until(() => server.info().closed['handler-error'] === 1)
      expect(server.info()).toMatchObject({ accepted: 1, open: 0 })
    }
    expect(errors).toEqual([new RangeError('not you'), new RangeError('not you')])
  })
})
