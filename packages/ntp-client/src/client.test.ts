import { getEventListeners } from 'node:events'
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { NetworkError, ProtocolError } from '@plainwire/socket-utils/errors'
import { describe, expect, test } from 'vitest'
import { leftOpen, openHandles } from '../test/open-handles.ts'
import { answerTo, startUdpPeer } from '../test/udp-peer.ts'
import { query } from './client.ts'
import { type NtpPacketFields } from './packet.ts'
import { fromUnixNanoseconds } from './protocol/timestamp.ts'
import { serveNtp } from './server.ts'
import { type NtpExchange } from './udp-exchange.ts'

const MS = 1_000_000n
const NOW = 1_795_350_908_123n * MS
const HAS_IPV6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => isIPv6(address)))
const RATE = { stratum: 0, leap: 3, poll: 3, referenceId: 0x52415445 }

/** A clock whose every reading is 10 ms after the one before, so that each exchange takes 10 ms by it. */
function steppingClock(startNs = NOW): () => bigint {
  let now = startNs - 10n * MS
  return () => (now += 10n * MS)
}

/** The server's times for an exchange that began at `t1Ns`: 7 ms out, 2 in the server, 1 back, its clock 300 ms ahead. */
function times(t1Ns: bigint): Partial<NtpPacketFields> {
  return {
    receiveTimestamp: fromUnixNanoseconds(t1Ns + 307n * MS),
    transmitTimestamp: fromUnixNanoseconds(t1Ns + 309n * MS),
  }
}

/** Both of the server's times the same: an exchange that takes no time by a clock that stands still. */
const at = (serverNs: bigint): Partial<NtpPacketFields> => ({
  receiveTimestamp: fromUnixNanoseconds(serverNs),
  transmitTimestamp: fromUnixNanoseconds(serverNs),
})

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('did not fail'),
    (error: unknown) => error,
  )

