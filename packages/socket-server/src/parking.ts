// How to stop calling accept(2) without closing the listening socket, which Node has no method for: a server that is on its
// way to another thread belongs to no event loop, while the kernel goes on completing connections into its backlog. Nothing
// says that the message has to be read by somebody else.

import { createServer, type Server, type ServerOpts } from 'node:net'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'

/**
 * The server is of no use afterwards; calling the result gives the one that listens in its place, with this backlog.
 * Undefined where it cannot be moved: below Node 26.6, on Windows, for a Unix socket.
 */
export function parkServer(server: Server, options: ServerOpts, backlog: number): (() => Server) | undefined {
  const { port1, port2 } = new MessageChannel()
  // A message that waits keeps no process alive, and a server has to.
  const alive = setInterval(() => {}, 2 ** 30)
  const over = (): void => {
    clearInterval(alive)
    port1.close()
  }
  try {
    port1.postMessage(server, [server as never])
  } catch {
    over()
    return undefined
  }
  return () => {
    const { message: arrived } = receiveMessageOnPort(port2) as { readonly message: Server }
    over()
    // One that has moved listens with Node's own backlog of 511; another one that takes its socket over asks for ours.
    return createServer(options).listen(arrived, backlog)
  }
}
