import type { Socket } from 'node:net'
import { acceptInThread } from '../acceptor.ts'
import type { Place } from '../arrival.ts'
import { openListeners } from '../in-process.ts'
import { acceptHere } from '../listener.ts'
import { listenTargets, wholeNumber } from '../options.ts'
import { readLimits, Reception } from '../reception.ts'
import { runningServer, type RunningServer, type ServerOptions } from '../server.ts'
import { Sessions } from '../sessions.ts'
import { requireSocketTransfer } from '../socket-transfer.ts'
import { ServerTelemetry } from '../telemetry.ts'
import { serviceOptionsThatCross } from '../thread-options.ts'
import { trustedProxies } from './client-count.ts'
import { type ClientThread, serveInThread } from './client-thread.ts'
import { checkModule } from './handler-module.ts'

/**
 * As for every strategy; `onConnection` and `onError` get a ClientThread, here in the server’s thread. `tls` must be
 * settings: a TlsAcceptor cannot cross.
 */
export interface ThreadPerClientOptions extends ServerOptions<ClientThread> {
  /** The others wait in the kernel's backlog. 1 or more, default 64; a thread takes some 15 MB, and 46 ms of a processor to start. */
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
  const { signal } = options
  const moduleHref = checkModule(moduleUrl)
  const maxThreads = wholeNumber('maxThreads', options.maxThreads ?? 64, 1, Infinity)
  const given = readLimits(options.limits)
  const limits = { ...given, connections: Math.min(given.connections, maxThreads) }
  const targets = listenTargets(options)
  for (const target of targets) requireSocketTransfer(target, 'a thread per client')
  const sessions = new Sessions()
  const service = {
    moduleUrl: moduleHref,
    options: serviceOptionsThatCross(options),
    events: options,
    sessions,
    isBehindProxy: trustedProxies(options),
  }
  signal?.throwIfAborted()
  const telemetry = new ServerTelemetry(sessions)
  const serve = (socket: Socket, place: Place): void => serveInThread(socket, place, service)
  const reception = new Reception({ limits, freedWhen: 'over', serve }, sessions)
  const accept = limits.overflow === 'wait' ? acceptInThread : acceptHere
  const listeners = await openListeners(targets, (target) =>
    accept({ target, maxActive: limits.connections, onTrouble: telemetry.troubled }, reception.receive),
  )
  return runningServer({ listeners, sessions, reception, telemetry }, signal)
}
