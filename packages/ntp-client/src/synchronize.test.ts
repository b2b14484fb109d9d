import { getEventListeners } from 'node:events'
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { NetworkError, ProtocolError } from '@plainwire/socket-utils/errors'
import { describe, expect, test } from 'vitest'
import { leftOpen, openHandles } from '../test/open-handles.ts'
import { answerTo, startUdpPeer, type UdpPeer } from '../test/udp-peer.ts'
import { type NtpPacketFields } from './packet.ts'
import { kissOfDeath } from './protocol/kiss-of-death.ts'
import { KissMemory } from './protocol/kiss-memory.ts'
import { fromUnixNanoseconds } from './protocol/timestamp.ts'
import { isNoMajority, synchronize, type SynchronizeOptions } from './synchronize.ts'

const MS = 1_000_000n
const NOW = 1_795_350_908_123n * MS
const clock = (): bigint => NOW
const RATE = { stratum: 0, leap: 3, poll: -6, referenceId: 0x52415445 }
const DENY = { stratum: 0, leap: 3, referenceId: 0x44454e59 }

/** A server whose clock is ahead by so many ms, on a network that takes no time by the local clock, which stands still. */
function ahead(ms: number, changes: Partial<NtpPacketFields> = {}): Promise<UdpPeer> {
  const time = fromUnixNanoseconds(NOW + BigInt(ms) * MS)
  const fields = { receiveTimestamp: time, transmitTimestamp: time, rootDispersion: 655, ...changes } // 10 ms
  return startUdpPeer((request, _, send) => send(answerTo(request, fields)))
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('did not fail'),
    (error: unknown) => error,
  )

const HAS_IPV6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => isIPv6(address)))

const serversOf = (verdicts: readonly { readonly server: string }[]): string[] => verdicts.map(({ server }) => server)