describe('one query', () => {
  test('gives offset, delay and what the server says of itself', async () => {
    await using peer = await startUdpPeer((request, _, send) =>
      send(answerTo(request, { ...times(NOW), leap: 1, rootDelay: 0x8000, rootDispersion: 0x4000 })),
    )
    const result = await query(peer.server, { samples: 1, clock: steppingClock() })
    expect(result).toMatchObject({
      offsetNs: 303n * MS,
      offsetMs: 303,
      delayNs: 8n * MS,
      delayMs: 8,
      leap: 1,
      stratum: 2,
      referenceId: '198.51.100.7',
      rootDelayMs: 500,
      rootDispersionMs: 250,
      header: { version: 4, mode: 4, precision: -20 },
      server: { host: '127.0.0.1', address: '127.0.0.1', port: peer.port },
      dropped: {},
      stoppedBy: undefined,
    })
    expect(result.samples).toHaveLength(1)
    const reading = (2 ** -20 + 2 ** -18) * 1000 // what the two clocks resolve, in ms
    expect(result.dispersionMs).toBeCloseTo(reading + 10 * 15e-6, 9)
    expect(result.jitterMs).toBeCloseTo(reading, 9)
    expect(result.rootDistanceMs).toBeCloseTo(504 + 2 * reading + 10 * 15e-6, 9)
    expect(result.maxErrorMs).toBeCloseTo(504 + reading + 10 * 500e-6, 9)
  })

  test('makes four exchanges, each from a new port, and tells the server nothing but 64 random bits', async () => {
    await using peer = await startUdpPeer((request, count, send) =>
      send(answerTo(request, times(NOW + BigInt(count - 1) * 20n * MS))),
    )
    const { samples } = await query(peer.server, { clock: steppingClock() })
    expect(samples).toHaveLength(4)
    expect(new Set(peer.requests.map(({ port }) => port)).size).toBe(4)
    const hex = peer.requests.map(({ bytes }) => Buffer.from(bytes).toString('hex'))
    for (const request of hex) expect(request).toMatch(/^230{78}[0-9a-f]{16}$/)
    expect(new Set(hex).size).toBe(4)
  })

  test('believes the exchange with the least delay', async () => {
    const delaysMs = [40n, 20n, 30n]
    const readings = delaysMs.flatMap((delayMs, index) => {
      const t1Ns = NOW + BigInt(index) * 1000n * MS
      return [t1Ns, t1Ns + delayMs * MS]
    })
    const clock = (): bigint => readings.shift() ?? 0n
    // The server answers at once, its clock ahead by 100, 200, 300 ms plus the way there.
    await using peer = await startUdpPeer((request, count, send) => {
      const arrivedAt = fromUnixNanoseconds(NOW + BigInt(count - 1) * 1000n * MS + BigInt(count) * 100n * MS)
      return send(answerTo(request, { receiveTimestamp: arrivedAt, transmitTimestamp: arrivedAt }))
    })
    const result = await query(peer.server, { samples: 3, clock })
    expect(result.samples.map(({ delayNs }) => delayNs)).toEqual([40n * MS, 20n * MS, 30n * MS])
    expect(result).toMatchObject({ offsetMs: 190, delayMs: 20 })
  })

  test('shows each exchange: bytes, header and the four times', async () => {
    await using peer = await startUdpPeer((request, _, send) =>
      send(answerTo(request, { ...times(NOW), trailer: Uint8Array.of(9, 8, 7) })),
    )
    const seen: NtpExchange[] = []
    await query(peer.server, { samples: 1, clock: steppingClock(), onExchange: (exchange) => seen.push(exchange) })
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({
      request: peer.requests[0]!.bytes,
      t1Ns: NOW,
      t2Ns: NOW + 307n * MS,
      t3Ns: NOW + 309n * MS,
      t4Ns: NOW + 10n * MS,
    })
    expect(seen[0]!.response).toEqual(
      answerTo(peer.requests[0]!.packet, { ...times(NOW), trailer: Uint8Array.of(9, 8, 7) }),
    )
    expect(seen[0]!.header.trailer).toEqual(Uint8Array.of(9, 8, 7))
  })

  test.each([60n, -60n])('a local clock that is wrong by %i years learns it', async (years) => {
    await using server = await serveNtp({ port: 0 })
    const yearsNs = years * 31_556_952_000n * MS
    const clock = (): bigint => BigInt(Date.now()) * MS - yearsNs
    const { offsetNs } = await query(`127.0.0.1:${server.port}`, { clock })
    expect(Number(offsetNs - yearsNs) / 1e9).toBeCloseTo(0, 0)
  })

  test('crosses into era 1 on 7 February 2036', async () => {
    const rollover = BigInt(Date.parse('2036-02-07T06:28:16Z')) * MS
    await using server = await serveNtp({ port: 0, clock: () => rollover + 500n * MS })
    const result = await query(`127.0.0.1:${server.port}`, { clock: () => rollover - 500n * MS })
    expect(result).toMatchObject({ offsetMs: 1000, header: { receiveTimestamp: 0x8000_0000n } })
    expect(result.samples[0]).toMatchObject({ t1Ns: rollover - 500n * MS, t2Ns: rollover + 500n * MS })
  })

  test.runIf(HAS_IPV6)('asks an IPv6 address in brackets', async () => {
    await using peer = await startUdpPeer((request, _, send) => send(answerTo(request, times(NOW))), '::1')
    const { server } = await query(`ntp://${peer.server}`, { samples: 1, clock: steppingClock() })
    expect(server).toEqual({ host: '::1', address: '::1', port: peer.port })
  })

  test.runIf(HAS_IPV6 && process.platform === 'linux')('asks an IPv6 address with its zone', async () => {
    await using peer = await startUdpPeer((request, _, send) => send(answerTo(request, times(NOW))), '::1')
    const result = await query(`[::1%lo]:${peer.port}`, { samples: 1, clock: steppingClock() })
    expect(result.server).toEqual({ host: '::1%lo', address: '::1%lo', port: peer.port })
    expect(await failureOf(query(`[fe80::1%nosuch0]:${peer.port}`))).toBeInstanceOf(NetworkError)
  })
})

