// How far off is an NtpClock while the main thread is kept busy in slices of 50 ms? Against chronyd on this machine, so that
// this machine's own clock is the truth. Beside it, a query from the busy thread itself.
//
//   pnpm bench:busy [seconds, default 30]

import { once } from 'node:events'
import { loadavg } from 'node:os'
import { anchoredClock, NtpClock, query } from '@plainwire/ntp-client'
import { findProgram, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { outcome, startChronydServer } from '../test/peers/chronyd.ts'

const seconds = Number(process.argv[2] ?? 30)
const program = findProgram('chronyd')
if (program === undefined) throw new Error('chronyd is not installed')

using directory = temporaryDirectory()
const port = await unusedPort()
await using chronyd = startChronydServer(program, directory.path, port, ['local stratum 1'])
await outcome(chronyd, `127.0.0.1:${port}`)
await using clock = await NtpClock.start([`127.0.0.1:${port}`], { minIntervalMs: 500, maxIntervalMs: 500 })
for (let count = 0; count < 5; count++) await once(clock, 'update')

const truth = anchoredClock()
const clockErrorsUs: number[] = []
const boundsUs: number[] = []
const queryErrorsUs: number[] = []
const endAt = performance.now() + seconds * 1000
while (performance.now() < endAt) {
  const asking = query(`127.0.0.1:${port}`, { samples: 1 })
  for (let slice = 0; slice < 2; slice++) {
    const sliceEndsAt = performance.now() + 50
    while (performance.now() < sliceEndsAt);
    clockErrorsUs.push(errorUs())
    boundsUs.push(clock.maxErrorMs * 1000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { offsetMs } = await asking
  queryErrorsUs.push(Math.abs(offsetMs) * 1000)
}

console.log(`main thread busy in slices of 50 ms for ${seconds} s, load ${loadavg()[0]}; |error| in µs`)
console.table(
  [
    ['NtpClock', clockErrorsUs],
    ['its own bound', boundsUs],
    ['query in the busy thread, 1 sample', queryErrorsUs],
  ].map(([what, errors]) => {
    const sorted = (errors as number[]).toSorted((a, b) => a - b)
    const quantile = (part: number): number =>
      Number((sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN).toFixed(1))
    return { what, n: sorted.length, median: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: quantile(1) }
  }),
)
/** Against the truth read before and after, again where the machine stopped in between for more than 5 µs. */
function errorUs(): number {
  for (;;) {
    const before = truth()
    const now = clock.nowNs()
    const after = truth()
    if (after - before < 5000n) return Math.abs(Number(2n * now - before - after)) / 2000
  }
}

const readings = 2_000_000
console.table(
  [
    ['clock.now()', () => clock.now()],
    ['clock.nowNs()', () => clock.nowNs()],
    ['Date.now()', () => Date.now()],
  ].map(([what, read]) => {
    const startedAt = performance.now()
    for (let count = 0; count < readings; count++) (read as () => unknown)()
    return { what, 'ns each': Math.round(((performance.now() - startedAt) * 1e6) / readings) }
  }),
)
