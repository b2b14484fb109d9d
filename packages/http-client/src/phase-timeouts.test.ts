import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startDeadline } from '@plainwire/socket-utils'
import { afterRequest, listen } from '../test/loopback.ts'
import { get, request, type RequestOptions } from './client.ts'
import { ExchangeRecorder } from './exchange-trace.ts'
import { PhaseTimeouts, type PhaseLimits } from './phase-timeouts.ts'
import { noteConnectStep } from './request-step.ts'

describe('a deadline for a part', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('firstByte begins when the request is out', async () => {
    await using server = await listen(() => {})
    const sent = Promise.withResolvers<void>()
    const answer = get(server.url, {
      phaseTimeoutsMs: { firstByte: 500, idle: 300 },
      onStep: ({ step }) => step === 'send' && sent.resolve(),
    })
    const failure = expect(answer).rejects.toMatchObject({
      code: 'timed-out',
      message: `GET ${server.url}: waiting for the first byte took more than 500 ms`,
    })
    await sent.promise
    vi.advanceTimersByTime(500)
    await failure
    await server.idle()
    expect(vi.getTimerCount(), 'timers, with the one that all deadlines of a length share').toBe(1)
  })

  test('idle begins anew with each piece, and only while somebody waits', async () => {
    const opened = Promise.withResolvers<Socket>()
    await using server = await listen(
      afterRequest((socket) => {
        socket.write('HTTP/1.0 200 OK\r\n\r\na')
        opened.resolve(socket)
      }),
    )
    const response = await get(server.url, { phaseTimeoutsMs: { idle: 300 } })
    const socket = await opened.promise
    const pieces = response.body[Symbol.asyncIterator]()
    expect((await pieces.next()).value).toHaveLength(1)
    vi.advanceTimersByTime(10_000) // nobody waits
    for (let round = 0; round < 3; round++) {
      const next = pieces.next()
      vi.advanceTimersByTime(299)
      socket.write('b')
      expect((await next).value).toHaveLength(1)
    }
    const failure = expect(pieces.next()).rejects.toMatchObject({
      code: 'timed-out',
      message: expect.stringMatching(/waiting for more of the response took more than 300 ms$/),
    })
    vi.advanceTimersByTime(300)
    await failure
    await server.idle()
  })

  test('idle, with forEach', async () => {
    const opened = Promise.withResolvers<Socket>()
    await using server = await listen(
      afterRequest((socket) => {
        socket.write('HTTP/1.0 200 OK\r\n\r\na')
        opened.resolve(socket)
      }),
    )
    const response = await get(server.url, { phaseTimeoutsMs: { idle: 300 } })
    const socket = await opened.promise
    const seen: (() => void)[] = []
    const lengths: number[] = []
    const failure = expect(
      response.body.forEach((piece) => {
        lengths.push(piece.length)
        seen.shift()?.()
      }),
    ).rejects.toMatchObject({ code: 'timed-out' })
    for (let round = 0; round < 3; round++) {
      vi.advanceTimersByTime(299)
      const read = new Promise<void>((resolve) => seen.push(resolve))
      socket.write('b')
      await read
    }
    vi.advanceTimersByTime(300)
    await failure
    expect(lengths).toEqual([1, 1, 1, 1])
  })

  test('send: a server that does not read', async () => {
    const asked = Promise.withResolvers<Socket>()
    await using server = await listen((socket) => {
      socket.pause()
      asked.resolve(socket)
    })
    const connected = Promise.withResolvers<void>()
    const answer = request(server.url, {
      method: 'PUT',
      body: new Uint8Array(64 << 20),
      phaseTimeoutsMs: { send: 200 },
      onStep: ({ step }) => step === 'connect' && connected.resolve(),
    })
    const failure = expect(answer).rejects.toMatchObject({
      code: 'timed-out',
      message: expect.stringMatching(/sending the request took more than 200 ms$/),
    })
    const socket = await asked.promise
    await connected.promise
    await new Promise(setImmediate)
    vi.advanceTimersByTime(200)
    await failure
    socket.resume()
  })

  test('nothing is left of them at the end', async () => {
    await using server = await listen(afterRequest((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nabc')))
    const phaseTimeoutsMs = { lookup: 1000, connect: 1000, tls: 1000, send: 1000, firstByte: 1000, idle: 1000 }
    expect(await (await get(server.url, { phaseTimeoutsMs })).text()).toBe('abc')
    expect(vi.getTimerCount(), 'timers, with the one that all deadlines of a length share').toBe(1)
  })
})

test('tls: a server that takes the connection and says nothing', async () => {
  await using server = await listen(() => {})
  const url = server.url.replace('http', 'https')
  await expect(get(url, { phaseTimeoutsMs: { tls: 100 } })).rejects.toMatchObject({
    code: 'timed-out',
    message: `GET ${url}: TLS handshake took more than 100 ms`,
  })
  await server.idle()
})

test('connect begins where the look-up ends, whose own limit is over then', () => {
  vi.useFakeTimers()
  try {
    using deadline = startDeadline(10_000, undefined, () => new Error('all of it'))
    const recorder = new ExchangeRecorder('http://a/', false)
    const phases = new PhaseTimeouts({ lookup: 100, connect: 300 }, deadline, 'GET http://a/')
    phases.enter('lookup')
    vi.advanceTimersByTime(99)
    noteConnectStep({ step: 'lookup', host: 'a', addresses: [], elapsedMs: 99 }, { recorder, phases })
    vi.advanceTimersByTime(299)
    expect(deadline.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(deadline.reason).toMatchObject({ message: 'GET http://a/: connecting took more than 300 ms' })
  } finally {
    vi.useRealTimers()
  }
})

test.each<[PhaseLimits, RegExp]>([
  [{ lookup: 0 }, /phaseTimeoutsMs\.lookup must be above 0 and below 2147483648, got 0$/],
  [{ idle: NaN }, /got NaN$/],
  [{ send: 2 ** 31 }, /got 2147483648$/],
])('%j is refused', async (phaseTimeoutsMs, message) => {
  await expect(get('http://127.0.0.1:9/', { phaseTimeoutsMs })).rejects.toThrow(message)
})

test('a phase that is none', async () => {
  const options: RequestOptions = JSON.parse('{"phaseTimeoutsMs":{"dns":5}}')
  await expect(get('http://127.0.0.1:9/', options)).rejects.toThrow(new TypeError('phaseTimeoutsMs has no "dns"'))
})
