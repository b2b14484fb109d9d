// A chronyd whose time runs 100 ppm fast, under libfaketime: followed for 20 s, and then left. The clock asks through a
// relay, which falls silent; the truth is then what chronyd says when it is asked directly.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { describeWithPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { NtpClock, query } from '../../src/index.ts'
import { followingClock } from '../../src/clock.ts'
import { slopeError } from '../slope-error.ts'
import { outcome, startChronydServer } from './chronyd.ts'
import { atTime } from './faketime.ts'

const PPM = 100
const FOLLOW_MS = 20_000
const ALONE_MS = 60_000

/** Passes each datagram on to `port` from a socket of its own, and the answer back, until it is closed. */
async function startRelay(port: number): Promise<{ readonly port: number; close(): void }> {
  const relay = createSocket('udp4')
  const underWay = new Set<Socket>()
  relay.bind(0, '127.0.0.1')
  await once(relay, 'listening')
  relay.on('message', (request, client) => {
    const forward = createSocket('udp4').once('close', () => underWay.delete(forward))
    underWay.add(forward)
    forward.once('message', (reply) => {
      forward.close()
      relay.send(reply, client.port, client.address)
    })
    forward.send(request, port, '127.0.0.1')
  })
  return {
    port: relay.address().port,
    close() {
      relay.close()
      for (const forward of underWay) forward.close() // an answer that still comes would find no relay
    },
  }
}

describeWithPeer('chronyd', 'beside a chronyd', (chronyd) => {
  describeWithPeer('faketime', 'that runs 100 ppm fast', () => {
    test('its drift is known after 20 s as well as its answers allow, and 60 s alone stay within the bound', async () => {
      using directory = temporaryDirectory()
      const port = await unusedPort()
      const command = atTime(`+3600 x${1 + PPM / 1e6}`, chronyd)
      await using server = startChronydServer(command, directory.path, port, ['local stratum 1'])
      await outcome(server, `127.0.0.1:${port}`)
      const relay = await startRelay(port)
      await using clock = await NtpClock.start([`127.0.0.1:${relay.port}`], {
        minIntervalMs: 500,
        maxIntervalMs: 500,
        timeoutMs: 400,
      })

      const wall = followingClock()
      /** By how many ms the clock is wrong, for certain; and by how many it may be. */
      const check = async (): Promise<{ errorMs: number; maxErrorMs: number }> => {
        const { offsetNs, maxErrorMs } = await query(`127.0.0.1:${port}`)
        const [before, now, after] = [wall(), clock.nowNs(), wall()]
        const offMs = Number(now - offsetNs - (before + after) / 2n) / 1e6
        const errorMs = Math.abs(offMs) - Number(after - before) / 2e6 - maxErrorMs
        return { errorMs, maxErrorMs: clock.maxErrorMs }
      }
      const answers: { atMs: number; maxErrorMs: number }[] = []
      for (const startedAt = performance.now(); performance.now() - startedAt < FOLLOW_MS;) {
        await once(clock, 'update')
        answers.push({ atMs: performance.now(), maxErrorMs: clock.maxErrorMs })
      }
      const wrongByPpm = clock.frequencyPpm - PPM
      const allowedPpm = slopeError(answers) * 1e6
      relay.close()
      await once(clock, 'failure')
      expect(clock.state).toBe('holdover')
      let worst = { errorMs: -Infinity, maxErrorMs: NaN }
      for (const leftAt = performance.now(); performance.now() - leftAt < ALONE_MS; await setTimeout(1000)) {
        const found = await check()
        expect(found.errorMs).toBeLessThanOrEqual(found.maxErrorMs)
        if (found.errorMs > worst.errorMs) worst = found
      }
      process.stdout.write(
        `beside chronyd, frequency wrong by ${wrongByPpm.toFixed(3)} of ${allowedPpm.toFixed(3)} ppm after ${FOLLOW_MS / 1000} s; in ${ALONE_MS / 1000} s ` +
          `alone wrong by at least ${Math.max(0, worst.errorMs).toFixed(4)} ms, of ${worst.maxErrorMs.toFixed(4)} ms allowed\n`,
      )
      expect(answers.length).toBeGreaterThan(FOLLOW_MS / 1000)
      expect(Math.abs(wrongByPpm)).toBeLessThan(allowedPpm)
    })
  })
})