describe('several servers', () => {
  test('agree on a time, and the one that does not is named', async () => {
    await using a = await ahead(300)
    await using liar = await ahead(350)
    await using b = await ahead(304, { stratum: 1, leap: 1 })
    await using c = await ahead(302, { leap: 1 })
    const servers = [a, liar, b, c].map(({ server }) => server)
    const before = await openHandles()
    const result = await synchronize(servers, { samples: 1, clock })
    expect(result.offsetMs).toBeCloseTo(302, 1)
    expect(Number(result.offsetNs) / 1e6).toBe(result.offsetMs)
    expect(result.maxErrorMs).toBeCloseTo(8, 1) // three intervals cover 294 to 310
    expect(serversOf(result.survivors)[0]).toBe(b.server)
    expect(new Set(serversOf(result.survivors))).toEqual(new Set([a, b, c].map(({ server }) => server)))
    expect(serversOf(result.falsetickers)).toEqual([liar.server])
    expect(result.falsetickers[0]?.result.offsetMs).toBe(350)
    expect(result).toMatchObject({ leap: 1, quorum: 3, outliers: [], failures: [] })
    expect(result.jitterMs).toBeGreaterThan(1)
    expect(await leftOpen(before)).toEqual({ sockets: 0, timers: 0 })
  })

  test('are asked side by side, four times each unless told otherwise', async () => {
    await using a = await ahead(300)
    await using b = await ahead(300)
    await synchronize([a.server, b.server], { clock })
    expect([a.requests.length, b.requests.length]).toEqual([4, 4])
  })

  test('that disagree give an error that shows what each one said, and never a guess', async () => {
    await using a = await ahead(300)
    await using b = await ahead(0)
    const closed = await ahead(0)
    await closed[Symbol.asyncDispose]()
    const failure = await failureOf(synchronize([a.server, b.server, closed.server], { samples: 1, clock }))
    expect(failure).toBeInstanceOf(ProtocolError)
    expect(failure).toMatchObject({ code: 'ntp/no-majority' })
    const { message, cause } = failure as Error
    expect(message).toMatch(/^synchronize: 2 of 3 servers must agree: /)
    expect(message).toContain(`${a.server} says 300.000 ± 9.999 ms`)
    expect(message).toContain(`${b.server} says 0.000 ± 9.999 ms`)
    expect(message).toContain(`query ${closed.server}: connection refused`)
    expect((cause as AggregateError).errors).toMatchObject([{ code: 'connect-refused' }])
    if (!isNoMajority(failure)) throw failure
    const said = new Map(failure.answers.map(({ server, result }) => [server, result.offsetMs]))
    expect(said).toEqual(
      new Map([
        [a.server, 300],
        [b.server, 0],
      ]),
    )
    expect(failure).toMatchObject({ quorum: 2, failures: [{ server: closed.server }] })
  })

  test('are outvoted by silence, too: who silences the others must not decide', async () => {
    await using only = await ahead(300)
    const closed = await ahead(0)
    await closed[Symbol.asyncDispose]()
    const servers = [only.server, closed.server]
    expect(await failureOf(synchronize(servers, { clock }))).toMatchObject({ code: 'ntp/no-majority' })
    const result = await synchronize(servers, { clock, quorum: 1 })
    expect(result).toMatchObject({ offsetMs: 300, quorum: 1 })
    expect(result.failures).toMatchObject([{ server: closed.server, error: { code: 'connect-refused' } }])
  })

  test('a quorum of one still needs more than half of those that answer', async () => {
    await using a = await ahead(300)
    await using b = await ahead(0)
    const failure = failureOf(synchronize([a.server, b.server], { clock, quorum: 1, samples: 1 }))
    // The first to answer is believed until the second contradicts it.
    expect(await failure).toMatchObject({ code: 'ntp/no-majority' })
  })

  test('one of them is as good as query', async () => {
    await using only = await ahead(300)
    const result = await synchronize([only.server], { clock })
    expect(result).toMatchObject({ offsetMs: 300, offsetNs: 300n * MS, quorum: 1, falsetickers: [], outliers: [] })
    expect(result.maxErrorMs).toBeCloseTo(result.survivors[0]!.result.maxErrorMs, 5)
  })

  test('none of which answers, give their errors in one', async () => {
    const closed = await ahead(0)
    await closed[Symbol.asyncDispose]()
    const failure = await failureOf(synchronize([closed.server, `ntp://${closed.server}`]))
    expect(failure).toBeInstanceOf(NetworkError)
    expect(failure).toMatchObject({
      code: 'connect-refused',
      message: Array.from({ length: 2 }, () => `query ${closed.server}: connection refused (ECONNREFUSED)`).join('; '),
    })
  })

  test('under several names one server has one vote', async () => {
    await using twice = await ahead(300)
    const servers = [twice.server, `ntp://${twice.server}`]
    const failure = await failureOf(synchronize(servers, { samples: 1, clock }))
    expect(failure).toMatchObject({ code: 'ntp/no-majority' })
    expect(String(failure)).toContain(`${twice.server} has its vote as `)
  })

  test.runIf(HAS_IPV6)('in two spellings of its address it has one vote, too', async () => {
    const time = fromUnixNanoseconds(NOW)
    const answer = { receiveTimestamp: time, transmitTimestamp: time }
    await using v6 = await startUdpPeer((request, _, send) => send(answerTo(request, answer)), '::1')
    await using v4 = await ahead(0)
    for (const servers of [
      [`[::1]:${v6.port}`, `[0:0:0:0:0:0:0:1]:${v6.port}`],
      [v4.server, `[::ffff:127.0.0.1]:${v4.port}`],
      [v4.server, `[::ffff:7f00:1]:${v4.port}`],
    ]) {
      const failure = await failureOf(synchronize(servers, { samples: 1, clock }))
      expect(failure).toMatchObject({ code: 'ntp/no-majority', failures: [{ error: { code: 'ntp/same-server' } }] })
    }
  })

  test('one of which is silent, are not waited for once a majority agrees', async () => {
    await using a = await ahead(300)
    await using b = await ahead(300)
    await using silent = await startUdpPeer(() => {})
    const servers = [silent.server, a.server, b.server]
    const before = await openHandles()
    const result = await synchronize(servers, { clock, timeoutMs: 2 ** 31 - 1 })
    expect(result.offsetMs).toBe(300)
    expect(result.failures).toMatchObject([{ server: silent.server, error: { code: 'timed-out' } }])
    expect(await leftOpen(before)).toEqual({ sockets: 0, timers: 0 })
  })
})

