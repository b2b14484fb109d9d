import { createSocket } from 'node:dgram'
import { getEventListeners, once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { NetworkError } from '@plainwire/socket-utils/errors'
import { describe, expect, test, vi } from 'vitest'
import { query } from './client.ts'
import { decodePacket, encodePacket } from './packet.ts'
import { fromUnixNanoseconds } from './protocol/timestamp.ts'
import { type ClientRequest, serveNtp, type Treatment } from './server.ts'

const MS = 1_000_000n
const NOW = 1_795_350_908_123n * MS

/** Sends the datagrams in order and resolves to the first answer; UDP on loopback keeps the order. */
async function ask(port: number, ...datagrams: Uint8Array[]): Promise<Uint8Array> {
  await using socket = createSocket('udp4')
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const answer = once(socket, 'message')
  for (const datagram of datagrams) socket.send(datagram)
  const [bytes] = (await answer) as [Uint8Array]
  return new Uint8Array(bytes)
}

describe('the server', () => {
  test('answers with two readings of its clock, the request’s transmit time as origin, and what it was told of itself', async () => {
    let now = NOW - 3n * MS
    const clock = (): bigint => (now += 3n * MS)
    await using server = await serveNtp({ port: 0, stratum: 7, referenceId: '198.51.100.7', offsetMs: -250.5, clock })
    const answer = await ask(server.port, encodePacket({ version: 3, mode: 3, poll: -6, transmitTimestamp: 0xabcdn }))
    expect(decodePacket(answer)).toEqual({
      leap: 0,
      version: 3,
      mode: 4,
      stratum: 7,
      poll: -6,
      precision: -18,
      rootDelay: 0,
      rootDispersion: 0,
      referenceId: 0xc6336407,
      referenceTimestamp: fromUnixNanoseconds(NOW - 250_500_000n),
      originTimestamp: 0xabcdn,
      receiveTimestamp: fromUnixNanoseconds(NOW - 250_500_000n),
      transmitTimestamp: fromUnixNanoseconds(NOW - 247_500_000n),
      trailer: new Uint8Array(),
    })
  })

  test('serves the wall clock on 127.0.0.1 at stratum 1 as LOCL unless told otherwise', async () => {
    await using server = await serveNtp({ port: 0 })
    expect(server.host).toBe('127.0.0.1')
    const result = await query(`127.0.0.1:${server.port}`)
    expect(result).toMatchObject({ stratum: 1, referenceId: 'LOCL', leap: 0 })
    expect(Math.abs(result.offsetMs)).toBeLessThan(50 + result.delayMs)
  })

  test('ignores what is no request, counts it, and goes on', async () => {
    await using server = await serveNtp({ port: 0 })
    const request = encodePacket({ version: 4, mode: 3, transmitTimestamp: 0x1234n })
    const answer = await ask(
      server.port,
      new Uint8Array(),
      new Uint8Array(47),
      new Uint8Array(60_000).fill(0xff),
      request.with(0, 0x24),
      request.with(0, 0x2b),
      request,
    )
    expect(decodePacket(answer)).toMatchObject({ mode: 4, originTimestamp: 0x1234n })
    expect(server.ignored).toEqual({ 'too-short': 2, 'wrong-mode': 2, 'wrong-version': 1 })
    expect(server.answered).toBe(1)
  })

  test('warns of a leap second, or says that it is not synchronized, as it is told', async () => {
    await using warning = await serveNtp({ port: 0, leap: 2 })
    expect(await query(`127.0.0.1:${warning.port}`)).toMatchObject({ leap: 2 })
    await using lost = await serveNtp({ port: 0, leap: 3 })
    await expect(query(`127.0.0.1:${lost.port}`)).rejects.toMatchObject({ code: 'ntp/unsynchronized' })
  })

  test('answers one request too many with RATE, which says how often is right and no time, and then nothing', async () => {
    await using server = await serveNtp({ port: 0, rateLimit: { intervalMs: 100_000, burst: 2 } })
    const request = encodePacket({ version: 4, mode: 3, poll: 4, transmitTimestamp: 0x1234n })
    await ask(server.port, request)
    await ask(server.port, request)
    expect(decodePacket(await ask(server.port, request))).toMatchObject({
      leap: 3,
      version: 4,
      mode: 4,
      stratum: 0,
      poll: 7, // 128 s
      referenceId: 0x52415445,
      originTimestamp: 0x1234n,
      receiveTimestamp: 0x1234n,
      transmitTimestamp: 0x1234n,
    })
    const attempt = query(`127.0.0.1:${server.port}`, { timeoutMs: 100, samples: 1 })
    await expect(attempt).rejects.toMatchObject({ code: 'timed-out' })
    expect(server.answered).toBe(2)
    expect(server.ignored).toEqual({ 'rate-limited': 2 })
  })

  test('its RATE is one that our own client obeys, and does not lower the poll that a client has already', async () => {
    await using server = await serveNtp({ port: 0, rateLimit: { intervalMs: 1000, burst: 1 } })
    await ask(server.port, encodePacket({ version: 4, mode: 3 }))
    expect(decodePacket(await ask(server.port, encodePacket({ version: 3, mode: 3, poll: 9 })))).toMatchObject({
      poll: 9,
      version: 3,
    })
    await using other = await serveNtp({ port: 0, rateLimit: { intervalMs: 1000, burst: 2 } })
    const { samples, stoppedBy } = await query(`127.0.0.1:${other.port}`)
    expect(samples).toHaveLength(2)
    expect(stoppedBy).toMatchObject({ code: 'ntp/kiss-of-death', kissCode: 'RATE', poll: 0 })
  })

  test('answers many clients at once', async () => {
    await using server = await serveNtp({ port: 0, clock: () => NOW })
    const results = await Promise.all(
      Array.from({ length: 50 }, () => query(`127.0.0.1:${server.port}`, { samples: 2, clock: () => NOW - MS })),
    )
    expect(new Set(results.map(({ offsetNs }) => offsetNs))).toEqual(new Set([MS]))
    expect(server.answered).toBe(100)
  })

  test('on a port that is taken says so', async () => {
    await using server = await serveNtp({ port: 0 })
    const failure = await serveNtp({ port: server.port }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(NetworkError)
    expect(failure).toMatchObject({
      code: 'address-in-use',
      message: `serve NTP on 127.0.0.1:${server.port}: address already in use (EADDRINUSE)`,
    })
  })

  test('on an address of another host says so', async () => {
    await expect(serveNtp({ host: '198.51.100.7', port: 0 })).rejects.toMatchObject({ code: 'address-unavailable' })
  })

  test.each([
    [{ stratum: 0 }, 'stratum must be a whole number from 1 to 15, got 0'],
    [{ stratum: 16 }, 'stratum must be a whole number from 1 to 15, got 16'],
    [{ stratum: 1.5 }, 'stratum must be a whole number from 1 to 15, got 1.5'],
    [{ leap: 4 }, 'leap must be 0, 1, 2 or 3, got 4'],
    [{ leap: -1 }, 'leap must be 0, 1, 2 or 3, got -1'],
    [{ rateLimit: { intervalMs: 0 } }, 'rateLimit.intervalMs must be above 0 and at most 131072000, got 0'],
    [{ port: 65_536 }, 'port must be 0 to 65535, got 65536'],
    [{ port: NaN }, 'port must be 0 to 65535, got NaN'],
    [{ offsetMs: NaN }, 'offsetMs must be a finite number, got NaN'],
  ])('%o is a RangeError', async (options, message) => {
    await expect(serveNtp({ port: 0, ...options })).rejects.toThrow(new RangeError(message))
  })

  test('close frees the port and may be called again', async () => {
    const server = await serveNtp({ port: 0 })
    await server.close()
    await server.close()
    await using again = await serveNtp({ port: server.port })
    expect(again.port).toBe(server.port)
  })

  test('a signal closes it', async () => {
    const controller = new AbortController()
    const server = await serveNtp({ port: 0, signal: controller.signal })
    controller.abort()
    await using again = await serveNtp({ port: server.port })
    expect(again.port).toBe(server.port)
  })

  test('closed otherwise, it leaves no listener on its signal', async () => {
    const { signal } = new AbortController()
    const server = await serveNtp({ port: 0, signal })
    await server.close()
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('a signal that is aborted while it starts leaves no server behind', async () => {
    const port = await serveNtp({ port: 0 }).then(async (server) => {
      await server.close()
      return server.port
    })
    // How many turns starting takes is its own business: abort after each number of them.
    for (let turns = 0; turns < 12; turns++) {
      const controller = new AbortController()
      const reason = new Error('changed my mind')
      const starting = serveNtp({ port, signal: controller.signal }).catch((error: unknown) => error)
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      controller.abort(reason)
      const outcome = await starting
      if (outcome instanceof Error) expect(outcome).toBe(reason)
      await using again = await serveNtp({ port })
      expect(again.port).toBe(port)
    }
  })

  test('a signal that was aborted before keeps it from starting', async () => {
    const reason = new Error('too late')
    await expect(serveNtp({ port: 0, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})

describe('a server that is told to misbehave', () => {
  test('loses, delays and refuses what it is asked to, and tells who asked', async () => {
    const asked: ClientRequest[] = []
    const treatments: Treatment[] = [
      { kind: 'ignore' },
      { kind: 'refuse', kissCode: 'DENY' },
      { kind: 'hold', holdMs: 30 },
      { kind: 'answer' },
    ]
    await using server = await serveNtp({
      port: 0,
      onRequest: (request) => {
        asked.push(request)
        return treatments[asked.length - 1] ?? { kind: 'answer' }
      },
    })
    const request = (transmitTimestamp: bigint) => encodePacket({ version: 4, mode: 3, poll: 7, transmitTimestamp })
    const kiss = decodePacket(await ask(server.port, request(1n), request(2n)))
    expect(kiss).toMatchObject({ stratum: 0, leap: 3, poll: 7, referenceId: 0x44454e59, originTimestamp: 2n })
    // The third is held back: the fourth overtakes it.
    expect(decodePacket(await ask(server.port, request(3n), request(4n))).originTimestamp).toBe(4n)
    await vi.waitFor(() => expect(server.answered).toBe(2))
    expect(server.ignored).toEqual({ untreated: 2 })
    expect(asked[0]).toEqual({ address: '127.0.0.1', port: expect.any(Number), version: 4 })
    expect(asked).toHaveLength(4)
  })

  test.each<[string, (() => Treatment) | (() => never), string]>([
    ['throws', () => expect.fail('mine'), 'mine'],
    [
      'refuses with no code',
      () => ({ kind: 'refuse', kissCode: 'TOOLONG' }),
      'a reference id is one to four ASCII letters or an IPv4 address, got "TOOLONG"',
    ],
    ['holds for ever', () => ({ kind: 'hold', holdMs: Infinity }), 'holdMs must be 0 to 2147483647, got Infinity'],
    ['holds for no number', () => ({ kind: 'hold', holdMs: NaN }), 'holdMs must be 0 to 2147483647, got NaN'],
    [
      'gives a promise',
      (async () => ({ kind: 'ignore' })) as unknown as () => Treatment,
      'onRequest must give a Treatment, got [object Promise]',
    ],
  ])('goes on when its handler %s, and says so', async (_, handle, message) => {
    const errors: unknown[] = []
    let count = 0
    const onRequest = (): Treatment => (++count === 1 ? handle() : { kind: 'answer' })
    await using server = await serveNtp({ port: 0, onRequest, onError: (error) => errors.push(error) })
    const request = (transmitTimestamp: bigint) => encodePacket({ version: 4, mode: 3, transmitTimestamp })
    expect(decodePacket(await ask(server.port, request(1n), request(2n))).originTimestamp).toBe(2n)
    expect(server.ignored).toEqual({ 'handler-error': 1 })
    expect(errors).toMatchObject([{ message }])
  })

  test.each<Treatment>([{ kind: 'answer' }, { kind: 'hold', holdMs: 0 }, { kind: 'refuse', kissCode: 'DENY' }])(
    'may be closed by its handler, whatever that wants then: %j',
    async (treatment) => {
      const asked = Promise.withResolvers<void>()
      const server = await serveNtp({
        port: 0,
        onRequest: () => {
          void server.close().then(asked.resolve)
          return treatment
        },
      })
      await using socket = createSocket('udp4')
      socket.send(encodePacket({ version: 4, mode: 3, transmitTimestamp: 1n }), server.port, '127.0.0.1')
      await asked.promise
      await setTimeout(5) // sending on a closed socket would throw out of a timer
      expect(server.answered).toBe(0)
    },
  )

  test('sends nothing more once it is closed', async () => {
    const asked = Promise.withResolvers<void>()
    const onRequest = (): Treatment => {
      asked.resolve()
      return { kind: 'hold', holdMs: 100 }
    }
    const server = await serveNtp({ port: 0, onRequest })
    await using socket = createSocket('udp4')
    socket.send(encodePacket({ version: 4, mode: 3, transmitTimestamp: 1n }), server.port, '127.0.0.1')
    await asked.promise
    await server.close()
    await setTimeout(120) // sending on a closed socket would throw out of a timer
    expect(server.answered).toBe(0)
  })
})
