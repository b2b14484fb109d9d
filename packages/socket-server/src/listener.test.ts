import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { connectTo, converse } from '../test/client.ts'
import { echo } from './echo.ts'
import { Descriptors } from './descriptors.ts'
import { acceptHere, type AcceptTrouble } from './listener.ts'
import { listenTarget } from './options.ts'
import { canTransferSockets } from './socket-transfer.ts'
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

test('while descriptors are short nobody is accepted; stopping in the meantime leaves no timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const short = vi.spyOn(Descriptors.prototype, 'runShort').mockReturnValue(true)
  onTestFinished(() => {
    vi.useRealTimers()
    short.mockRestore()
  })
  const troubles: AcceptTrouble[] = []
  const onTrouble = (trouble: AcceptTrouble): void => void troubles.push(trouble)
  let accepted = 0
  const listener = await acceptHere({ target: listenTarget({}), maxActive: Infinity, onTrouble }, (socket) => {
    accepted += 1
    socket.destroy()
  })
  const clients = [await connectTo(listener.port), await connectTo(listener.port)]
  await vi.waitUntil(() => troubles.length > 0)
  expect(troubles[0]).toMatchObject({ type: 'out-of-descriptors' })
  if (canTransferSockets()) expect(accepted).toBe(1)
  expect(vi.getTimerCount()).toBe(1)
  listener.stop()
  expect(vi.getTimerCount()).toBe(0)
  for (const client of clients) client.destroy()
  await listener.stopped
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