describe('wrong arguments', () => {
  test.each([
    ['servers that are no list', 'time.example', {}, 'servers must be a list of names, got "time.example"'],
    ['a server that is no text', [5], {}, 'server must be text such as host:port, got 5'],
    [
      'a time-out that is text',
      ['a'],
      { timeoutMs: '5000' },
      'timeoutMs must be above 0 and at most 2147483647, got "5000"',
    ],
    ['a quorum of more than there are', ['a'], { quorum: 2 }, 'quorum must be a whole number from 1 to 1, got 2'],
  ])('such as %s are refused, and leave no listener', async (_, servers, options, message) => {
    const { signal } = new AbortController()
    const asked = { ...options, signal } as SynchronizeOptions
    expect(await failureOf(synchronize(servers as string[], asked))).toMatchObject({ message })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe("a kiss-o'-death is obeyed", () => {
  test('DENY drops the server, for the next call too', async () => {
    await using denying = await ahead(300, DENY)
    await using a = await ahead(300)
    await using b = await ahead(300)
    const kisses = new KissMemory()
    const servers = [denying.server, a.server, b.server]
    for (const _ of [1, 2]) {
      const { failures } = await synchronize(servers, { clock, kisses })
      expect(failures).toMatchObject([{ server: denying.server, error: { kissCode: 'DENY' } }])
    }
    expect(denying.requests).toHaveLength(1)
  })

  test('RATE is waited out where that fits into the time', async () => {
    const time = fromUnixNanoseconds(NOW)
    const honest = { receiveTimestamp: time, transmitTimestamp: time }
    await using peer = await startUdpPeer((request, count, send) => send(answerTo(request, count <= 2 ? RATE : honest)))
    const kisses = new KissMemory({ leastMs: 1 })
    const result = await synchronize([peer.server], { clock, kisses, samples: 1 })
    expect(result.failures).toEqual([])
    expect(peer.requests).toHaveLength(3)
    kisses.obey(peer.server, kissOfDeath({ kissCode: 'RATE', poll: -6 }, 'again'), 0)
    expect(kisses.permission(peer.server, 0)).toMatchObject({ atMs: 15.625 }) // anew, not twice as long as before
  })

  test('RATE is not waited out where that takes longer than there is time', async () => {
    await using peer = await ahead(300, { ...RATE, poll: 10 })
    const kisses = new KissMemory()
    for (const _ of [1, 2]) {
      const failure = await failureOf(synchronize([peer.server], { clock, kisses, timeoutMs: 900_000 }))
      expect(failure).toMatchObject({ code: 'ntp/kiss-of-death', kissCode: 'RATE' })
    }
    expect(peer.requests).toHaveLength(1)
  })

  test('after some samples it is kept in mind, and the samples are used', async () => {
    const time = fromUnixNanoseconds(NOW)
    const honest = { receiveTimestamp: time, transmitTimestamp: time }
    await using peer = await startUdpPeer((request, count, send) => send(answerTo(request, count <= 2 ? honest : RATE)))
    const kisses = new KissMemory()
    const { survivors } = await synchronize([peer.server], { clock, kisses })
    expect(survivors[0]?.result.samples).toHaveLength(2)
    expect(kisses.permission(peer.server, performance.now())).toMatchObject({ name: 'later' })
  })

  test('another code is no order, and no reason to ask again', async () => {
    await using peer = await ahead(300, { ...RATE, referenceId: 0x494e4954 })
    expect(await failureOf(synchronize([peer.server], { clock }))).toMatchObject({ kissCode: 'INIT' })
    expect(peer.requests).toHaveLength(1)
  })
})

describe('synchronize that ends early', () => {
  test('by an abort, rejects with its reason and leaves nothing open', async () => {
    const controller = new AbortController()
    const reason = new NetworkError('failed', 'a reason that looks like one of our own errors')
    await using a = await ahead(300)
    await using b = await startUdpPeer(() => controller.abort(reason))
    const { signal } = controller
    const before = await openHandles()
    const servers = [a.server, b.server]
    expect(await failureOf(synchronize(servers, { clock, signal, timeoutMs: 2 ** 31 - 1 }))).toBe(reason)
    expect(await leftOpen(before)).toEqual({ sockets: 0, timers: 0 })
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(await failureOf(synchronize(servers, { signal }))).toBe(reason)
    expect(b.requests).toHaveLength(1)
  })

  test('by an abort while it waits for a RATE, as well', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const reason = { because: 'enough' }
    await using peer = await startUdpPeer(async (request, _, send) => {
      await send(answerTo(request, { ...RATE, poll: 10 }))
      setTimeout(() => controller.abort(reason), 20)
    })
    const before = await openHandles()
    expect(await failureOf(synchronize([peer.server], { clock, signal, timeoutMs: 2_000_000 }))).toBe(reason)
    expect(await leftOpen(before)).toEqual({ sockets: 0, timers: 0 })
  })

  test('by a fault of the caller’s own functions, throws that fault and stops the others', async () => {
    await using silent = await startUdpPeer(() => {})
    await using a = await ahead(300)
    const fault = new TypeError('no clock')
    let readings = 0
    const clock = (): bigint => {
      if (++readings < 3) return NOW
      throw fault
    }
    const before = await openHandles()
    expect(await failureOf(synchronize([silent.server, a.server], { clock, timeoutMs: 2 ** 31 - 1 }))).toBe(fault)
    expect(await leftOpen(before)).toEqual({ sockets: 0, timers: 0 })
  })

  test.each([
    [[], {}, 'servers must be one or more, got none'],
    [['a', 'b'], { quorum: 0 }, 'quorum must be a whole number from 1 to 2, got 0'],
    [['a', 'b'], { quorum: 3 }, 'quorum must be a whole number from 1 to 2, got 3'],
    [['a', 'b'], { quorum: 1.5 }, 'quorum must be a whole number from 1 to 2, got 1.5'],
    [['127.0.0.1:9'], { samples: 0 }, 'samples must be a whole number from 1 to 64, got 0'],
    [['127.0.0.1:9'], { timeoutMs: NaN }, 'timeoutMs must be above 0 and at most 2147483647, got NaN'],
  ])('of %j with %o is a RangeError', async (servers, options, message) => {
    expect(await failureOf(synchronize(servers, options))).toEqual(new RangeError(message))
  })

  test('by a text that is no server, is a TypeError', async () => {
    expect(await failureOf(synchronize(['127.0.0.1:9', 'a b']))).toBeInstanceOf(TypeError)
  })
})
