import { getEventListeners, once } from 'node:events'
import { ProtocolError } from '@plainwire/socket-utils/errors'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { openHandles } from '../test/open-handles.ts'
import { answerTo, startUdpPeer } from '../test/udp-peer.ts'
import { ClockReader } from './clock-memory.ts'
import { NtpClock } from './ntp-clock.ts'
import { isKissOfDeath } from './protocol/kiss-of-death.ts'
import { fromUnixNanoseconds } from './protocol/timestamp.ts'
import { serveNtp } from './server.ts'

const HOUR_MS = 3_600_000
const DENY = { stratum: 0, leap: 3, referenceId: 0x44454e59 }
const often = { minIntervalMs: 20, maxIntervalMs: 20, samples: 2 }

/** The threads that `run` has started and that run still. */
async function threadsLeftBy(run: () => Promise<unknown>): Promise<number> {
  const started: Worker[] = []
  const note = (worker: Worker): number => started.push(worker)
  process.on('worker', note)
  await run()
  process.off('worker', note)
  expect(started).not.toEqual([])
  return started.filter(({ threadId }) => threadId !== -1).length
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('did not fail'),
    (error: unknown) => error,
  )

describe('a clock', () => {
  test('tells the time of its servers, which is not this machine’s, and how wrong it may be', async () => {
    await using server = await serveNtp({ port: 0, offsetMs: HOUR_MS })
    await using clock = await NtpClock.start([`127.0.0.1:${server.port}`], often)
    await once(clock, 'update')
    const before = Date.now() + HOUR_MS
    const now = clock.now()
    expect(now - before).toBeGreaterThan(-50 - clock.maxErrorMs)
    expect(now - Date.now() - HOUR_MS).toBeLessThan(50 + clock.maxErrorMs)
    expect(clock).toMatchObject({ state: 'synchronized', leap: 0 })
    expect(clock.maxErrorMs).toBeGreaterThan(0)
  })

  test('never reads the same or an earlier time again, while it is being corrected', async () => {
    await using server = await serveNtp({ port: 0 })
    await using clock = await NtpClock.start([`127.0.0.1:${server.port}`], { ...often, maxSlewPpm: 100_000 })
    const updates: number[] = []
    clock.on('update', ({ correctionMs }) => updates.push(correctionMs))
    let before = clock.nowNs()
    while (updates.length < 5) {
      for (let count = 0; count < 1000; count++) {
        const now = clock.nowNs()
        if (now <= before) expect.fail(`${now} after ${before}`)
        before = now
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  })

  test('can be read in another thread', async () => {
    await using server = await serveNtp({ port: 0, offsetMs: HOUR_MS })
    await using clock = await NtpClock.start([`127.0.0.1:${server.port}`], often)
    const source = `
      const { parentPort, workerData } = require('node:worker_threads')
      import(workerData.module).then(({ ClockReader }) => {
        parentPort.postMessage(new ClockReader(workerData.handle).now())
      })`
    const workerData = { module: new URL('clock-memory.ts', import.meta.url).href, handle: clock.handle }
    const before = clock.now()
    const worker = new Worker(source, { eval: true, workerData })
    const [now] = (await once(worker, 'message')) as [number]
    expect(now).toBeGreaterThan(before - 1)
    expect(now).toBeLessThan(clock.now() + 1)
    expect(new ClockReader(clock.handle).state).toBe('synchronized')
  })

  test('tells of leap seconds, of falsetickers, and of a step where one is wanted', async () => {
    let [leap, aheadNs] = [0, 0n]
    const behave = (leapOf: () => number, ofNs: () => bigint) =>
      startUdpPeer((request, _, send) => {
        const time = fromUnixNanoseconds(BigInt(Date.now()) * 1_000_000n + ofNs())
        return send(answerTo(request, { receiveTimestamp: time, transmitTimestamp: time, leap: leapOf() }))
      })
    const follow = () =>
      behave(
        () => leap,
        () => aheadNs,
      )
    await using a = await follow()
    await using b = await follow()
    await using liar = await behave(
      () => 0,
      () => 86_400_000_000_000n,
    )
    const servers = [a.server, b.server, liar.server]
    await using clock = await NtpClock.start(servers, { ...often, stepMs: 1000 })
    expect(await once(clock, 'falseticker')).toEqual([liar.server])
    const leaps: number[] = []
    clock.on('leap', (changed) => leaps.push(changed))
    leap = 1
    expect(await once(clock, 'leap')).toEqual([1])
    expect(clock.leap).toBe(1)
    aheadNs = 30_000_000_000n
    const [correctionMs] = (await once(clock, 'step')) as [number]
    expect(Math.abs(correctionMs - 30_000)).toBeLessThan(1000)
    expect(leaps).toEqual([1])
  })

  test('does not call a leap second news that was there at its start', async () => {
    await using server = await serveNtp({ port: 0, leap: 2 })
    await using clock = await NtpClock.start([`127.0.0.1:${server.port}`], often)
    clock.on('leap', (leap) => expect.fail(`leap ${leap}`))
    for (let count = 0; count < 3; count++) await once(clock, 'update')
    expect(clock.leap).toBe(2)
  })

  test('runs on when its servers give no time any more, less and less sure', async () => {
    let isSilent = false
    await using peer = await startUdpPeer((request, _, send) => {
      const time = fromUnixNanoseconds(BigInt(Date.now()) * 1_000_000n)
      return send(answerTo(request, isSilent ? DENY : { receiveTimestamp: time, transmitTimestamp: time }))
    })
    await using clock = await NtpClock.start([peer.server], often)
    isSilent = true
    const [failure] = (await once(clock, 'failure')) as [Error]
    expect(failure).toBeInstanceOf(ProtocolError)
    expect(failure).toMatchObject({ code: 'ntp/kiss-of-death' })
    expect(clock.state).toBe('holdover')
    const [errorMs, now] = [clock.maxErrorMs, clock.now()]
    await once(clock, 'failure')
    expect(clock.maxErrorMs).toBeGreaterThan(errorMs)
    expect(clock.now()).toBeGreaterThan(now)
  })
})

describe('a clock that does not start or is closed', () => {
  test('says why, in the classes that synchronize has, and leaves no thread', async () => {
    const closed = await startUdpPeer(() => {})
    await closed[Symbol.asyncDispose]()
    const failing = async () =>
      expect(await failureOf(NtpClock.start([closed.server]))).toMatchObject({
        name: 'NetworkError',
        code: 'connect-refused',
      })
    expect(await failureOf(NtpClock.start(['a b']))).toBeInstanceOf(TypeError)
    expect(await failureOf(NtpClock.start([]))).toEqual(new RangeError('servers must be one or more, got none'))
    expect(await threadsLeftBy(failing)).toBe(0)
  })

  test('passes the server’s order on', async () => {
    await using denying = await startUdpPeer((request, _, send) => send(answerTo(request, DENY)))
    const failure = await failureOf(NtpClock.start([denying.server]))
    expect(isKissOfDeath(failure)).toBe(true)
    expect(failure).toMatchObject({ kissCode: 'DENY', poll: 0 })
  })

  test('refuses a key for a server that it does not ask: it would go on without', async () => {
    const key = { id: 1, algorithm: 'SHA1', secret: new Uint8Array(20).fill(1) } as const
    const starting = NtpClock.start(['127.0.0.1:9'], { keys: { 'ntp://127.0.0.1:9': key } })
    expect(await failureOf(starting)).toEqual(
      new TypeError('keys has "ntp://127.0.0.1:9", which is none of the servers'),
    )
  })

  test.each([
    [{ minIntervalMs: 0 }, 'minIntervalMs must be above 0, got 0'],
    [{ maxIntervalMs: 100 }, 'maxIntervalMs must be 2000 to 2147483647, got 100'],
    [{ maxSlewPpm: NaN }, 'maxSlewPpm must be above 0, got NaN'],
    [{ maxSlewPpm: 100_001 }, 'maxSlewPpm must be up to 100000, got 100001'],
    [{ stepMs: -1 }, 'stepMs must be above 0, got -1'],
  ])('%o is a RangeError', async (options, message) => {
    expect(await failureOf(NtpClock.start(['127.0.0.1:9'], options))).toEqual(new RangeError(message))
  })

  test('by a signal while it starts rejects with the signal’s reason', async () => {
    const controller = new AbortController()
    const reason = { because: 'enough' }
    await using silent = await startUdpPeer(() => controller.abort(reason))
    const { signal } = controller
    expect(await failureOf(NtpClock.start([silent.server], { signal }))).toBe(reason)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(await failureOf(NtpClock.start([silent.server], { signal }))).toBe(reason)
  })

  test('by close or a signal keeps the time that it knew, and asks no more', async () => {
    await using server = await serveNtp({ port: 0 })
    const controller = new AbortController()
    const before = await openHandles()
    const clock = await NtpClock.start([`127.0.0.1:${server.port}`], { ...often, signal: controller.signal })
    controller.abort()
    await clock.close()
    await clock.close()
    const { answered } = server
    expect(clock.state).toBe('closed')
    const now = clock.nowNs()
    expect(clock.nowNs()).toBeGreaterThan(now)
    expect((await openHandles()).sockets).toBe(before.sockets)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    await openHandles()
    expect(server.answered).toBe(answered)
  })

  test('closed otherwise, leaves no listener on a signal that lives on, and no thread', async () => {
    await using server = await serveNtp({ port: 0 })
    const { signal } = new AbortController()
    const run = async (): Promise<void> => {
      const clock = await NtpClock.start([`127.0.0.1:${server.port}`], { ...often, signal })
      await clock.close()
    }
    expect(await threadsLeftBy(run)).toBe(0)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
