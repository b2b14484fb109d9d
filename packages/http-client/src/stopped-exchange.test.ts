import { once } from 'node:events'
import net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { NetworkError } from '@plainwire/socket-utils'
import { listen } from '../test/loopback.ts'
import { get, request } from './client.ts'
import { latin1Text } from './protocol/latin1.ts'
import type { RequestStep } from './request-step.ts'

const created = describe.skipIf(typeof net.BoundSocket !== 'function')

created('an exchange that stops after a step', () => {
  test('create: a descriptor, bound to the wildcard address, and nothing on the wire', async () => {
    const steps: RequestStep[] = []
    const stopped = await get('http://nosuch.invalid/', { stopAfter: 'create', onStep: (step) => steps.push(step) })
    expect(stopped).toMatchObject({ stoppedAfter: 'create', localAddress: '0.0.0.0' })
    expect(stopped.descriptor).toBeGreaterThan(2)
    expect(stopped.localPort).toBeGreaterThan(0)
    expect(steps).toEqual([
      {
        step: 'create',
        descriptor: stopped.descriptor,
        family: 4,
        localAddress: '0.0.0.0',
        localPort: stopped.localPort,
      },
    ])
  })

  test('resolve: the addresses as well', async () => {
    const stopped = await get('http://127.0.0.1:9/', { stopAfter: 'resolve' })
    expect(stopped.addresses).toEqual([{ address: '127.0.0.1', family: 4 }])
    expect(stopped.timings.lookup).toBeGreaterThanOrEqual(0)
    expect(stopped.timings.connect).toBeUndefined()
  })

  test('connect: both ends, and the server sees a client that comes and goes', async () => {
    await using server = await listen(() => {})
    const steps: RequestStep[] = []
    const stopped = await get(server.url, { stopAfter: 'connect', onStep: (step) => steps.push(step) })
    expect(stopped).toMatchObject({ address: '127.0.0.1', port: server.port, localAddress: '127.0.0.1', family: 4 })
    expect(stopped.descriptor).toBeGreaterThan(2)
    const [first, ...others] = steps
    expect(first).toMatchObject({ step: 'create', localPort: stopped.localPort })
    expect(others.map(({ step }) => step)).toEqual(['resolve', 'attempt', 'connect'])
    await server.idle()
  })

  test('send: the whole request, which the server has before the client goes', async () => {
    const received = Promise.withResolvers<string>()
    await using server = await listen((socket) => {
      let text = ''
      socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
      socket.on('end', () => received.resolve(text))
    })
    const stopped = await request(server.url, { stopAfter: 'send', method: 'POST', body: 'hello' })
    expect(stopped.bytesSent).toBe(stopped.request.length)
    expect(await received.promise).toBe(latin1Text(stopped.request))
    expect(latin1Text(stopped.request)).toMatch(/\r\n\r\nhello$/)
    expect(stopped.timings.send).toBeGreaterThanOrEqual(0)
  })

  test('an IPv6 address gets an IPv6 socket', async () => {
    const stopped = await get('http://[::1]:9/', { stopAfter: 'create' })
    expect(stopped.localAddress).toBe('::')
  })

  test('a step that fails rejects, and the created socket is closed', async () => {
    for (const [url, code] of [
      ['http://127.0.0.1:1/', 'connect-refused'], // a port that was free a moment ago may be another test's by now
      ['http://nosuch.invalid/', 'lookup-failed'],
    ] as const) {
      const { promise: step, resolve } = Promise.withResolvers<RequestStep>()
      await expect(get(url, { stopAfter: 'connect', onStep: resolve })).rejects.toMatchObject({ code })
      // Its port is free again.
      const { localPort } = (await step) as { localPort: number }
      const next = net.createServer().listen(localPort, '0.0.0.0')
      await once(next, 'listening')
      next.close()
      await once(next, 'close')
    }
  })

  test('what onStep throws ends it', async () => {
    await using server = await listen(() => {})
    const thrown = new Error('enough')
    for (const at of ['create', 'resolve', 'attempt', 'connect', 'send']) {
      const onStep = ({ step }: RequestStep): void => {
        if (step === at) throw thrown
      }
      await expect(get(server.url, { stopAfter: 'send', onStep })).rejects.toBe(thrown)
      await server.idle()
    }
  })

  test('an abort ends it with its reason', async () => {
    await using server = await listen(() => {})
    const controller = new AbortController()
    const onStep = ({ step }: RequestStep): void => {
      if (step === 'connect') controller.abort('enough')
    }
    await expect(get(server.url, { stopAfter: 'send', signal: controller.signal, onStep })).rejects.toBe('enough')
    await server.idle()
  })
})

describe('where a socket cannot be created before it connects', () => {
  const { BoundSocket } = net
  afterEach(() => {
    Object.assign(net, { BoundSocket })
  })

  test('only the step that is about creating fails; the others wait until connect', async () => {
    Object.assign(net, { BoundSocket: undefined })
    await using server = await listen(() => {})
    const error = await get(server.url, { stopAfter: 'create' }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('only when it connects') })
    const resolved = await get(server.url, { stopAfter: 'resolve' })
    expect([resolved.descriptor, resolved.addresses.length]).toEqual([undefined, 1])
    const sent = await get(server.url, { stopAfter: 'send' })
    expect(sent).toMatchObject({ address: '127.0.0.1', port: server.port, bytesSent: sent.request.length })
    expect(sent.localPort).toBeGreaterThan(0)
    await server.idle()
  })
})

test('nothing is sent in the clear to a server that is asked by https:', async () => {
  await using server = await listen(() => {})
  const url = server.url.replace('http:', 'https:')
  await expect(get(url, { stopAfter: 'send' })).rejects.toThrow(
    new TypeError(`stopAfter 'send' shows a request that is not encrypted, got GET ${url}`),
  )
  expect(await get(url, { stopAfter: 'connect' })).toMatchObject({ port: server.port })
  await server.idle()
})

test('a step that is none', async () => {
  const options = JSON.parse('{"stopAfter":"listen"}')
  await expect(get('http://127.0.0.1/', options)).rejects.toThrow(
    new TypeError(`stopAfter must be 'create', 'resolve', 'connect' or 'send', got "listen"`),
  )
})
