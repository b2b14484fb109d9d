import { once } from 'node:events'
import net from 'node:net'
import { describe, expect, test } from 'vitest'
import { connectError } from '../../test/client.ts'
import { bindOnly } from './bind-only.ts'
import { serveConcurrently } from './concurrent.ts'

describe.runIf('BoundSocket' in net)('bindOnly', () => {
  test('takes the port, and a client that connects is refused', async () => {
    await using socket = await bindOnly()
    expect(socket).toMatchObject({ host: '127.0.0.1', port: expect.any(Number) })
    expect(socket.port).toBeGreaterThan(0)
    expect(socket).not.toHaveProperty('backlog')
    expect(await connectError(socket.port)).toBe('ECONNREFUSED')
  })

  test('is not served by anybody until it is closed', async () => {
    const socket = await bindOnly()
    await socket.close()
    expect(await socket.finished).toEqual({ connections: 0, handlerErrors: 0, resets: 0, cut: 0 })
    await socket.close()
  })

  test('fails where somebody listens already', async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await expect(bindOnly({ port })).rejects.toMatchObject({
      code: 'address-in-use',
      message: `bind to 127.0.0.1:${port}: address already in use (EADDRINUSE)`,
    })
    server.close()
  })

  test.runIf(process.platform === 'linux')('two of them share a port, and the first to listen gets it', async () => {
    await using first = await bindOnly()
    await using second = await bindOnly({ port: first.port })
    expect(second.port).toBe(first.port)
    await using server = await serveConcurrently(() => {}, { port: first.port })
    expect(server.port).toBe(first.port)
    await expect(bindOnly({ port: first.port })).rejects.toMatchObject({ code: 'address-in-use' })
  })

  test('closes when its signal aborts, and does not start after it', async () => {
    const controller = new AbortController()
    const socket = await bindOnly({ signal: controller.signal })
    controller.abort('enough')
    await socket.finished
    await expect(bindOnly({ signal: controller.signal })).rejects.toBe('enough')
    const late = new AbortController()
    const starting = bindOnly({ signal: late.signal })
    late.abort('too late')
    await expect(starting).rejects.toBe('too late')
  })

  test('refuses a port and a host that cannot be', async () => {
    await expect(bindOnly({ port: 70000 })).rejects.toThrow(new RangeError('port must be 0 to 65535, got 70000'))
    await expect(bindOnly({ host: '203.0.113.7' })).rejects.toMatchObject({ code: 'address-unavailable' })
    await expect(bindOnly({ host: 'nosuch.invalid' })).rejects.toMatchObject({ code: 'lookup-failed' })
  })
})

test('says so where Node cannot bind without listening', async () => {
  const { BoundSocket } = net
  try {
    Object.assign(net, { BoundSocket: undefined })
    await expect(bindOnly({ port: 8888 })).rejects.toMatchObject({
      code: 'unsupported',
      message: `bind to 127.0.0.1:8888: needs Node 26.4 or newer, this is ${process.version}`,
    })
  } finally {
    Object.assign(net, { BoundSocket })
  }
})
