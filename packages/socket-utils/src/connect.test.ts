import { getEventListeners, once } from 'node:events'
import dns from 'node:dns/promises'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { networkInterfaces } from 'node:os'
import { unusedPort } from '@plainwire/testing'
import { describe, expect, test, vi } from 'vitest'
import { createSocket } from './created-socket.ts'
import { connect, type Connected, type ConnectOptions } from './connect.ts'
import type { ConnectStep } from './connect-tcp.ts'
import { NetworkError } from './protocol/errors.ts'

async function listen(onClient: (client: net.Socket) => void, host = '127.0.0.1') {
  const clients = new Set<net.Socket>()
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client.on('error', () => {}))
    onClient(client)
  })
  await once(server.listen(0, host), 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** For as long as it lasts, every name has these addresses. */
function namesHave(...addresses: string[]): Disposable {
  const { lookup } = dns
  const found = addresses.map((address) => ({ address, family: net.isIP(address) }))
  dns.lookup = (() => Promise.resolve(found)) as unknown as typeof lookup
  syncBuiltinESMExports()
  return {
    [Symbol.dispose]() {
      dns.lookup = lookup
      syncBuiltinESMExports()
    },
  }
}

const failure = (options: ConnectOptions): Promise<unknown> =>
  connect(options).then(
    ({ socket }) => {
      socket.destroy()
      throw new Error('connected')
    },
    (error: unknown) => error,
  )

const outline = (steps: readonly ConnectStep[]): string[] =>
  steps.map((step) =>
    step.step === 'lookup'
      ? `lookup ${step.host}: ${step.addresses.map(({ address }) => address).join(' ')}`
      : `${step.address} ${step.family} ${step.port}: ${step.error?.code ?? 'connected'}`,
  )

const ownListeners = (socket: net.Socket): number =>
  ['connect', 'error', 'timeout', 'close', 'data', 'readable'].reduce(
    (sum, name) => sum + socket.listenerCount(name),
    0,
  )

describe('connect', () => {
  test('gives the socket, both ends of it, and the steps that led there', async () => {
    const client = Promise.withResolvers<net.Socket>()
    await using server = await listen(client.resolve)
    const seen: ConnectStep[] = []
    const connected = await connect({
      host: 'localhost',
      family: 4,
      port: server.port,
      onStep: (step) => seen.push(step),
    })
    const { remotePort, remoteAddress } = await client.promise
    expect(connected).toMatchObject({ address: '127.0.0.1', family: 4, port: server.port })
    expect([connected.localAddress, connected.localPort]).toEqual([remoteAddress, remotePort])
    expect(outline(connected.steps)).toEqual([`lookup localhost: 127.0.0.1`, `127.0.0.1 4 ${server.port}: connected`])
    expect(seen).toEqual(connected.steps)
    for (const { elapsedMs } of seen) expect(elapsedMs).toBeGreaterThanOrEqual(0)
    connected.socket.destroy()
  })

  test.each(['fresh', 'created beforehand'])(
    'reads into the caller’s one buffer, on a socket that is %s',
    async (made) => {
      await using server = await listen((client) => client.end('hola'))
      const end = Promise.withResolvers<void>()
      const buffer = new Uint8Array(64)
      const heard: string[] = []
      const callback = (length: number): boolean => {
        heard.push(new TextDecoder().decode(buffer.subarray(0, length)))
        return true
      }
      const { socket } = await connect({
        host: '127.0.0.1',
        port: server.port,
        onread: { buffer, callback },
        ...(made === 'fresh' ? {} : { socket: createSocket() }),
      })
      socket.once('end', end.resolve)
      await end.promise
      expect(heard).toEqual(['hola'])
      socket.end()
    },
  )

  test('leaves no listener on the socket, and keeps what arrives before the caller listens', async () => {
    const sent = Promise.withResolvers<void>()
    await using server = await listen((client) => {
      client.end('HTTP/1.0 200 OK\r\n\r\n', () => sent.resolve())
    })
    const { socket } = await connect({ host: '127.0.0.1', port: server.port })
    expect(ownListeners(socket)).toBe(0)
    expect(socket.readableFlowing).toBe(null)
    await sent.promise
    expect(await socket.setEncoding('utf8').toArray()).toEqual(['HTTP/1.0 200 OK\r\n\r\n'])
    socket.end()
  })

  test('keeps our direction open after the peer has finished, unless told otherwise', async () => {
    await using server = await listen((client) => {
      client.end('late')
      client.pipe(client, { end: false }).on('error', () => {})
    })
    const halfOpen = await connect({ host: '127.0.0.1', port: server.port })
    await once(halfOpen.socket.resume(), 'end')
    expect(halfOpen.socket.writable).toBe(true)
    halfOpen.socket.destroy()
    const whole = await connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: false })
    await once(whole.socket.resume(), 'end')
    expect(whole.socket.writable).toBe(false)
    whole.socket.destroy()
  })

  test('sends small writes at once, unless told otherwise', async () => {
    await using server = await listen(() => {})
    const { socket } = await connect({ host: '127.0.0.1', port: server.port })
    // What libuv is told; the socket's own method is one of two ways to tell it.
    const handle = (socket as unknown as { readonly _handle: object })._handle
    const setNoDelay = vi.spyOn(Object.getPrototypeOf(handle) as { setNoDelay(on: boolean): void }, 'setNoDelay')
    socket.destroy()
    try {
      for (const noDelay of [undefined, true, false]) {
        setNoDelay.mockClear()
        const { socket } = await connect({
          host: '127.0.0.1',
          port: server.port,
          ...(noDelay !== undefined && { noDelay }),
        })
        expect(setNoDelay.mock.calls).toEqual(noDelay === false ? [] : [[true]])
        socket.destroy()
      }
    } finally {
      setNoDelay.mockRestore()
    }
  })

  test.runIf(hasIPv6())('reaches an IPv6 address', async () => {
    await using server = await listen(() => {}, '::1')
    const connected = await connect({ host: '::1', port: server.port })
    expect(connected).toMatchObject({ address: '::1', family: 6, localAddress: '::1' })
    connected.socket.destroy()
  })
})

