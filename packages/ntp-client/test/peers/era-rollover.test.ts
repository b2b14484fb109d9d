// A chronyd that lives in 2036, under libfaketime: on February 7 at 06:28:16 UTC the 32 bits of NTP's seconds run over,
// and era 1 begins (RFC 5905 §6).

import { setTimeout } from 'node:timers/promises'
import { describeWithPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { NtpClock, query, type QueryResult } from '../../src/index.ts'
import { outcome, startChronydServer } from './chronyd.ts'
import { atTime } from './faketime.ts'

const START = '2036-02-07 06:28:13'
const ERA_1_MS = Date.UTC(2036, 1, 7, 6, 28, 16)

describeWithPeer('chronyd', 'beside a chronyd', (chronyd) => {
  describeWithPeer('faketime', 'that lives in 2036', () => {
    test('queries and a clock go from one era into the next without a step', async () => {
      using directory = temporaryDirectory()
      const port = await unusedPort()
      await using server = startChronydServer(atTime(`@${START}`, chronyd), directory.path, port, ['local stratum 1'])
      await outcome(server, `127.0.0.1:${port}`)
      await using clock = await NtpClock.start([`127.0.0.1:${port}`], { minIntervalMs: 250, maxIntervalMs: 250 })

      const results: QueryResult[] = []
      const readings: number[] = []
      const isInEra1 = ({ header }: QueryResult): boolean => header.transmitTimestamp < 2n ** 63n
      do {
        results.push(await query(`127.0.0.1:${port}`, { samples: 1 }))
        readings.push(clock.now())
        await setTimeout(20)
      } while (results.filter(isInEra1).length < 20)

      expect(results.map(isInEra1)).toContain(false)
      // By what each query says of itself: the offset that they all allow is one and the same.
      const least = Math.max(...results.map(({ offsetMs, maxErrorMs }) => offsetMs - maxErrorMs))
      const most = Math.min(...results.map(({ offsetMs, maxErrorMs }) => offsetMs + maxErrorMs))
      process.stdout.write(
        `${results.length} queries from ${START} into era 1 agree to ${(most - least).toFixed(3)} ms\n`,
      )
      expect(least).toBeLessThanOrEqual(most)
      expect(readings[0]).toBeLessThan(ERA_1_MS)
      expect(readings.at(-1)).toBeGreaterThan(ERA_1_MS)
      expect(readings.at(-1)).toBeLessThan(ERA_1_MS + 60_000)
      expect(readings).toEqual(readings.toSorted((a, b) => a - b))
    })
  })
})
