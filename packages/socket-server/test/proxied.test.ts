// The PROXY header in front of a connection, from a trusted address and from others.

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { echo } from '../src/echo.ts'
import { type Connection, type Handler, serveConcurrently } from '../src/index.ts'
import { connectTo, outcome, reply, until } from './client.ts'

const header = 'PROXY TCP4 192.0.2.7 198.51.100.2 4660 443\r\n'
const trusting = { proxyProtocol: { trust: ['127.0.0.0/8'] } }

/** Echo that notes whom it serves. */
function noting(seen: unknown[]): Handler {
  return async (connection: Connection) => {
    seen.push([connection.remote, connection.local])
    await echo()(connection)
  }
}

test('may come in any number of pieces, and what is behind it is the client’s', async () => {
  const seen: unknown[] = []
  await using server = await serveConcurrently(noting(seen), trusting)
  for (const [first, second] of [
    [header + 'hello', ''],
    [header, 'hello'],
    [header.slice(0, 9), `${header.slice(9)}hello`],
    [`${header}he`, 'llo'],
  ] as const) {
    const client = await connectTo(server.port)
    client.write(first)
    await new Promise((resolve) => setTimeout(resolve, 5))
    client.end(second)
    expect(await outcome(client)).toEqual({ text: 'hello', end: 'FIN' })
  }
  const expected = [
    { host: '192.0.2.7', port: 4660 },
    { host: '198.51.100.2', port: 443 },
  ]
  expect(seen).toEqual([expected, expected, expected, expected])
  // The bytes of the header are the proxy's, not the client's.
  await until(() => server.info().open === 0)
  expect(server.info().bytesRead).toBe(20)
})

test('is waited for: what a trusted proxy sends without one is refused', async () => {
  const seen: unknown[] = []
  await using server = await serveConcurrently(noting(seen), { ...trusting, deadlines: { handshakeMs: 150 } })
  for (const bytes of ['GET / HTTP/1.1\r\n', 'PROXY TCP4 192.0.2.7 198.51.100.2 99999 443\r\n', 'PROXY ']) {
    const client = await connectTo(server.port)
    client.write(bytes)
    await outcome(client)
  }
  const cut = await connectTo(server.port)
  cut.end('PROXY TCP4 192.0.2.7')
  await outcome(cut)
  expect(seen).toEqual([])
  await until(() => server.info().waiting === 0)
  expect(server.info().closed).toMatchObject({ 'proxy-error': 3, deadline: 1 })
})

test('is read from nobody else, who could claim anything', async () => {
  const seen: unknown[] = []
  await using server = await serveConcurrently(noting(seen), { proxyProtocol: { trust: ['127.0.0.2'] } })
  const client = await connectTo(server.port)
  client.write(header)
  expect(await reply(client)).toBe(header)
  expect(seen).toMatchObject([[{ host: '127.0.0.1' }, {}]])
  client.end()
})

test('lists ask about the client that it names', async () => {
  await using server = await serveConcurrently(echo(), { ...trusting, limits: { deny: ['192.0.2.7'] } })
  const denied = await connectTo(server.port)
  denied.write(`${header}hello`)
  expect((await outcome(denied)).text).toBe('')
  const other = await connectTo(server.port)
  other.write(`${header.replace('192.0.2.7', '192.0.2.8')}hello`)
  expect(await reply(other)).toBe('hello')
  other.end()
  expect(server.info().closed.denied).toBe(1)
})

test('limits by address count the client that it names, until that client goes', async () => {
  await using server = await serveConcurrently(echo(), { ...trusting, limits: { perAddress: 1 } })
  const named = async (host: string): Promise<{ readonly client: Socket; readonly text: string }> => {
    const client = await connectTo(server.port)
    client.write(`${header.replace('192.0.2.7', host)}hello`)
    const text = await Promise.race([reply(client), once(client.resume(), 'end').then(() => 'refused')])
    return { client, text }
  }
  const first = await named('192.0.2.7')
  // A check by the proxy from the address that this client claims gives back nothing: it has taken none.
  const local = await named('127.0.0.1')
  ;(await connectTo(server.port)).resume().end()
  await until(() => server.info().healthChecks === 1)
  expect([first.text, local.text]).toEqual(['hello', 'hello'])
  expect((await named('192.0.2.7')).text).toBe('refused')
  expect((await named('127.0.0.1')).text).toBe('refused')
  first.client.destroy()
  await until(() => server.info().open === 1)
  expect((await named('192.0.2.7')).text).toBe('hello')
  expect(server.info().closed.limit).toBe(2)
})

test('one that speaks for the proxy itself is a health check if it says nothing, and else is served', async () => {
  const seen: unknown[] = []
  await using server = await serveConcurrently(noting(seen), trusting)
  const local = Buffer.concat([Buffer.from('\r\n\r\n\0\r\nQUIT\n'), Buffer.from([0x20, 0x00, 0x00, 0x00])])
  for (const end of ['FIN', 'RST', 'nothing at all']) {
    const client = await connectTo(server.port)
    if (end !== 'nothing at all') client.write(local)
    if (end === 'RST') client.resetAndDestroy()
    else client.end()
    await new Promise((resolve) => client.on('close', resolve).resume())
  }
  await until(() => server.info().healthChecks === 3)
  expect(server.info()).toMatchObject({ accepted: 0, open: 0, waiting: 0 })

  const talking = await connectTo(server.port)
  talking.write(local)
  talking.write('hello')
  expect(await reply(talking)).toBe('hello')
  const patient = await connectTo(server.port)
  patient.write(local)
  await until(() => server.info().open === 2)
  expect(seen).toMatchObject([
    [{ host: '127.0.0.1' }, {}],
    [{ host: '127.0.0.1' }, {}],
  ])
  for (const client of [talking, patient]) client.end()
})

test('a server that closes does not wait for a header that does not come', async () => {
  const server = await serveConcurrently(echo(), trusting)
  const client = await connectTo(server.port)
  client.write('PROXY TC')
  await until(() => server.info().waiting === 1)
  await server.close({ graceMs: 30 })
  expect(server.info()).toMatchObject({ waiting: 0, closed: { drain: 1 } })
  client.destroy()
})

test('refuses settings of nonsense', async () => {
  await expect(serveConcurrently(echo(), { proxyProtocol: { trust: ['nobody'] } })).rejects.toThrow(TypeError)
  await expect(serveConcurrently(echo(), { proxyProtocol: { trust: [], maxBytes: 5 } })).rejects.toThrow(RangeError)
})

test('without an address it is the proxy’s own that counts, once it is no mere check', async () => {
  const limits = { deny: ['127.0.0.1'] }
  await using server = await serveConcurrently(echo(), { ...trusting, limits })
  const client = await connectTo(server.port)
  client.write('PROXY UNKNOWN\r\nhello')
  expect((await outcome(client)).text).toBe('')
  const check = await connectTo(server.port)
  check.end('PROXY UNKNOWN\r\n')
  await outcome(check)
  await until(() => server.info().healthChecks === 1)
  expect(server.info()).toMatchObject({ accepted: 1, closed: { denied: 1 } })
})
