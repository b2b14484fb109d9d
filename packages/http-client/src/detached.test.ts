import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { temporaryDirectory } from '@plainwire/testing'
import { afterRequest, listen, listenWith } from '../test/loopback.ts'
import { get, request } from './client.ts'
import { ConnectionPool } from './connection-pool.ts'
import { latin1Text } from './protocol/latin1.ts'

const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\n'
const options = { version: '1.1', headers: { Connection: 'upgrade', Upgrade: 'echo' }, tunnel: true } as const

/** Says `hello` in the segment of its head, and then what it hears. */
const echo = afterRequest((socket: Socket) => {
  socket.write(`${UPGRADE}hello`)
  socket.on('data', (bytes) => socket.write(bytes))
})

async function heard(socket: Socket, length: number): Promise<string> {
  let text = ''
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    text += latin1Text(bytes as Uint8Array)
    if (text.length >= length) break
  }
  return text
}

describe('a connection after an upgrade', () => {
  test('is the caller’s, with the first bytes of the other protocol', async () => {
    await using server = await listen(echo)
    const response = await get(server.url, options)
    expect(response.statusCode).toBe(101)
    const { socket, surplus } = response.detach()
    expect(latin1Text(surplus)).toBe('hello')
    expect(socket.isPaused()).toBe(true)
    socket.write('what is said')
    expect(await heard(socket, 12)).toBe('what is said')
    expect(['data', 'error', 'end', 'close'].map((name) => socket.listenerCount(name))).toEqual([0, 0, 1, 0])
    socket.destroy()
  })

  test('loses nothing of what came before it was taken', async () => {
    const connected = Promise.withResolvers<Socket>()
    await using server = await listen(
      afterRequest((socket) => {
        socket.write(UPGRADE)
        connected.resolve(socket)
      }),
    )
    const response = await get(server.url, options)
    const peer = await connected.promise
    for (const piece of ['a', 'b', 'c']) {
      peer.write(piece)
      await turn()
      await turn()
    }
    peer.end('d')
    await once(peer, 'finish')
    const { socket, surplus } = response.detach()
    const rest = 4 - surplus.length
    expect(latin1Text(surplus) + (rest > 0 ? await heard(socket, rest) : '')).toBe('abcd')
    socket.destroy()
  })

  test('outlives the deadline and the signal of the request', async () => {
    await using server = await listen(echo)
    const controller = new AbortController()
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    const { socket } = (await get(server.url, { ...options, signal: controller.signal })).detach()
    expect(removed).toHaveBeenCalled()
    controller.abort()
    socket.write('still here')
    expect(await heard(socket, 10)).toBe('still here')
    socket.destroy()
  })

  test('is closed with the response that nobody took it from', async () => {
    await using server = await listen(echo)
    const closed = await get(server.url, options)
    await closed.close()
    expect(() => closed.detach()).toThrow(TypeError)
    const read = await get(server.url, options)
    expect(await read.text()).toBe('')
    expect(() => read.detach()).toThrow(TypeError)
    const { tunnel: _, ...without } = options
    const left = await get(server.url, without)
    expect(() => left.detach()).toThrow(TypeError)
    await server.idle()
  })

  test('can be taken once, and after no other response', async () => {
    await using server = await listen(echo)
    const response = await get(server.url, options)
    const { socket } = response.detach()
    expect(() => response.detach()).toThrow('a connection can be taken once')
    await response.close()
    expect(socket.destroyed).toBe(false)
    socket.destroy()
    await using plain = await listenWith('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    await using other = await get(plain.url, options)
    expect(() => other.detach()).toThrow(TypeError)
    expect(await other.text()).toBe('hi')
  })

  test('is one to a Unix socket, too', async () => {
    using directory = temporaryDirectory()
    const socketPath = `${directory.path}/socket`
    const server = createServer(echo).listen(socketPath)
    await once(server, 'listening')
    const { socket, surplus } = (await get('http://localhost/', { ...options, socketPath })).detach()
    socket.write('what is said')
    expect(latin1Text(surplus) + (await heard(socket, 12))).toBe('hellowhat is said')
    socket.destroy()
    server.close()
  })

  test('is none of a pool’s', async () => {
    await using pool = new ConnectionPool()
    await expect(get('http://127.0.0.1:1/', { ...options, pool })).rejects.toThrow(TypeError)
  })
})

describe('CONNECT', () => {
  const connect = { method: 'CONNECT', version: '1.1', requestTarget: 'a.test:443', tunnel: true } as const

  test('asks a proxy for a tunnel, and hands it over', async () => {
    let asked = ''
    await using proxy = await listen(
      afterRequest((socket, head) => {
        asked = head
        socket.write('HTTP/1.1 200 Go\r\nContent-Length: 3\r\n\r\nSSH')
      }),
    )
    const { socket, surplus } = (await request(proxy.url, connect)).detach()
    expect(asked).toBe('CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n')
    expect(latin1Text(surplus)).toBe('SSH')
    socket.destroy()
  })

  test('refused is a response like any other', async () => {
    await using proxy = await listenWith('HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nno!')
    const response = await request(proxy.url, connect)
    expect([response.statusCode, await response.text()]).toEqual([403, 'no!'])
  })

  test.each([{}, { tunnel: true }, { requestTarget: 'a.test:443' }])(
    'needs where to, and who takes it: %j',
    async (given) => {
      await expect(request('http://127.0.0.1:1/', { method: 'CONNECT', ...given })).rejects.toThrow(TypeError)
    },
  )

  test('a target of one’s own: OPTIONS *', async () => {
    let asked = ''
    await using server = await listen(
      afterRequest((socket, head) => {
        asked = head
        socket.end('HTTP/1.0 204 No Content\r\n\r\n')
      }),
    )
    await (await request(server.url, { method: 'OPTIONS', requestTarget: '*' })).close()
    expect(asked.split('\r\n')[0]).toBe('OPTIONS * HTTP/1.0')
  })

  test('a target of one’s own is not that of a redirect', async () => {
    const asked: string[] = []
    await using server = await listen(
      afterRequest((socket, head) => {
        asked.push(head.split(' ')[1] ?? '')
        socket.end('HTTP/1.0 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n')
      }),
    )
    await expect(get(server.url, { requestTarget: '/a', maxRedirects: 1 })).rejects.toThrow('more than 1 redirects')
    expect(asked).toEqual(['/a', '/b'])
  })
})
