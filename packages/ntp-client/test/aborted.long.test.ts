// Aborted at every moment of its life, a query leaves nothing behind: counted by Node and, where it can be, by the kernel.

import { readdirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { query } from '../src/client.ts'
import { synchronize } from '../src/synchronize.ts'
import { leftOpen, openHandles } from './open-handles.ts'
import { answerTo, startUdpPeer } from './udp-peer.ts'

const QUERIES = 10_000
const AT_ONCE = 50
const REASON = { because: 'enough' }

const descriptors = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)

test('10,000 aborted queries: 0 open handles', async () => {
  // Some answers come, so that an abort falls into each of the four exchanges, too.
  await using peer = await startUdpPeer((request, count, send) => {
    const time = { receiveTimestamp: 1n << 63n, transmitTimestamp: 1n << 63n }
    return count % 3 === 0 ? send(answerTo(request, time)) : undefined
  })
  const unhandled: unknown[] = []
  const note = (reason: unknown): number => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const [before, descriptorsBefore] = [await openHandles(), descriptors()]
  const outcomes = { aborted: 0, other: 0 }

  for (let first = 0; first < QUERIES; first += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, async (_, index) => {
      const controller = new AbortController()
      const options = { signal: controller.signal, timeoutMs: 2 ** 31 - 1 }
      const running = index % 5 === 0 ? synchronize([peer.server, '127.0.0.1:9'], options) : query(peer.server, options)
      const settled = running.then(
        () => 'answered',
        (error: unknown) => error,
      )
      // Microtasks first, then whole turns of the event loop.
      for (let turn = 0; turn < (first / AT_ONCE + index) % 12; turn++) await Promise.resolve()
      for (let turn = 0; turn < (first / AT_ONCE) % 7; turn++) await setImmediate()
      controller.abort(REASON)
      if ((await settled) === REASON) outcomes.aborted++
      else outcomes.other++
    })
    await Promise.all(batch)
  }

  const left = { ...(await leftOpen(before)), descriptors: descriptors() - descriptorsBefore }
  process.off('unhandledRejection', note)
  process.stdout.write(
    `${JSON.stringify(outcomes)}, left open: ${JSON.stringify(left)}, asked ${peer.requests.length} times\n`,
  )
  expect(left).toEqual({ sockets: 0, timers: 0, descriptors: 0 })
  expect(unhandled).toEqual([])
  expect(outcomes).toEqual({ aborted: QUERIES, other: 0 })
})