describe('datagrams that are not the answer are counted, and the wait goes on', () => {
  test.each<[string, Partial<Record<string, number>>, (honest: Uint8Array) => Uint8Array]>([
    ['of 47 bytes', { 'too-short': 1 }, (honest) => honest.subarray(0, 47)],
    ['of no bytes', { 'too-short': 1 }, () => new Uint8Array()],
    ['of 60,000 bytes of garbage', { 'wrong-mode': 1 }, () => new Uint8Array(60_000).fill(0xff)],
    ['with another origin', { 'wrong-origin': 1 }, (honest) => honest.with(31, honest[31]! ^ 1)],
    ['that is our own request', { 'wrong-mode': 1 }, (honest) => honest.with(0, 0x23)],
    ["that forges a kiss-o'-death", { 'wrong-origin': 1 }, (honest) => honest.with(1, 0).with(24, honest[24]! ^ 0x80)],
  ])('%s', async (_, dropped, spoil) => {
    await using peer = await startUdpPeer(async (request, _, send) => {
      // 10 ms later by the local clock, which is read for every datagram.
      const honest = answerTo(request, times(NOW))
      await send(spoil(honest))
      await send(honest)
    })
    const result = await query(peer.server, { samples: 1, clock: steppingClock() })
    expect(result.dropped).toEqual(dropped)
    expect(result.offsetMs).toBe(298) // half of the 10 ms that the first datagram took off
    expect(peer.requests).toHaveLength(1)
  })

  test('from another port, even with the right origin, never reach us', async () => {
    await using peer = await startUdpPeer(async (request, _, send) => {
      await send(answerTo(request, times(NOW + 3_600_000n * MS)), 'another port')
      await send(answerTo(request, times(NOW)))
    })
    const result = await query(peer.server, { samples: 1, clock: steppingClock() })
    expect(result).toMatchObject({ offsetMs: 303, dropped: {} })
  })

  test('duplicates of an answer do no harm to the next exchange', async () => {
    await using peer = await startUdpPeer(async (request, count, send) => {
      const answer = answerTo(request, times(NOW + BigInt(count - 1) * 20n * MS))
      await Promise.all([send(answer), send(answer), send(answer)])
    })
    const result = await query(peer.server, { clock: steppingClock() })
    expect(result.samples.map(({ offsetNs }) => offsetNs)).toEqual([303n, 303n, 303n, 303n].map((ms) => ms * MS))
    expect(result.dropped).toEqual({})
  })
})

