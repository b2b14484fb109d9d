// The thread of acceptor.ts: owns the listening socket, hands each accepted one over unread, and sleeps while there are
// as many as may be. A thread that sleeps does not call accept(2), so the kernel keeps the others in its backlog.

import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { ACTIVE, type AcceptorData, type AcceptorMessage, BELL, MODE, RUNNING, STOPPED, SUSPENDED } from './acceptor.ts'
import { BACK_OFF_MS, Descriptors } from './descriptors.ts'
import { boundTo } from './listener.ts'
import { sweepAndClose } from './sweep.ts'

const { target, maxActive, totalConnections, shared } = workerData as AcceptorData
const post = (message: AcceptorMessage): void => {
  parentPort?.postMessage(message, message.type === 'accepted' ? [message.socket] : [])
}

// Unread: a socket that has read can no longer move to another thread.
const server = createServer({ pauseOnConnect: true, allowHalfOpen: true })
const descriptors = new Descriptors()
let accepted = 0
let closing = false

function close(sweep: boolean): void {
  if (closing) return
  closing = true
  if (sweep) sweepAndClose(server, target.backlog, () => {})
  else server.close()
}

/** Sleeps while no place is free and nobody has told it to stop; no turn of the loop goes on, so nobody is accepted. */
function sleepWhileFull(): void {
  for (;;) {
    const bell = Atomics.load(shared, BELL)
    const mode = Atomics.load(shared, MODE)
    const full = mode === RUNNING && Atomics.load(shared, ACTIVE) >= maxActive
    if (!full && mode !== SUSPENDED) return
    Atomics.wait(shared, BELL, bell)
  }
}

function sleepWhileShort(): void {
  if (!descriptors.runShort()) return
  post({ type: 'trouble', trouble: { type: 'out-of-descriptors', waits: true } })
  do Atomics.wait(shared, BELL, Atomics.load(shared, BELL), BACK_OFF_MS)
  while (descriptors.look() && Atomics.load(shared, MODE) < STOPPED)
  post({ type: 'trouble', trouble: { type: 'recovered' } })
}

server.on('listening', () => post({ type: 'listening', ...boundTo(server.address()) }))
server.on('connection', (socket) => {
  Atomics.add(shared, ACTIVE, 1)
  post({ type: 'accepted', socket })
  accepted += 1
  if (accepted === totalConnections) close(false)
  // libuv accepts one connection per turn of the loop and this holds up the turn.
  if (closing) return
  sleepWhileShort()
  sleepWhileFull()
})
// Told twice, in shared memory and by a message, since this thread either sleeps above or waits for the next client.
parentPort
  ?.on('message', (message: 'look' | 'sweep' | 'stop') => {
    if (message === 'look') sleepWhileFull()
    else close(message === 'sweep')
    if (message === 'stop') server.close()
  })
  .unref() // nothing keeps this thread alive but the socket
server.on('error', (error: NodeJS.ErrnoException) => {
  const { code, message } = error
  post(server.listening ? { type: 'accept-failed', code, message } : { type: 'failed', code, message })
})
// The backlog twice, since for a descriptor the second alone counts.
server.listen(target, target.backlog)
