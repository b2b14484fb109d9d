import { availableParallelism } from 'node:os'
import { acceptWaiting, openListeners } from '../in-process.ts'
import { acceptHere } from '../listener.ts'
import { listenTargets, numberOrNone, wholeNumber } from '../options.ts'
import { readLimits, Reception } from '../reception.ts'
import { type RunningServer, runningServer, type ServerOptions } from '../server.ts'
import { Sessions } from '../sessions.ts'
import { requireSocketTransfer } from '../socket-transfer.ts'
import { ServerTelemetry } from '../telemetry.ts'
import { serviceOptionsThatCross } from '../thread-options.ts'
import { trustedProxies } from './client-count.ts'
import type { ClientThread } from './client-thread.ts'
import { checkModule } from './handler-module.ts'
import { Pool } from './pool.ts'
import type { PoolExit } from './pool-thread.ts'

/**
 * As for every strategy; `onConnection` and `onError` get a ClientThread, here in the server’s thread. `tls` must be
 * settings: a TlsAcceptor cannot cross.
 */
export interface WorkerPoolOptions extends ServerOptions<ClientThread> {
  /** Threads, 1 or more. Default one for each core. */
  readonly workers?: number | undefined
  /**
   * A thread whose loop has not turned for so long, once or twice over, is ended with all its connections, and replaced.
   * Milliseconds, default 30,000; Infinity leaves it be. New clients go to the other threads long before.
   */
  readonly unresponsiveMs?: number | undefined
  /**
   * A thread has ended though nobody asked it to: an exception that nobody caught, `process.exit`, or it answered nothing.
   * Another takes its place. Also published on the diagnostics channel `plainwire:socket-server:worker:exit`.
   */
  readonly onWorkerExit?: ((exit: PoolExit) => void) | undefined
}

/** A server of threads. */
export interface WorkerPool extends RunningServer {
  /** What each thread has at this moment. */
  workers(): readonly {
    readonly threadId: number
    readonly state: 'starting' | 'ready' | 'dead' | 'closing' | 'cut' | 'closed'
    readonly connections: number
  }[]
}

/**
 * Serves all clients with a fixed number of threads, each of which imports the module once and calls its default export for
 * every connection that is moved to it: the thread with the fewest. A handler that throws costs its connection; one that
 * loops or calls `process.exit`, or an exception that nobody catches, costs the connections of its thread alone.
 * The module can be this file, with `isMainThread` to tell the roles apart. Rejects with what the module throws at import;
 * TypeError for a module that is no URL or no file; NetworkError `unsupported` where sockets cannot move between threads
 * (below Node 26.6, and Unix sockets): there, `serveProcesses` does the same.
 */
export async function serveWorkerPool(moduleUrl: string | URL, options: WorkerPoolOptions = {}): Promise<WorkerPool> {
  const { signal } = options
  const moduleHref = checkModule(moduleUrl)
  const limits = readLimits(options.limits)
  const targets = listenTargets(options)
  for (const target of targets) requireSocketTransfer(target, 'a pool of threads')
  const sessions = new Sessions()
  const pool = new Pool({
    moduleUrl: moduleHref,
    options: serviceOptionsThatCross(options),
    threads: wholeNumber('workers', options.workers ?? availableParallelism(), 1, 1024),
    unresponsiveMs: numberOrNone('unresponsiveMs', options.unresponsiveMs ?? 30_000, 1),
    events: options,
    onExit: options.onWorkerExit,
    sessions,
    isBehindProxy: trustedProxies(options),
  })
  signal?.throwIfAborted()
  await pool.start()
  try {
    const telemetry = new ServerTelemetry(sessions)
    const reception = new Reception({ limits, freedWhen: 'over', serve: pool.serve }, sessions)
    const waits = limits.overflow === 'wait' && limits.connections < Infinity
    const listeners = await openListeners(targets, (target) => {
      const accept = waits ? acceptWaiting(target) : acceptHere
      const maxActive = waits ? limits.connections : Infinity
      return accept({ target, maxActive, onTrouble: telemetry.troubled }, reception.receive)
    })
    return withPool(runningServer({ listeners, sessions, reception, telemetry }, signal), pool)
  } catch (error) {
    await pool.close()
    throw error
  }
}

/** The threads end after the last connection, and the server with them. */
function withPool(server: RunningServer, pool: Pool): WorkerPool {
  const finished = (async () => {
    try {
      return await server.finished
    } finally {
      await pool.close()
    }
  })()
  finished.catch(() => {})
  const close: RunningServer['close'] = async (options) => {
    await server.close(options)
    await finished
  }
  return {
    ...server,
    close,
    finished,
    workers: () => pool.threads.map(({ threadId, state, connections }) => ({ threadId, state, connections })),
    [Symbol.asyncDispose]: () => close(),
  }
}