describe('several addresses', () => {
  test.runIf(hasIPv6())('go on to the next family at once when one refuses', async () => {
    await using server = await listen(() => {})
    using _names = namesHave('::1', '::1', '127.0.0.1')
    const { steps, socket } = await connect({ host: 'twofold.test', port: server.port })
    socket.destroy()
    expect(outline(steps)).toEqual([
      'lookup twofold.test: ::1 127.0.0.1',
      `::1 6 ${server.port}: connect-refused`,
      `127.0.0.1 4 ${server.port}: connected`,
    ])
  })

  test('all failed: each is listed with its own cause, under the most telling code', async () => {
    const port = await unusedPort()
    using _names = namesHave('255.255.255.255', '127.0.0.1')
    const error = (await failure({ host: 'twofold.test', port })) as NetworkError
    expect(error).toBeInstanceOf(NetworkError)
    expect(error.code).toBe('connect-refused')
    expect(error.message).toMatch(
      new RegExp(
        `^connect to twofold\\.test:${port}: 255\\.255\\.255\\.255:${port}: .+; 127\\.0\\.0\\.1:${port}: connection refused \\(ECONNREFUSED\\)$`,
      ),
    )
    const { errors } = error.cause as AggregateError
    expect(errors).toHaveLength(2)
    expect(errors[1]).toMatchObject({ code: 'connect-refused', cause: { code: 'ECONNREFUSED', address: '127.0.0.1' } })
  })

  test('a created socket takes the first', async () => {
    const port = await unusedPort()
    if (typeof net.BoundSocket !== 'function') return
    using _names = namesHave('127.0.0.1', '127.0.0.2')
    using socket = createSocket()
    const error = (await failure({ host: 'twofold.test', port, socket })) as NetworkError
    expect((error.cause as AggregateError).errors).toHaveLength(1)
  })
})

