// The client beside node:net without a parser, node:http, undici, fetch and curl, all asking one nginx on 127.0.0.1.
//
//   node bench/client.ts [rounds, default 9] [sections: connections keep-alive download cold]
//   PLAINWIRE_HTTP_PEERS=DIRECTORY: where undici was installed by
//     npm install --prefix DIRECTORY undici@8.12.4
//
// CPU time, user and system, of the client's thread, or of its process where it has one of its own: wall time would
// tell how busy the machine was. Medians of interleaved rounds, and of each round's ratio, so that what slows the machine down slows all.

import { cpus, loadavg } from 'node:os'
import { findProgram } from '@plainwire/testing'
import { buildPrograms } from './client-built.ts'
import { cold } from './client-cold.ts'
import { download } from './client-download.ts'
import { contenders, missing } from './client-contenders.ts'
import { startNginx } from './client-nginx.ts'
import { show } from './client-table.ts'

const rounds = Number(process.argv[2] ?? 9)
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
  const found = contenders[kind]
  const costs = new Map<string, number[]>(found.map(({ name }) => [name, []]))
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const contender of found) {
      const { name } = contender
      const before = process.threadCpuUsage()
      let left = REQUESTS
      const lane = async (): Promise<void> => {
        while (left-- > 0) {
          const length = await contender.ask(nginx.url)
          if (length !== 13) throw new Error(`${name}: a body of ${length} bytes`)
        }
      }
      await Promise.all(Array.from({ length: CONCURRENCY }, lane))
      const { user, system } = process.threadCpuUsage(before)
      if (round >= 0) costs.get(name)?.push((user + system) / REQUESTS)
    }
  }
  for (const contender of found) await contender.close?.()
  show(`${kind}: 13 bytes, ${CONCURRENCY} at a time, µs of CPU for each request`, costs, 'node:net without a parser')
}
if (sections.includes('download') || sections.includes('cold')) {
  using programs = await buildPrograms()
  if (sections.includes('download')) download(nginx.url, programs.path, rounds)
  if (sections.includes('cold')) cold(nginx.url, programs.path, rounds * 3)
}
