import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:net'
import { expect, test } from 'vitest'
import { connectTo, converse } from '../test/client.ts'
import { echo } from './echo.ts'
import { acceptHere } from './listener.ts'
import { listenTarget } from './options.ts'
import { serveConcurrently } from './strategies/concurrent.ts'

test('hands a socket over paused, so that no byte leaves the kernel before it is asked for', async () => {
  const paused = Promise.withResolvers<boolean>()
  const listener = await acceptHere({ target: listenTarget({}), maxActive: 1 }, (socket) => {
    paused.resolve(socket.isPaused())
    socket.destroy()
  })
  const client = await connectTo(listener.port)
  expect(await paused.promise).toBe(true)
  client.destroy()
  listener.stop()
})

test('an accept(2) that fails costs that client only: the server goes on', async () => {
  const channel = 'tracing:net.server.listen:asyncEnd'
  const servers: Server[] = []
  const seen = (message: unknown): void => void servers.push((message as { server: Server }).server)
  subscribe(channel, seen)
  await using server = await serveConcurrently(echo())
  unsubscribe(channel, seen)
  expect(servers).toHaveLength(1)
  servers[0]?.emit('error', Object.assign(new Error('accept ECONNABORTED'), { code: 'ECONNABORTED' }))
  expect(await converse(server.port, 'still here')).toBe('still here')
})
