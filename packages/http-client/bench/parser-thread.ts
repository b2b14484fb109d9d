// One parser on a thread of its own, as in a program that has no other: the engine compiles for it alone.

import { parentPort, workerData } from 'node:worker_threads'
import { parserPeers, type ParserPeer } from '../test/parser-peers.ts'
import { CountingSink } from './counting-sink.ts'
import { ours, variants } from './parser-ours.ts'
import { workloads, type Workload } from './parser-workloads.ts'

/** The system's clock of a thread may tick in milliseconds: so much is measured at a time. */
const LEAST_MS = 80

const { name, directory } = workerData as { readonly name: string; readonly directory: string | undefined }
const { peers } = await parserPeers(directory)
const contender = [...ours, ...variants, ...peers].find((peer) => peer.name === name)
const times = new Map<Workload, number>()

parentPort?.on('message', (index: number) => {
  const workload = workloads[index]
  if (contender === undefined || workload === undefined) throw new Error(`no ${name} or workload ${index}`)
  const repeats = times.get(workload) ?? warmUp(contender, workload)
  times.set(workload, repeats)
  const sink = new CountingSink()
  read(contender, workload, sink)
  const began = cpuMs()
  for (let time = 0; time < repeats; time++) read(contender, workload, new CountingSink())
  const ns = ((cpuMs() - began) * 1e6) / repeats / workload.units
  parentPort?.postMessage({ ns, counted: sink.summary })
})

/** How often it is to be repeated. On a busy machine the engine's compiler waits as well: CPU time, not time, warms up. */
function warmUp(peer: ParserPeer, workload: Workload): number {
  const began = cpuMs()
  let count = 0
  for (; cpuMs() - began < LEAST_MS * 12; count++) read(peer, workload, new CountingSink())
  return Math.ceil(count / 12)
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function read(peer: ParserPeer, workload: Workload, sink: CountingSink): void {
  for (const reads of workload.connections) {
    const connection = peer.connect(workload.kind, sink)
    for (const bytes of reads) connection.push(bytes)
    if (workload.ends) connection.end()
    connection.close()
  }
}
