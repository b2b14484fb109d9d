import { isDeepStrictEqual } from 'node:util'
import { WireError } from '@plainwire/socket-utils/errors'
import { expect, test } from 'vitest'
import { query } from '../../src/client.ts'
import { isKissOfDeath } from '../../src/protocol/kiss-of-death.ts'
import { leftOpen, openHandles } from '../open-handles.ts'
import { startUdpPeer } from '../udp-peer.ts'
import { NOW, OFFSET_MS, scenarios, type Scenario } from './scenarios.ts'

const ALL_ADDRESSES_ARE_OURS = process.platform === 'linux' // of 127.0.0.0/8
const possible = scenarios.filter(({ name }) => ALL_ADDRESSES_ARE_OURS || !name.includes('another address'))

test(`${possible.length} scenarios: right in each, nothing left open, no rejection without a handler`, async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): number => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const before = await openHandles()
  const verdicts: { name: string; fault: string | undefined }[] = []
  // Some at a time: each has sockets of its own.
  for (let first = 0; first < possible.length; first += 16) {
    const some = possible.slice(first, first + 16)
    verdicts.push(...(await Promise.all(some.map(async (one) => ({ name: one.name, fault: await faultIn(one) })))))
  }
  const left = await leftOpen(before)
  process.off('unhandledRejection', note)

  const lines = verdicts.map(({ name, fault }) => `${fault === undefined ? 'pass' : 'FAIL'}  ${name}${fault ?? ''}`)
  const passed = verdicts.filter(({ fault }) => fault === undefined).length
  process.stdout.write(`${lines.join('\n')}\n${passed} of ${verdicts.length} hostile scenarios passed\n`)
  expect(verdicts.filter(({ fault }) => fault !== undefined)).toEqual([])
  expect(verdicts.length).toBeGreaterThanOrEqual(60)
  expect(left).toEqual({ sockets: 0, timers: 0 })
  expect(unhandled).toEqual([])
})

/** What went otherwise than expected, or undefined. */
async function faultIn({ behave, expected, options, nowNs = NOW }: Scenario): Promise<string | undefined> {
  await using peer = await startUdpPeer(behave)
  const found = await query(peer.server, { samples: 1, timeoutMs: 10_000, clock: () => nowNs, ...options }).then(
    ({ offsetMs, samples, dropped }) => ({ offsetMs, samples: samples.length, dropped }),
    (error: unknown) => ({
      code: error instanceof WireError ? error.code : String(error),
      kissCode: isKissOfDeath(error) ? error.kissCode : undefined,
    }),
  )
  const wanted =
    expected.kind === 'error'
      ? { code: expected.code, kissCode: expected.kissCode }
      : { offsetMs: OFFSET_MS, samples: expected.samples ?? 1, dropped: expected.dropped ?? {} }
  return isDeepStrictEqual(found, wanted)
    ? undefined
    : `: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(found)}`
}
