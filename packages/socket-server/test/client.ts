// A client for the tests, as plain as can be: node:net and nothing of this package.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Connected, half-open, its errors left to `outcome`. */
export async function connectTo(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  await once(socket, 'connect')
  socket.on('error', () => {})
  return socket
}

/** All that still comes in, as text, and how it ended: with a FIN, or with an error's code. */
export function outcome(socket: Socket): Promise<{ readonly text: string; readonly end: string }> {
  return new Promise((resolve) => {
    const received: Buffer[] = []
    const over = (end: string): void => resolve({ text: Buffer.concat(received).toString(), end })
    socket.on('data', (bytes: Buffer) => received.push(bytes))
    socket.once('error', (error: NodeJS.ErrnoException) => over(String(error.code)))
    socket.once('end', () => {
      socket.end()
      over('FIN')
    })
  })
}

/** Sends, finishes, and gives what came back: what `printf text | nc -N` does. */
export async function converse(port: number, text: string): Promise<string> {
  const socket = await connectTo(port)
  socket.end(text)
  const { text: reply, end } = await outcome(socket)
  if (end !== 'FIN') throw new Error(`after ${JSON.stringify(reply)}: ${end}`)
  return reply
}

/** The next bytes, as text. */
export async function reply(socket: Socket): Promise<string> {
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  return bytes.toString()
}

/** Sends, and gives the next bytes, as text. */
export async function ask(client: Socket, text: string): Promise<string> {
  client.write(text)
  return reply(client)
}

/** The code of the error that connecting gives. */
export function connectError(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
    socket.once('connect', () => {
      socket.destroy()
      resolve('connected')
    })
  })
}

/** Nobody listens there any more. Asks now and then: a server that is closing serves whoever comes before it has. */
export async function untilRefused(port: number): Promise<void> {
  while ((await connectError(port)) !== 'ECONNREFUSED') await pause(20)
}

/** Waits for something that shows no event; the test's own deadline ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(2)
}

/** The time of those who wait here passes even where a test has the clock in its hands. */
const realTimeout = setTimeout

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => realTimeout(resolve, ms))
}