describe('what goes wrong', () => {
  test('a closed port is connect-refused, one line, with the system’s error at the bottom', async () => {
    const port = await unusedPort()
    const seen: ConnectStep[] = []
    const error = (await failure({ host: '127.0.0.1', port, onStep: (step) => seen.push(step) })) as NetworkError
    expect(error.code).toBe('connect-refused')
    expect(error.message).toBe(`connect to 127.0.0.1:${port}: connection refused (ECONNREFUSED)`)
    expect((error.cause as AggregateError).errors[0]).toMatchObject({ cause: { syscall: 'connect' } })
    expect(outline(seen)).toEqual(['lookup 127.0.0.1: 127.0.0.1', `127.0.0.1 4 ${port}: connect-refused`])
  })

  test('a name of one address says both', async () => {
    const port = await unusedPort()
    await expect(connect({ host: 'localhost', family: 4, port })).rejects.toThrow(
      `connect to localhost:${port}: 127.0.0.1:${port}: connection refused (ECONNREFUSED)`,
    )
  })

  test('the caller’s mistakes are TypeError and RangeError, with the value', async () => {
    const options = { host: '127.0.0.1', port: 9 }
    expect(await failure({ ...options, host: '' })).toEqual(new TypeError('host must not be empty'))
    expect(await failure({ ...options, host: 7 as unknown as string })).toEqual(
      new TypeError('host must be a string, got 7'),
    )
    for (const port of [0, -1, 65536, 1.5, NaN, '80' as unknown as number]) {
      const error = await failure({ ...options, port })
      expect(error).toBeInstanceOf(RangeError)
      expect((error as Error).message).toMatch(/^port must be 1 to 65535, got /)
    }
    expect(await failure({ ...options, family: 5 as 4 })).toEqual(new RangeError('family must be 4 or 6, got 5'))
    expect(await failure({ ...options, timeoutMs: -1 })).toBeInstanceOf(RangeError)
    const onread = { buffer: new Uint8Array(1), callback: () => true }
    expect(await failure({ ...options, onread, tls: true } as unknown as ConnectOptions)).toEqual(
      new TypeError('onread does not go with tls, whose reads are deciphered first'),
    )
  })

  test('a cancelled connect rejects with the caller’s reason, before and during', async () => {
    const reason = new Error('mine')
    const steps: ConnectStep[] = []
    const onStep = (step: ConnectStep): void => void steps.push(step)
    expect(await failure({ host: '127.0.0.1', port: 9, signal: AbortSignal.abort(reason), onStep })).toBe(reason)
    expect(steps).toEqual([])
    await using server = await listen(() => {})
    const controller = new AbortController()
    const failed = failure({
      host: '127.0.0.1',
      port: server.port,
      signal: controller.signal,
      onStep(step) {
        onStep(step)
        controller.abort(reason)
      },
    })
    expect(await failed).toBe(reason)
    expect(outline(steps)).toEqual(['lookup 127.0.0.1: 127.0.0.1'])
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  test('cancelled by the last step: the socket that had just connected is closed', async () => {
    const closed = Promise.withResolvers<void>()
    await using server = await listen(
      (client) =>
        void client
          .resume()
          .once('close', () => closed.resolve())
          .once('end', () => client.end()),
    )
    const controller = new AbortController()
    const error = await failure({
      host: '127.0.0.1',
      port: server.port,
      signal: controller.signal,
      onStep: (step) => {
        if (step.step === 'attempt') controller.abort('mine')
      },
    })
    expect(error).toBe('mine')
    await closed.promise
  })

  test.each(['lookup', 'attempt'] as const)('what onStep throws at %s is thrown by connect', async (at) => {
    await using server = await listen(() => {})
    const fault = new Error('a fault of the caller’s')
    const onStep = ({ step }: ConnectStep): void => {
      if (step === at) throw fault
    }
    expect(await failure({ host: '127.0.0.1', port: server.port, onStep })).toBe(fault)
    const port = await unusedPort()
    expect(await failure({ host: '127.0.0.1', port, onStep })).toBe(fault)
  })
})

test('a signal that lives long gathers no listeners', async () => {
  await using server = await listen(() => {})
  const { signal } = new AbortController()
  const connected: Connected[] = []
  for (let count = 0; count < 3; count++)
    connected.push(await connect({ host: '127.0.0.1', port: server.port, signal }))
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  for (const { socket } of connected) socket.destroy()
})

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'))
}
