// Connections that are moved to threads, many and short: each is to have all its messages back, none may stall. Prints what
// it saw as one line of JSON.
//
//   node transfer-soak.ts [connections, default 100000] [messages each, default 50] [workers, default 2]

import { connect } from 'node:net'
import { readdirSync } from 'node:fs'
import { serveWorkerPool } from '../../src/strategies/worker-pool.ts'

const CONNECTIONS = Number(process.argv[2] ?? 100_000)
const MESSAGES = Number(process.argv[3] ?? 50)
const AT_ONCE = 32
/** Nothing for so long is a stall, whatever else the machine has to do. */
const STALL_MS = 20_000

const descriptors = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)

const before = descriptors()
const server = await serveWorkerPool(new URL('../../src/echo.ts', import.meta.url), {
  workers: Number(process.argv[4] ?? 2),
})
const idle = descriptors()
let begun = 0
let messages = 0
let stalls = 0
let broken = 0
const startedAt = performance.now()

/** Sends a message, waits for all of it, and again; then the client finishes first, or the connection is reset. */
function converse(id: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1')
    const message = Buffer.alloc(1 + (id % 200), id % 251)
    let left = MESSAGES
    let missing = message.length
    let over = false
    socket.setTimeout(STALL_MS, () => {
      stalls += 1
      process.stderr.write(
        `connection ${id} stalled with ${left} messages to go: ${JSON.stringify(server.workers())}\n`,
      )
      socket.destroy()
    })
    socket.on('connect', () => socket.write(message))
    socket.on('data', (bytes: Buffer) => {
      missing -= bytes.length
      if (missing > 0) return
      messages += 1
      left -= 1
      missing = message.length
      if (left > 0) {
        socket.write(message)
      } else {
        over = true
        if (id % 3 === 0) socket.resetAndDestroy()
        else socket.end()
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!over) broken += 1
      resolve()
    })
  })
}

await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (begun < CONNECTIONS) await converse(begun++)
  }),
)
await server.close({ graceMs: 10_000 })
const { accepted, open, closed } = server.info()
const seconds = (performance.now() - startedAt) / 1000
process.stdout.write(
  `${JSON.stringify({
    connections: begun,
    messages,
    stalls,
    broken,
    seconds: Math.round(seconds),
    accepted,
    open,
    closed: Object.values(closed).reduce((sum, count) => sum + count, 0),
    descriptors: { before, idle, after: descriptors() },
  })}\n`,
)
