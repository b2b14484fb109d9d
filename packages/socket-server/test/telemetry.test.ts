// What a server tells of itself: spans, counters, and the page for Prometheus.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, onTestFinished, test } from 'vitest'
import { echo } from '../src/echo.ts'
import {
  type ConnectionStart,
  type ConnectionStop,
  prometheusText,
  type RunningServer,
  serveConcurrently,
  serveIteratively,
  serveThreadPerClient,
} from '../src/index.ts'
import { canTransferSockets } from '../src/socket-transfer.ts'
import { connectTo, converse, outcome, reply } from './client.ts'

function recorded<Message>(name: string): Message[] {
  const messages: Message[] = []
  const note = (message: unknown): void => void messages.push(message as Message)
  const channel = `plainwire:socket-server:${name}`
  subscribe(channel, note)
  onTestFinished(() => void unsubscribe(channel, note))
  return messages
}

const module = new URL('../src/echo.ts', import.meta.url)
const strategies: [string, () => Promise<RunningServer>][] = [
  ['serveConcurrently', () => serveConcurrently(echo())],
  ['the fast layer', () => serveConcurrently({ data: (link, bytes) => void link.write(bytes) })],
  ['serveIteratively', () => serveIteratively(echo())],
  ...(canTransferSockets()
    ? [['serveThreadPerClient', () => serveThreadPerClient(module)] satisfies [string, () => Promise<RunningServer>]]
    : []),
]

test.each(strategies)(
  '%s: one start and one stop for each connection, within those of the server',
  async (_, serve) => {
    const [listening, stopped] = [recorded<{ serverId: number }>('listener:start'), recorded('listener:stop')]
    const starts = recorded<ConnectionStart>('connection:start')
    const stops = recorded<ConnectionStop>('connection:stop')
    const server = await serve()
    expect(listening).toEqual([{ serverId: expect.any(Number), addresses: [{ host: '127.0.0.1', port: server.port }] }])
    const [{ serverId }] = listening as [{ serverId: number }]
    await converse(server.port, 'hello')
    const reset = await connectTo(server.port)
    reset.write('x')
    await reply(reset)
    const { localPort } = reset
    reset.resetAndDestroy()
    await server.close()
    expect(starts).toMatchObject([
      { serverId, connectionId: 1, remote: { host: '127.0.0.1' } },
      { serverId, connectionId: 2, remote: { host: '127.0.0.1', port: localPort } },
    ])
    expect(stops).toMatchObject([
      { ...starts[0], reason: 'eof', bytesRead: 5, bytesWritten: 5, messages: 1, durationMs: expect.any(Number) },
      { ...starts[1], reason: 'reset', bytesRead: 1, bytesWritten: 1, messages: 1 },
    ])
    expect(stopped).toEqual([{ ...listening[0], durationMs: expect.any(Number), accepted: 2 }])
    expect(server.info()).toMatchObject({
      state: 'closed',
      accepted: 2,
      open: 0,
      closed: { eof: 1, reset: 1 },
      bytesRead: 6,
      bytesWritten: 6,
      messages: 2,
    })
  },
)

test('info() tells of connections that are open, too', async () => {
  await using server = await serveConcurrently(echo())
  const client = await connectTo(server.port)
  client.write('hello')
  await reply(client)
  expect(server.info()).toMatchObject({ state: 'listening', open: 1, peak: 1, bytesRead: 5, bytesWritten: 5 })
  client.end()
  await outcome(client)
})

test('the page for Prometheus has a line for each counter', async () => {
  const server = await serveConcurrently(echo())
  await converse(server.port, 'hello')
  await server.close()
  const page = prometheusText(server.info(), { server: 'a "quoted" \\ name\n' })
  const labels = 'server="a \\"quoted\\" \\\\ name\\n"'
  expect(page).toContain(
    '# HELP plainwire_connections_accepted_total Connections accepted.\n' +
      '# TYPE plainwire_connections_accepted_total counter\n' +
      `plainwire_connections_accepted_total{${labels}} 1\n`,
  )
  expect(page).toContain(`plainwire_connections_closed_total{${labels},reason="eof"} 1\n`)
  expect(page).toContain(`plainwire_up{${labels}} 0\n`)
  expect(page).toContain(`plainwire_read_bytes_total{${labels}} 5\n`)
  for (const line of page.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) .+|\w+\{.*\} [0-9.]+)$/)
  expect(page.endsWith('\n')).toBe(true)
  expect(prometheusText(server.info())).toContain('\nplainwire_connections_open 0\n')
  expect(() => prometheusText(server.info(), { 'no-name': 'x' })).toThrow(
    new TypeError('a label must be a name, got "no-name"'),
  )
})
