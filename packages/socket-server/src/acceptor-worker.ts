// The thread of acceptor.ts: owns the listening socket, hands each accepted one over unread, and sleeps while there are
// as many as may be. A thread that sleeps does not call accept(2), so the kernel keeps the others in its backlog.

import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import type { AcceptorData, AcceptorMessage } from './acceptor.ts'
import { boundTo } from './listener.ts'

const { host, port, backlog, maxActive, totalConnections, active } = workerData as AcceptorData
const post = (message: AcceptorMessage): void => {
  parentPort?.postMessage(message, message.type === 'accepted' ? [message.socket] : [])
}

// Unread: a socket that has read can no longer move to another thread.
const server = createServer({ pauseOnConnect: true })
let accepted = 0

server.on('listening', () => post({ type: 'listening', ...boundTo(server.address()) }))
server.on('connection', (socket) => {
  Atomics.add(active, 0, 1)
  post({ type: 'accepted', socket })
  accepted += 1
  if (accepted === totalConnections) {
    server.close()
    return
  }
  // libuv accepts one connection per turn of the loop and this holds up the turn.
  for (let now = Atomics.load(active, 0); now >= maxActive; now = Atomics.load(active, 0)) Atomics.wait(active, 0, now)
  if (Atomics.load(active, 0) < 0) server.close()
})
// Told twice, since this thread either sleeps above or waits for the next client; then nothing keeps it alive.
parentPort?.once('message', () => server.close()).unref()
server.on('error', (error: NodeJS.ErrnoException) => {
  // Once it listens, an error is one failed accept(2), the loss of that client alone.
  if (!server.listening) post({ type: 'failed', code: error.code, message: error.message })
})
// The number, not a transferred server or handle: those come back with Node's own backlog of 511.
server.listen({ host, port, backlog })
