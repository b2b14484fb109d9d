// What reading HTTP/1 costs beside http-parser-js, Node's llhttp and undici's. Everyone makes the same strings and views
// of the same bytes and counts them; CPU time of a thread that each has for itself, medians of rounds in turns.
//
//   node bench/parser.ts [rounds, default 9] [workloads, by number from 1; default all]
//   PLAINWIRE_HTTP_PEERS=DIRECTORY: where npm's parsers were installed by
//     npm install --prefix DIRECTORY http-parser-js@0.5.10 undici@8.12.4

import { once } from 'node:events'
import { cpus, loadavg } from 'node:os'
import { Worker } from 'node:worker_threads'
import { PEER_PACKAGES, parserPeers } from '../test/parser-peers.ts'
import { ours, variants } from './parser-ours.ts'
import { workloads } from './parser-workloads.ts'

interface Measured {
  readonly ns: number
  readonly counted: string
}

const rounds = Number(process.argv[2] ?? 9)
const directory = process.env['PLAINWIRE_HTTP_PEERS']
const { peers, missing } = await parserPeers(directory)

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, load ${loadavg()[0]?.toFixed(1)}; ${rounds} rounds in turns`,
)
if (missing.length > 0) {
  console.log(
    `\n*** NOT MEASURED: ${missing.join(', ')}. Run npm install --prefix DIRECTORY ${PEER_PACKAGES.join(' ')}`,
  )
  console.log('*** and set PLAINWIRE_HTTP_PEERS=DIRECTORY')
}
const chosen = process.argv.slice(3).map((number) => Number(number) - 1)
for (const index of chosen.length > 0 ? chosen : workloads.keys()) await compare(index)

async function compare(index: number): Promise<void> {
  const contenders = [...ours, ...peers, ...variants].map(({ name }) => {
    const worker = new Worker(new URL('parser-thread.ts', import.meta.url), { workerData: { name, directory } })
    return { name, worker, costs: [] as number[], counted: '' }
  })
  for (let round = -1; round < rounds; round++) {
    for (const contender of contenders) {
      contender.worker.postMessage(index)
      const [{ ns, counted }] = (await once(contender.worker, 'message')) as [Measured]
      contender.counted = counted
      // The one before warms up.
      if (round >= 0) contender.costs.push(ns)
    }
  }
  const [withDecoder, without] = contenders
  const { name: title, unit } = workloads[index] ?? {}
  console.log(`\n${title}\n  CPU per ${unit}; times ours with Node’s decoder; times ours without`)
  for (const { name, worker, costs, counted } of contenders) {
    const ratios = [withDecoder, without].map((base) =>
      median(costs.map((cost, round) => cost / (base?.costs[round] ?? NaN))),
    )
    const shown = ratios.map((ratio) => `${ratio.toFixed(2)}x`.padStart(8)).join('')
    const isOther = counted !== withDecoder?.counted && !variants.some((variant) => variant.name === name)
    console.log(
      `  ${name.padEnd(28)} ${median(costs).toFixed(0).padStart(8)} ns ${shown}${isOther ? `  COUNTED ${counted}` : ''}`,
    )
    await worker.terminate()
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}
