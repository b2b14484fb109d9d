import { expect, test } from 'vitest'
import { connectError, connectTo, outcome, reply } from '../../test/client.ts'
import { serveOnce } from './once.ts'

test('accepts one client; a second is refused while the first is still served', async () => {
  const server = await serveOnce(async (connection) => {
    await connection.write('welcome')
    await connection.read()
  })
  const client = await connectTo(server.port)
  expect(await reply(client)).toBe('welcome')
  expect(await connectError(server.port)).toBe('ECONNREFUSED')
  client.end()
  expect((await outcome(client)).end).toBe('FIN')
  expect(await server.finished).toEqual({ connections: 1, handlerErrors: 0, resets: 0, cut: 0 })
})

test('a second client that was in the backlog already is reset', async () => {
  let accept = (): void => {}
  const accepted = new Promise<void>((resolve) => (accept = resolve))
  const server = await serveOnce(() => accept())
  const [first, second] = [connectTo(server.port), connectTo(server.port)]
  await accepted
  const ends = await Promise.allSettled([first, second].map(async (client) => outcome(await client)))
  const served = ends.filter((end) => end.status === 'fulfilled' && end.value.end === 'FIN')
  expect(served).toHaveLength(1)
  expect((await server.finished).connections).toBe(1)
})

test('finishes without a client when it is closed', async () => {
  const server = await serveOnce(() => {})
  await server.close()
  expect((await server.finished).connections).toBe(0)
})
