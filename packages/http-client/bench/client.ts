// The client beside node:net without a parser, node:http, undici, fetch and curl, all asking one server on 127.0.0.1: nginx
// for downloads and a process's first request, and one that never sleeps (client-server.ts) for many small requests.
//
//   node bench/client.ts [rounds, default 11] [sections: connections keep-alive download cold]
//   PLAINWIRE_HTTP_PEERS=DIRECTORY: where undici was installed by
//     npm install --prefix DIRECTORY undici@8.12.4
//
// CPU time, user and system, of the client's thread, or of its process where it has one of its own: wall time would
// tell how busy the machine was. Medians of interleaved rounds, and of each round's ratio, so that what slows the machine down slows all.

import { once } from 'node:events'
import { cpus, loadavg } from 'node:os'
import { Worker } from 'node:worker_threads'
import { findProgram } from '@plainwire/testing'
import { buildPrograms } from './client-built.ts'
import { cold } from './client-cold.ts'
import { download } from './client-download.ts'
import { contenders, missing } from './client-contenders.ts'
import { startNginx } from './client-nginx.ts'
import { startSleeplessServer } from './client-server.ts'
import { show } from './client-table.ts'

const rounds = Number(process.argv[2] ?? 11)
const sections = process.argv.length > 3 ? process.argv.slice(3) : ['connections', 'keep-alive', 'download', 'cold']
const CONCURRENCY = 8
const REQUESTS = 2000
const WARM_UP_ROUNDS = 10

const program = findProgram('nginx')
if (program === undefined) throw new Error('nginx is not installed')
await using nginx = await startNginx(program)

console.log(
  `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`,
)
for (const what of missing) console.log(`!!! NOT COMPARED: ${what}`)

for (const kind of ['connections', 'keep-alive'] as const) {
  if (!sections.includes(kind)) continue
  using server = await startSleeplessServer()
  const threads = contenders[kind].map(({ name }) => {
    const workerData = { kind, name, url: server.url, requests: REQUESTS, concurrency: CONCURRENCY }
    return { name, worker: new Worker(new URL('client-thread.ts', import.meta.url), { workerData }) }
  })
  const costs = new Map<string, number[]>(threads.map(({ name }) => [name, []]))
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const { name, worker } of threads) {
      worker.postMessage('round')
      const [cost] = (await once(worker, 'message')) as [number]
      if (round >= 0) costs.get(name)?.push(cost)
    }
  }
  for (const { worker } of threads) {
    worker.postMessage('end')
    await once(worker, 'exit')
  }
  show(`${kind}: 13 bytes, ${CONCURRENCY} at a time, µs of CPU for each request`, costs, 'node:net without a parser')
}
if (sections.includes('download') || sections.includes('cold')) {
  using programs = await buildPrograms()
  if (sections.includes('download')) download(nginx.url, programs.path, rounds)
  if (sections.includes('cold')) cold(nginx.url, programs.path, rounds * 3)
}
