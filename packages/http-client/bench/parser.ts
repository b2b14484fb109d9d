// What reading HTTP/1 costs beside http-parser-js, Node's llhttp and undici's. Everyone makes the same strings and views
// of the same bytes and counts them; thread CPU time, medians of interleaved rounds.
//
//   pnpm bench [rounds, default 9]
//   PLAINWIRE_HTTP_PEERS=DIRECTORY: where npm's parsers were installed by
//     npm install --prefix DIRECTORY http-parser-js@0.5.10 undici@8.12.4

import { cpus, loadavg } from 'node:os'
import { PEER_PACKAGES, parserPeers, type ParserPeer } from '../test/parser-peers.ts'
import { CountingSink } from './counting-sink.ts'
import { ours, variants } from './parser-ours.ts'
import { workloads, type Workload } from './parser-workloads.ts'

/** The system's clock of a thread may tick in milliseconds: so much is measured at a time. */
const LEAST_MS = 60

const rounds = Number(process.argv[2] ?? 9)
const { peers, missing } = await parserPeers(process.env['PLAINWIRE_HTTP_PEERS'])
const contenders: readonly ParserPeer[] = [...ours, ...variants, ...peers]

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, load ${loadavg()[0]?.toFixed(1)}; ${rounds} rounds in turns`,
)
if (missing.length > 0) {
  console.log(
    `\n*** NOT MEASURED: ${missing.join(', ')}. Run npm install --prefix DIRECTORY ${PEER_PACKAGES.join(' ')}`,
  )
  console.log('*** and set PLAINWIRE_HTTP_PEERS=DIRECTORY\n')
}
for (const workload of workloads) measure(workload)

function measure(workload: Workload): void {
  const repeats = contenders.map((contender) => warmUp(contender, workload))
  const costs = contenders.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const times = repeats[index] ?? 1
      costs[index]?.push((cpuMs(contender, workload, times) * 1e6) / workload.units / times)
    }
  }
  console.log(
    `\n${workload.name}: ns of CPU per ${workload.unit}, then how many times as much as ours, with and without Node’s decoder`,
  )
  const bases = costs.slice(0, ours.length)
  for (const [index, { name }] of contenders.entries()) {
    const own = costs[index] ?? []
    const ratios = bases.map((base) => median(own.map((cost, round) => cost / (base[round] ?? NaN))).toFixed(2))
    const counted = count(contenders[index], workload)
    const agrees = counted === count(contenders[0], workload) ? '' : `  COUNTED OTHERWISE: ${counted}`
    console.log(
      `  ${name.padEnd(28)} ${median(own).toFixed(0).padStart(9)}  ${ratios.map((r) => `${r}x`.padStart(8)).join('')}${agrees}`,
    )
  }
}

function warmUp(contender: ParserPeer, workload: Workload): number {
  const began = performance.now()
  let times = 0
  while (performance.now() - began < LEAST_MS * 3) {
    read(contender, workload, new CountingSink())
    times++
  }
  return Math.max(1, Math.ceil(times / 3))
}

function cpuMs(contender: ParserPeer, workload: Workload, times: number): number {
  const began = process.threadCpuUsage()
  for (let time = 0; time < times; time++) read(contender, workload, new CountingSink())
  const { user, system } = process.threadCpuUsage(began)
  return (user + system) / 1000
}

function count(contender: ParserPeer | undefined, workload: Workload): string {
  const sink = new CountingSink()
  if (contender !== undefined && !variants.includes(contender)) read(contender, workload, sink)
  else if (contender !== undefined && ours[0] !== undefined) read(ours[0], workload, sink)
  return sink.summary
}

function read(contender: ParserPeer, workload: Workload, sink: CountingSink): void {
  for (const reads of workload.connections) {
    const connection = contender.connect(workload.kind, sink)
    for (const bytes of reads) connection.push(bytes)
    if (workload.ends) connection.end()
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}
