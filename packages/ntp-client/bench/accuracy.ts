// How far off are we, and who is nearer? Everyone asks the same chronyd on this machine, so the true offset is 0.
// All take turns, round by round, so that whatever disturbs the machine disturbs all alike.
//
//   pnpm bench [rounds, default 300]
//   PLAINWIRE_NTP_PEERS=DIRECTORY: where npm's clients were installed by
//     npm install --prefix DIRECTORY ntp-time-sync@0.5.0 @hapi/sntp@4.0.0 ntp-time@2.1.1 ntp-client@0.5.3

import { cpus, loadavg } from 'node:os'
import { findProgram, temporaryDirectory } from '@plainwire/testing'
import { outcome, startChronydServer } from '../test/peers/chronyd.ts'
import { chronydOnce, npmPeers, ntpdigs, ours, serverPort } from './contenders.ts'

const rounds = Number(process.argv[2] ?? 300)
const program = findProgram('chronyd')
if (program === undefined) throw new Error('chronyd is not installed')

using directory = temporaryDirectory()
const port = await serverPort()
await using chronyd = startChronydServer(program, directory.path, port, ['local stratum 1'])
await outcome(chronyd, `127.0.0.1:${port}`)

const peersDirectory = process.env['PLAINWIRE_NTP_PEERS']
const npm = peersDirectory === undefined ? undefined : npmPeers(peersDirectory)
const contenders = [...ours, chronydOnce(program, directory.path), ...ntpdigs(port), ...(npm?.found ?? [])]
const errorsUs = new Map(contenders.map(({ name }) => [name, [] as number[]]))
const failures = new Map<string, number>()
const loads: number[] = []

for (let round = 0; round < rounds; round++) {
  loads.push(loadavg()[0] ?? NaN)
  for (const { name, offsetMs } of contenders) {
    try {
      errorsUs.get(name)?.push(Math.abs(await offsetMs('127.0.0.1', port)) * 1000)
    } catch {
      failures.set(name, (failures.get(name) ?? 0) + 1)
    }
  }
}

console.log(`|offset| from chronyd on this machine, true offset 0, in µs; ${rounds} rounds, all take turns`)
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, load ${Math.min(...loads)} to ${Math.max(...loads)}`,
)
console.table(
  contenders.map(({ name, tick }) => {
    const sorted = (errorsUs.get(name) ?? []).toSorted((a, b) => a - b)
    return {
      client: name,
      tick,
      answered: sorted.length,
      failed: failures.get(name) ?? 0,
      median: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      p99: quantile(sorted, 0.99),
      max: quantile(sorted, 1),
    }
  }),
)
if (npm === undefined) console.log('npm’s clients: set PLAINWIRE_NTP_PEERS (see the top of this file)')
else if (npm.missing.length > 0) console.log(`not installed in ${peersDirectory}: ${npm.missing.join(', ')}`)

/** The smallest value that so large a part of them does not exceed. */
function quantile(sorted: readonly number[], part: number): number {
  return Number((sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN).toFixed(1))
}