describe('a query that fails', () => {
  test('on silence says so after its time, and does not ask in a hurry as that runs out', async () => {
    await using peer = await startUdpPeer(() => {})
    expect(await failureOf(query(peer.server, { timeoutMs: 60, samples: 64 }))).toEqual(
      new NetworkError('timed-out', `query ${peer.server}: timed out after 60 ms; ignored 0 datagrams`),
    )
    expect(peer.requests.length).toBeLessThan(4)
  })

  test('on nothing but garbage says what it ignored', async () => {
    await using peer = await startUdpPeer((_, __, send) => send(new Uint8Array(47)))
    expect(await failureOf(query(peer.server, { timeoutMs: 400, samples: 1 }))).toMatchObject({
      code: 'timed-out',
      message: `query ${peer.server}: timed out after 400 ms; ignored 1 datagram of 47 bytes (too short)`,
    })
  })

  test('on a closed port fails at once', async () => {
    const peer = await startUdpPeer(() => {})
    await peer[Symbol.asyncDispose]()
    const failure = await failureOf(query(peer.server, { timeoutMs: 2 ** 31 - 1 }))
    expect(failure).toBeInstanceOf(NetworkError)
    expect(failure).toMatchObject({
      code: 'connect-refused',
      message: `query ${peer.server}: connection refused (ECONNREFUSED)`,
      cause: { code: 'ECONNREFUSED' },
    })
  })

  test.runIf(process.platform === 'linux')('on an address that may not be asked says so', async () => {
    expect(await failureOf(query('255.255.255.255'))).toMatchObject({
      code: 'permission-denied',
      message: 'query 255.255.255.255:123: permission denied (EACCES)',
    })
  })

  test("on a kiss-o'-death stops at once and shows the code", async () => {
    await using peer = await startUdpPeer((request, _, send) => send(answerTo(request, RATE)))
    const failure = await failureOf(query(peer.server))
    expect(failure).toBeInstanceOf(ProtocolError)
    expect(failure).toMatchObject({
      code: 'ntp/kiss-of-death',
      message: `query ${peer.server}: the server refuses: kiss-o'-death RATE`,
      kissCode: 'RATE',
      poll: 3,
    })
    expect(peer.requests).toHaveLength(1)
  })

  test('on a server that is not synchronized', async () => {
    await using peer = await startUdpPeer((request, _, send) => send(answerTo(request, { ...times(NOW), leap: 3 })))
    expect(await failureOf(query(peer.server))).toMatchObject({
      code: 'ntp/unsynchronized',
      message: `query ${peer.server}: the server is not synchronized: leap 3, stratum 2, root distance 0 ms`,
    })
  })

  test('on a name that does not exist, and on a resolver that finds nothing', async () => {
    expect(await failureOf(query('nosuch.invalid'))).toMatchObject({ code: 'lookup-failed' })
    expect(await failureOf(query('empty.example', { resolve: async () => [] }))).toMatchObject({
      code: 'lookup-failed',
      message: 'look up "empty.example": no address for this name',
    })
  })

  test('on a fault of the caller’s own functions throws that fault', async () => {
    await using peer = await startUdpPeer((request, _, send) => send(answerTo(request, at(NOW))))
    const fault = new TypeError('no clock')
    const broken = (): never => {
      throw fault
    }
    expect(await failureOf(query(peer.server, { clock: broken }))).toBe(fault)
    for (const good of [1, 2, 3]) {
      let readings = 0
      const breaking = (): bigint => (readings++ < good ? NOW : broken())
      expect(await failureOf(query(peer.server, { clock: breaking })), `after ${good} readings`).toBe(fault)
    }
    expect(await failureOf(query(peer.server, { clock: steppingClock(), onExchange: broken }))).toBe(fault)
  })

  test.each([
    ['samples', 0],
    ['samples', 1.5],
    ['samples', NaN],
    ['samples', 65],
    ['timeoutMs', 0],
    ['timeoutMs', NaN],
    ['timeoutMs', Infinity],
  ])('%s of %f is a RangeError', async (option, value) => {
    const failure = await failureOf(query('127.0.0.1:1', { resolve: async () => [], [option]: value }))
    expect(failure).toBeInstanceOf(RangeError)
    const range = option === 'samples' ? 'a whole number from 1 to 64' : 'above 0 and at most 2147483647'
    expect(String(failure)).toBe(`RangeError: ${option} must be ${range}, got ${value}`)
  })

  test.each(['', 'a b', 'http://time.example', 'unix:/run/ntp', 'ntp://'])('%j is no server', async (server) => {
    expect(await failureOf(query(server))).toBeInstanceOf(TypeError)
  })

  test.each([
    ['127.0.0.1:0', 'port must be 1 to 65535, got "127.0.0.1:0"'],
    ['127.0.0.1:65536', 'port must be 0 to 65535, got "65536"'],
  ])('%s has no port', async (server, message) => {
    expect(await failureOf(query(server))).toEqual(new RangeError(message))
  })
})

