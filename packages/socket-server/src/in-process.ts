// Serving in this thread, which three strategies have in common: they differ in how many at a time, and in when a place
// is free again.

import { acceptInThread } from './acceptor.ts'
import type { Handler } from './handler.ts'
import type { Handlers } from './handlers.ts'
import type { Link } from './link.ts'
import { type Accept, acceptHere, freePortFor, type Listener } from './listener.ts'
import { listenTargets, type ListenTarget } from './options.ts'
import { readLimits, Reception } from './reception.ts'
import { runningServer, type RunningServer, type ServerOptions } from './server.ts'
import { Service } from './service.ts'
import { Sessions } from './sessions.ts'
import { canTransferSockets } from './socket-transfer.ts'
import { ServerTelemetry } from './telemetry.ts'

/** In what the strategies that serve in this thread differ. */
export interface InProcessPlan {
  /** Never more at one time than so many. */
  readonly maxActive?: number
  readonly totalConnections?: number | undefined
  readonly freedWhen: 'served' | 'over'
  readonly accept?: Accept | undefined
}

/**
 * Listens, and serves in this thread. NetworkError where the address cannot be had; `signal.reason` if that aborts
 * first.
 */
export async function serveHere(
  handler: Handler | Handlers<never>,
  options: ServerOptions | ServerOptions<Link>,
  plan: InProcessPlan,
): Promise<RunningServer> {
  const { totalConnections, freedWhen, maxActive = Infinity } = plan
  const { signal } = options
  const targets = listenTargets(options)
  const given = readLimits(options.limits)
  const limits = { ...given, connections: Math.min(given.connections, maxActive) }
  const sessions = new Sessions()
  const service = new Service(handler, options, sessions)
  const reception = new Reception(
    {
      limits,
      freedWhen,
      isBehindProxy: (socket) => service.isBehindProxy(socket),
      serve: (socket, place) => service.serve(socket, place),
    },
    sessions,
  )
  signal?.throwIfAborted()
  const telemetry = new ServerTelemetry(sessions)
  const waits = limits.overflow === 'wait' && limits.connections < Infinity
  const listeners = await openListeners(targets, async (target) => {
    const accept = plan.accept ?? (waits ? acceptWaiting(target) : acceptHere)
    return accept(
      { target, totalConnections, maxActive: waits ? limits.connections : Infinity, onTrouble: telemetry.troubled },
      reception.receive,
    )
  }).catch((error: unknown) => {
    sessions.cut() // whoever came in the meantime has no server
    throw error
  })
  return runningServer({ listeners, sessions, reception, telemetry }, signal)
}

/** How clients for whom there is no place are kept in the kernel's backlog, where that can be had. */
export function acceptWaiting(target: ListenTarget): Accept {
  return 'port' in target && canTransferSockets() ? acceptInThread : acceptHere
}

/** All of them or none, each target with as many acceptors as it asks for: those that listen already are stopped if one cannot. */
export async function openListeners(
  targets: readonly ListenTarget[],
  open: (target: ListenTarget) => Promise<Listener>,
): Promise<readonly Listener[]> {
  const listeners: Listener[] = []
  try {
    for (const asked of targets) {
      const target = await sharedByAcceptors(asked)
      const first = await open(target)
      listeners.push(first)
      const more = 'port' in target ? target.acceptors - 1 : 0
      for (let left = more; left > 0; left--) listeners.push(await open({ ...target, port: first.port }))
    }
    return listeners
  } catch (error) {
    for (const listener of listeners) listener.stop()
    throw error
  }
}

/** Acceptors share their port among themselves; that it is nobody else's can only be seen before. */
async function sharedByAcceptors(target: ListenTarget): Promise<ListenTarget> {
  if (!('port' in target) || target.reusePort || target.acceptors === 1) return target
  return { ...target, port: await freePortFor(target), reusePort: true }
}
