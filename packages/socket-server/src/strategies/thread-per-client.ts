import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NetworkError, quoted } from '@plainwire/socket-utils/errors'
import { acceptInThread } from '../acceptor.ts'
import { listenAddress, listenOperation, wholeNumber } from '../options.ts'
import { runningServer, type RunningServer, type ServerOptions } from '../server.ts'
import { Sessions } from '../sessions.ts'
import { canTransferSockets } from '../socket-transfer.ts'
import { type ClientThread, serveInThread } from './client-thread.ts'

export interface ThreadPerClientOptions extends ServerOptions<ClientThread> {
  /** The others wait in the kernel's backlog. 1 or more, default 64; a thread takes some 8 MB and 20 ms to start. */
  readonly maxThreads?: number | undefined
}

/**
 * Gives every client a fresh thread, which imports the module and calls its default export with the Connection. A function
 * cannot cross to another thread; a module can serve both roles, with `isMainThread` to tell which:
 * `serveThreadPerClient(import.meta.url)`. A handler that throws, never returns or calls `process.exit` harms nobody else.
 * When the handler is done its thread is ended, with whatever it left running. TypeError for a module that is no URL or
 * no file; NetworkError `unsupported` where sockets cannot move between threads (below Node 26.6).
 */
export async function serveThreadPerClient(
  moduleUrl: string | URL,
  options: ThreadPerClientOptions = {},
): Promise<RunningServer> {
  const url = checkModule(moduleUrl)
  const maxActive = wholeNumber('maxThreads', options.maxThreads ?? 64, 1, Infinity)
  const operation = listenOperation(listenAddress(options))
  if (!canTransferSockets()) {
    const needed = 'a thread per client needs Node 26.6 or newer, which can move a socket to another thread'
    throw new NetworkError('unsupported', `${operation}: ${needed}; this is ${process.version}`)
  }
  options.signal?.throwIfAborted()
  const sessions = new Sessions()
  const listener = await acceptInThread({ ...options, maxActive }, (socket, release) => {
    const session = serveInThread(url, socket, options)
    void session.done.finally(release)
    sessions.add(session)
  })
  return runningServer(listener, sessions, options.signal)
}

/** The other end would learn only from the first client that there is nothing to import. */
function checkModule(moduleUrl: string | URL): string {
  if (!URL.canParse(String(moduleUrl))) {
    throw new TypeError(`moduleUrl must be a URL, such as import.meta.url, got ${quoted(moduleUrl)}`)
  }
  const url = new URL(moduleUrl)
  if (url.protocol === 'file:' && !existsSync(fileURLToPath(url))) {
    throw new TypeError(`moduleUrl must be the URL of a module, but there is no file ${quoted(fileURLToPath(url))}`)
  }
  return url.href
}