describe('a query that loses something on the way', () => {
  test('asks again when an answer is lost', async () => {
    await using peer = await startUdpPeer(async (request, count, send) => {
      if (count !== 1) await send(answerTo(request, at(NOW + 7n * MS)))
    })
    const result = await query(peer.server, { timeoutMs: 1500, samples: 3, clock: () => NOW })
    expect(result.samples).toHaveLength(3)
    expect(result).toMatchObject({ offsetMs: 7, dropped: {}, stoppedBy: undefined })
    expect(peer.requests).toHaveLength(4)
    const single = await query(peer.server, { timeoutMs: 1500, samples: 1, clock: () => NOW })
    expect(single.samples).toHaveLength(1)
  })

  test('asks for a single sample again, too', async () => {
    await using peer = await startUdpPeer(async (request, count, send) => {
      if (count > 2) await send(answerTo(request, at(NOW + 7n * MS)))
    })
    expect((await query(peer.server, { timeoutMs: 2400, samples: 1, clock: () => NOW })).offsetMs).toBe(7)
    expect(peer.requests).toHaveLength(3)
  })

  test('tells error bounds that hold at the last sample, though an earlier one was the best', async () => {
    const readings = [0n, 20n, 2_000_020n, 2_000_060n].map((ms) => NOW + ms * MS)
    await using peer = await startUdpPeer((request, count, send) =>
      send(answerTo(request, at(NOW + (count === 1 ? 10n : 2_000_050n) * MS))),
    )
    const result = await query(peer.server, { samples: 2, clock: () => readings.shift() ?? 0n })
    expect(result).toMatchObject({ offsetMs: 0, delayMs: 20 })
    expect(result.jitterMs).toBeCloseTo(10, 9)
    expect(result.maxErrorMs).toBeCloseTo(10 + (2 ** -20 + 2 ** -18) * 1000 + 2_000_060 * 500e-6, 6)
  })

  test("obeys a kiss-o'-death in the middle and keeps what it has", async () => {
    await using peer = await startUdpPeer((request, count, send) =>
      send(answerTo(request, count < 3 ? times(NOW + BigInt(count - 1) * 20n * MS) : RATE)),
    )
    const result = await query(peer.server, { samples: 8, clock: steppingClock() })
    expect(result.samples).toHaveLength(2)
    expect(result.stoppedBy).toMatchObject({ code: 'ntp/kiss-of-death' })
    expect(peer.requests).toHaveLength(3)
  })

  const twoAddresses = async () =>
    [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ] as const

  test('tries the next address when one refuses or cannot be reached', async () => {
    await using peer = await startUdpPeer((request, _, send) => send(answerTo(request, at(NOW + 7n * MS))))
    const options = { samples: 1, resolve: twoAddresses, clock: () => NOW }
    const result = await query(`time.example:${peer.port}`, options)
    expect(result.server).toEqual({ host: 'time.example', address: '127.0.0.1', port: peer.port })
    expect(result.offsetMs).toBe(7)
  })

  test.runIf(HAS_IPV6)('tries the next address when one is silent, with time left for it', async () => {
    await using peer = await startUdpPeer((request, _, send) => send(answerTo(request, at(NOW))))
    await using silent = await startUdpPeer(() => {}, '::1', peer.port)
    const options = { samples: 1, timeoutMs: 1800, resolve: twoAddresses, clock: () => NOW }
    const { server } = await query(`time.example:${peer.port}`, options)
    expect(server.address).toBe('127.0.0.1')
    expect(silent.requests).toHaveLength(2)
  })

  test('does not go on to the next address after a fault of the caller’s own', async () => {
    await using peer = await startUdpPeer(() => {})
    const fault = new TypeError('no clock')
    const clock = (): never => {
      throw fault
    }
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }, ...(await twoAddresses())] as const
    expect(await failureOf(query(`time.example:${peer.port}`, { resolve, clock }))).toBe(fault)
  })

  test.runIf(HAS_IPV6)('of all addresses tells what each one said', async () => {
    await using kissing = await startUdpPeer((request, _, send) => send(answerTo(request, RATE)))
    const server = `time.example:${kissing.port}`
    const failure = await failureOf(query(server, { resolve: twoAddresses }))
    expect(failure).toMatchObject({
      code: 'ntp/kiss-of-death',
      kissCode: 'RATE',
      message:
        `query ${server} (::1): connection refused (ECONNREFUSED); ` +
        `query ${server} (127.0.0.1): the server refuses: kiss-o'-death RATE`,
    })
    expect((failure as Error).cause).toBeInstanceOf(AggregateError)
  })

  test.runIf(HAS_IPV6)('asks no other address of a server that refuses', async () => {
    await using other = await startUdpPeer((request, _, send) => send(answerTo(request, at(NOW))))
    await using kissing = await startUdpPeer((request, _, send) => send(answerTo(request, RATE)), '::1', other.port)
    const failure = await failureOf(query(`time.example:${kissing.port}`, { resolve: twoAddresses }))
    expect(failure).toMatchObject({ code: 'ntp/kiss-of-death', kissCode: 'RATE' })
    expect(other.requests).toHaveLength(0)
  })

  test('ends in time, and on request, though a look-up of the caller’s own does neither', async () => {
    const before = await openHandles()
    const resolve = () => new Promise<never>(() => {})
    expect(await failureOf(query('time.example', { resolve, timeoutMs: 20 }))).toMatchObject({
      code: 'timed-out',
      message: 'look up "time.example": timed out after 20 ms',
    })
    const controller = new AbortController()
    const waiting = failureOf(query('time.example', { resolve, signal: controller.signal }))
    controller.abort('enough')
    expect(await waiting).toBe('enough')
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    expect(await leftOpen(before)).toEqual({ sockets: 0, timers: 0 })
  })
})

