// Clients that talk, vanish and come again, while one thread of the pool after the other is killed under them. In the end
// whoever was accepted must be accounted for, and nothing may be left. Prints what it saw as one line of JSON.
//
//   node stampede.ts [seconds, default 10] [clients, default 100]

import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { type PoolExit } from '../../src/strategies/pool-thread.ts'
import { serveWorkerPool } from '../../src/strategies/worker-pool.ts'

const SECONDS = Number(process.argv[2] ?? 10)
const CLIENTS = Number(process.argv[3] ?? 100)
const KILL_EVERY_MS = 100
const moduleUrl = new URL('mortal.ts', import.meta.url)

/** What is open here: descriptors, and what keeps the loop turning; threads are told by the kernel. */
const left = () => ({
  descriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0,
  threads: process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0,
  resources: process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap' && name !== 'TTYWrap'),
})

async function run(seconds: number) {
  const exits: PoolExit[] = []
  const server = await serveWorkerPool(moduleUrl, { workers: 4, onWorkerExit: (exit) => exits.push(exit) })
  const end = performance.now() + seconds * 1000
  let connected = 0
  let served = 0
  let kills = 0

  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await new Promise<void>((resolve) => {
        const socket = connect(server.port, '127.0.0.1')
        let left = 1 + (connected % 20)
        socket.setTimeout(10_000, () => socket.destroy(new Error('stalled')))
        socket.on('connect', () => {
          connected += 1
          socket.write('hello')
        })
        socket.on('data', () => {
          served += 1
          left -= 1
          if (left > 0) socket.write('hello')
          else if (connected % 5 === 0) socket.resetAndDestroy()
          else socket.end()
        })
        socket.on('error', () => {})
        socket.on('close', () => resolve())
      })
    }
  }
  /** As a handler of somebody's would do it: by telling the thread that has it to end. */
  const killer = async (): Promise<void> => {
    while (performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, KILL_EVERY_MS))
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => {})
      kills += 1
      connected += 1
      await new Promise<void>((resolve) => {
        socket.on('close', () => resolve())
        socket.write(['exit', 'throw', 'terminate'][kills % 3] ?? '')
      })
    }
  }
  await Promise.all([killer(), ...Array.from({ length: CLIENTS }, client)])
  // It still serves.
  const last = await new Promise<string>((resolve) => {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', (error) => resolve(String(error)))
    socket.on('data', (bytes) => {
      socket.destroy()
      resolve(String(bytes))
    })
    socket.write('hello')
  })
  const info = server.info()
  await server.close({ graceMs: 5000 })
  const { accepted, open, waiting, closed } = server.info()
  return {
    connected,
    served,
    kills,
    exits: exits.length,
    lost: exits.reduce((sum, { lostConnections }) => sum + lostConnections, 0),
    last,
    peak: info.peak,
    accepted,
    open,
    waiting,
    closed: Object.values(closed).reduce((sum, count) => sum + count, 0),
    workers: server.workers().map(({ state }) => state),
  }
}

// Once for what the first use leaves behind for good, such as a pool of threads of Node's own.
await run(1)
globalThis.gc?.()
const before = left()
const seen = await run(SECONDS)
globalThis.gc?.()
await new Promise((resolve) => setTimeout(resolve, 100))
process.stdout.write(`${JSON.stringify({ ...seen, before, after: left() })}\n`)
