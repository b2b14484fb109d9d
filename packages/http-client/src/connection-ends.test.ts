import { describe, expect, test } from 'vitest'
import { afterRequest, listen } from '../test/loopback.ts'
import { get, type RequestOptions } from './client.ts'

/** What the server saw of its only client's port, and what `options` let the client say of it after the connection is closed. */
async function afterClosing(options: RequestOptions, look: boolean): Promise<{ seen: number; told: number }> {
  let seen = 0
  await using server = await listen(
    afterRequest((socket) => {
      seen = socket.remotePort ?? 0
      socket.end('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok')
    }),
  )
  const response = await get(server.url, options)
  const { exchange } = response
  if (look) expect(exchange.localPort).toBe(seen)
  await response.bytes()
  await server.idle()
  return { seen, told: exchange.localPort }
}

describe('our own end of a connection', () => {
  test('is known to who asks while the connection is open, and from then on', async () => {
    const { seen, told } = await afterClosing({}, true)
    expect(told).toBe(seen)
    expect(told).toBeGreaterThan(0)
  })

  test('is not known any more to who asks first when it is closed', async () => {
    expect((await afterClosing({}, false)).told).toBe(0)
  })

  test.each<[string, RequestOptions]>([
    ['trace', { trace: true }],
    ['onStep', { onStep: () => {} }],
    ['onExchange', { onExchange: () => {} }],
  ])('is known in any case with %s', async (_option, options) => {
    const { seen, told } = await afterClosing(options, false)
    expect(told).toBe(seen)
  })
})