describe('an aborted query', () => {
  test('throws the signal’s reason, whatever it is, and leaves no socket', async () => {
    const controller = new AbortController()
    const reason = { because: 'the user pressed Ctrl-C' }
    await using peer = await startUdpPeer(() => controller.abort(reason))
    const before = await openHandles()
    expect(await failureOf(query(peer.server, { signal: controller.signal, timeoutMs: 2 ** 31 - 1 }))).toBe(reason)
    expect(await leftOpen(before)).toEqual({ sockets: 0, timers: 0 })
    expect(peer.requests).toHaveLength(1)
  })

  test('before it began sends nothing', async () => {
    await using peer = await startUdpPeer(() => {})
    const reason = new Error('never mind')
    const signal = AbortSignal.abort(reason)
    expect(await failureOf(query(peer.server, { signal }))).toBe(reason)
    expect(await failureOf(query(peer.server, { signal, resolve: () => expect.fail('looked up') }))).toBe(reason)
    expect(peer.requests).toHaveLength(0)
  })

  test('between or within later exchanges throws the reason, too, though there are samples', async () => {
    const reason = new NetworkError('failed', 'a reason that looks like one of our own errors')
    const within = new AbortController()
    await using peer = await startUdpPeer((request, count, send) => {
      if (count === 2) within.abort(reason)
      else return send(answerTo(request, at(NOW)))
      return undefined
    })
    const clock = (): bigint => NOW
    expect(await failureOf(query(peer.server, { clock, signal: within.signal }))).toBe(reason)
    expect(peer.requests).toHaveLength(2)

    const between = new AbortController()
    const options = { clock, signal: between.signal, onExchange: () => between.abort(reason) }
    expect(await failureOf(query(peer.server, options))).toBe(reason)
    expect(peer.requests).toHaveLength(3)
  })

  test('leaves no listener on a signal that lives on', async () => {
    await using server = await serveNtp({ port: 0 })
    const { signal } = new AbortController()
    const before = await openHandles()
    await query(`127.0.0.1:${server.port}`, { signal, timeoutMs: 2 ** 31 - 1 })
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(await leftOpen(before)).toEqual({ sockets: 0, timers: 0 })
  })
})
