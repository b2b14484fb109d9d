// Ours, with all features on: limits, deadlines, back-pressure, half-open connections, counters.
//
//   node plainwire.js handlers|write|burst|async|threads|workers|processes

import type { Connection, Link } from '@plainwire/socket-server'
import { serveConcurrently } from '@plainwire/socket-server'
import { freePort } from '@plainwire/socket-utils'
import { serveProcesses } from '../../src/strategies/processes.ts'
import { serveThreadPerClient } from '../../src/strategies/thread-per-client.ts'
import { serveWorkerPool } from '../../src/strategies/worker-pool.ts'
import handlers from './echo-handlers.ts'

const options = {
  backlog: 4096,
  limits: { perAddress: 20_000, perSecond: 1_000_000, deny: ['203.0.113.0/24'] },
  deadlines: { handshakeMs: 10_000, firstByteMs: 60_000, idleMs: 120_000, writeMs: 60_000, totalMs: 600_000 },
}
const echo = new URL('echo-handlers.js', import.meta.url)

const start = {
  handlers: () => serveConcurrently(handlers, options),
  /** As those who keep what they read, or do not know of forward(). */
  write: () => serveConcurrently({ data: (link: Link, bytes: Uint8Array) => void link.write(bytes) }, options),
  /** Node accepts one client in a turn of its loop, for each socket that listens: 32 of them on one port accept 32. */
  burst: async () => {
    const port = await freePort()
    const listeners = Array.from({ length: 32 }, () => ({ port, reusePort: true }))
    return serveConcurrently(handlers, { ...options, listeners })
  },
  async: () =>
    serveConcurrently(async (connection: Connection) => {
      for await (const message of connection) await connection.forward(message)
    }, options),
  threads: () => serveThreadPerClient(echo, { ...options, maxThreads: 64 }),
  workers: () => serveWorkerPool(echo, { ...options, workers: 2 }),
  processes: () => serveProcesses(echo, { ...options, processes: 2 }),
}[process.argv[2] ?? '']
if (start === undefined) throw new TypeError('say handlers, write, burst, async, threads, workers or processes')
const server = await start()
console.log(`listening ${server.port}`)
process.once('SIGTERM', () => void server.close({ graceMs: 0 }))
