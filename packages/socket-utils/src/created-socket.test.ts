import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import net from 'node:net'
import { findProgram, startPeer } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { type CreatedSocket, createSocket } from './created-socket.ts'

const canCreate = typeof net.BoundSocket === 'function'

describe.runIf(canCreate)('createSocket', () => {
  test('opens a descriptor, bound to the wildcard address of its family', () => {
    using four = createSocket()
    using six = createSocket(6)
    expect([four.family, four.localAddress, six.family, six.localAddress]).toEqual([4, '0.0.0.0', 6, '::'])
    for (const socket of [four, six]) expect(socket.localPort).toBeGreaterThan(0)
    if (process.platform !== 'win32') expect(Math.min(four.descriptor, six.descriptor)).toBeGreaterThan(2)
    expect(four.descriptor === six.descriptor && process.platform !== 'win32').toBe(false)
  })

  test('connect adopts it: the same port on our side', async () => {
    await using server = net.createServer((client) => client.end('moin')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as net.AddressInfo
    using socket = createSocket()
    const connected = await connect({ host: '127.0.0.1', port, socket })
    expect(connected.localPort).toBe(socket.localPort)
    expect(connected.localAddress).toBe('127.0.0.1')
    expect(await connected.socket.setEncoding('utf8').toArray()).toEqual(['moin'])
    connected.socket.end()
    await expect(connect({ host: '127.0.0.1', port, socket })).rejects.toThrow(
      new TypeError('the created socket is already connected or disposed of'),
    )
  })

  test('connects to addresses of its own family alone, and stays the caller’s when none was tried', async () => {
    using socket = createSocket(4)
    await expect(connect({ host: '::1', port: 9, socket })).rejects.toThrow('look up "::1": an IPv6 address, not IPv4')
    await expect(connect({ host: '::1', port: 9, socket, family: 6 })).rejects.toThrow(
      new TypeError('family 6 does not fit a socket made for IPv4'),
    )
    if (process.platform === 'linux') expect(isOpen(socket.descriptor)).toBe(true)
  })

  test('disposing closes the descriptor, twice is once', () => {
    const socket = createSocket()
    socket[Symbol.dispose]()
    socket[Symbol.dispose]()
    if (process.platform === 'linux') expect(isOpen(socket.descriptor)).toBe(false)
  })

  test('only its own will do', async () => {
    const forged = { descriptor: 7, family: 4, localAddress: '0.0.0.0', localPort: 9, [Symbol.dispose]() {} } as const
    await expect(connect({ host: '127.0.0.1', port: 9, socket: forged satisfies CreatedSocket })).rejects.toThrow(
      new TypeError('socket must come from createSocket'),
    )
    expect(() => createSocket(5 as 4)).toThrow(new RangeError('family must be 4 or 6, got 5'))
  })

  test.skipIf(findProgram('sh') === undefined)('says so when descriptors have run out', async () => {
    const program = `
      import { createSocket } from ${JSON.stringify(new URL('created-socket.ts', import.meta.url).href)}
      const sockets = []
      try { for (;;) sockets.push(createSocket()) } catch (error) { console.log(error.code, '|', error.message, '|', error.cause.code) }
    `
    await using peer = startPeer('sh', [
      '-c',
      'ulimit -n 64 && exec "$@"',
      'sh',
      process.execPath,
      '--input-type=module',
      '--eval',
      program,
    ])
    expect(await peer.exited).toBe(0)
    expect(peer.output()).toBe(
      'out-of-descriptors | create a TCP socket for IPv4: too many open files (EMFILE) | EMFILE',
    )
  })
})

test('an older Node creates a socket only when it connects, and says so', () => {
  const { BoundSocket } = net
  try {
    Reflect.deleteProperty(net, 'BoundSocket')
    expect(() => createSocket()).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: `create a TCP socket: Node ${process.versions.node} creates a socket only when it connects; 26.4 or newer is needed`,
      }),
    )
  } finally {
    if (canCreate) net.BoundSocket = BoundSocket
  }
})

function isOpen(descriptor: number): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('socket:')
  } catch {
    return false
  }
}
