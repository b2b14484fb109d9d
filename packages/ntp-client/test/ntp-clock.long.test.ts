// A server that runs 100 ppm fast, followed for 20 s and then left: real time, real sockets, the clock's own thread.

import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { NtpClock } from '../src/ntp-clock.ts'
import { serveNtp, type NtpServer } from '../src/server.ts'
import { slopeError } from './slope-error.ts'

const PPM = 100
const FOLLOW_MS = 20_000
const ALONE_MS = 60_000

const beganNs = process.hrtime.bigint()
const TRUE_BEGAN = 1_795_350_908n * 1_000_000_000n
/** The server's time, which is the truth here. */
const trueNs = (): bigint => {
  const elapsedNs = process.hrtime.bigint() - beganNs
  return TRUE_BEGAN + elapsedNs + (elapsedNs * BigInt(PPM)) / 1_000_000n
}

/** By how many ms the clock is wrong, and may be at most. */
function check(clock: NtpClock): { errorMs: number; maxErrorMs: number } {
  // Read between two readings of the truth, and the tightest pair of many counts: the machine may stop in between.
  let best = { spanNs: 2n ** 62n, errorNs: 0n }
  for (let attempt = 0; attempt < 50; attempt++) {
    const before = trueNs()
    const now = clock.nowNs()
    const after = trueNs()
    const errorNs = now - (before + after) / 2n
    if (after - before < best.spanNs) best = { spanNs: after - before, errorNs }
  }
  // What reading itself leaves open is no error of the clock's.
  const errorMs = Math.max(0, Math.abs(Number(best.errorNs)) - Number(best.spanNs) / 2) / 1e6
  return { errorMs, maxErrorMs: clock.maxErrorMs }
}

test('100 ppm are known after 20 s as well as the answers allow, and 60 s of running alone stay within the bound', async () => {
  const server: NtpServer = await serveNtp({ port: 0, clock: trueNs })
  await using clock = await NtpClock.start([`127.0.0.1:${server.port}`], {
    minIntervalMs: 500,
    maxIntervalMs: 500,
    timeoutMs: 400,
  })
  const startedAt = performance.now()
  const answers: { atMs: number; maxErrorMs: number }[] = []
  while (performance.now() - startedAt < FOLLOW_MS) {
    await once(clock, 'update')
    const { errorMs, maxErrorMs } = check(clock)
    expect(errorMs).toBeLessThanOrEqual(maxErrorMs)
    answers.push({ atMs: performance.now(), maxErrorMs })
  }
  const wrongByPpm = clock.frequencyPpm - PPM
  const allowedPpm = slopeError(answers) * 1e6
  await server.close()
  await once(clock, 'failure')
  expect(clock.state).toBe('holdover')
  let worst = { errorMs: 0, maxErrorMs: 0 }
  for (let elapsedMs = 0; elapsedMs < ALONE_MS; elapsedMs += 1000) {
    await setTimeout(1000)
    const found = check(clock)
    expect(found.errorMs).toBeLessThanOrEqual(found.maxErrorMs)
    if (found.errorMs > worst.errorMs) worst = found
  }
  process.stdout.write(
    `frequency wrong by ${wrongByPpm.toFixed(3)} of ${allowedPpm.toFixed(3)} ppm after ${FOLLOW_MS / 1000} s; ` +
      `after ${ALONE_MS / 1000} s alone wrong by ${check(clock).errorMs.toFixed(4)} ms, ` +
      `worst ${worst.errorMs.toFixed(4)} ms of ${worst.maxErrorMs.toFixed(4)} ms\n`,
  )
  expect(answers.length).toBeGreaterThan(FOLLOW_MS / 1000)
  expect(Math.abs(wrongByPpm)).toBeLessThan(allowedPpm)
})
