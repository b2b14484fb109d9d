import { channel } from 'node:diagnostics_channel'
import { availableParallelism } from 'node:os'
import { quoted } from '@plainwire/socket-utils/errors'
import { type HandlerEvents, reportHandlerError } from '../handler.ts'
import type { Address } from '../arrival.ts'
import { type ListenOptions, listenTargets, unixEndpoint, wholeNumber } from '../options.ts'
import { type LimitOptions, readLimits } from '../reception.ts'
import { type CloseOptions, graceOf, type RunningServer, type ServerInfo } from '../server.ts'
import type { ServiceOptions } from '../service.ts'
import { serviceOptionsThatCross } from '../thread-options.ts'
import { checkModule } from './handler-module.ts'
import { Accounts } from './process-accounts.ts'
import { type ProcessExit, ProcessSlot } from './process-slot.ts'
import { shareSockets } from './shared-sockets.ts'

/** A client of one of the processes, as the server hears of it. */
export interface ProcessClient {
  readonly pid: number
  readonly remote: Address
  readonly local: Address
}

/**
 * As for every strategy, but `onConnection`; `onError` hears of all processes. What is in them must be able to cross, as
 * by structured clone.
 */
export interface ProcessesOptions extends ListenOptions, ServiceOptions, Pick<HandlerEvents<ProcessClient>, 'onError'> {
  /** 1 or more. Default one for each core. A process takes some 50 MB. */
  readonly processes?: number | undefined
  /**
   * `socket`: all accept from one listening socket, which outlives each of them: clients wait in its backlog while a process
   * is replaced. `port`: each listens by itself (`reusePort`), and the kernel deals the clients out evenly; those in the
   * backlog of a process that crashes are reset. Default `socket` where this Node can (26.4 or newer, not Windows).
   */
  readonly share?: 'socket' | 'port' | undefined
  /** Of each process. */
  readonly limits?: LimitOptions | undefined
  /**
   * A process has ended though nobody asked it to. Another takes its place. Also published on the diagnostics channel
   * `plainwire:socket-server:process:exit`.
   */
  readonly onProcessExit?: ((exit: ProcessExit) => void) | undefined
}

/**
 * A server of processes. What `info` tells is up to a quarter of a second old. Its `peak` is the most that were open in
 * all processes together whenever one of them told, or that one process had by itself, whichever is more: a peak between
 * that lasts less than a quarter of a second may be missed, but processes that are gone add nothing.
 */
export interface ProcessGroup extends RunningServer {
  /** Replaces one process after the other, each by one that has imported the module anew and listens before the old one is drained. */
  roll(options?: CloseOptions): Promise<void>
  processes(): readonly {
    readonly pid: number
    readonly state: 'starting' | 'listening' | 'draining' | 'dead' | 'closed'
    readonly connections: number
  }[]
}

const exits = channel('plainwire:socket-server:process:exit')

/**
 * Serves with a number of processes, each of which imports the module and calls its default export for every connection
 * that it accepts. One that crashes, loops or is killed costs its own connections. The module can be this file, with
 * `import.meta.main` to tell the roles apart. What `info` tells is up to a quarter of a second old. Rejects with what the
 * first process says that cannot start; TypeError for a module that is no URL or no file; NetworkError `unsupported` where
 * processes can share neither a socket nor a port.
 */
export async function serveProcesses(moduleUrl: string | URL, options: ProcessesOptions = {}): Promise<ProcessGroup> {
  const { signal, limits } = options
  const moduleHref = checkModule(moduleUrl)
  const count = wholeNumber('processes', options.processes ?? availableParallelism(), 1, 1024)
  if (options.share !== undefined && options.share !== 'socket' && options.share !== 'port') {
    throw new TypeError(`share must be socket or port, got ${quoted(options.share)}`)
  }
  readLimits(limits) // what is wrong with them is the caller's mistake, not the processes'
  const targets = listenTargets(options)
  const service = serviceOptionsThatCross(options)
  signal?.throwIfAborted()
  const shared = await shareSockets(targets, options.share)
  const accounts = new Accounts()
  let group: Group | undefined
  const start = {
    descriptors: shared.descriptors,
    settings: () => ({
      moduleUrl: moduleHref,
      listeners: shared.listeners(),
      options: { ...service, limits },
      suspended: group?.server.info().state === 'suspended',
    }),
  }
  const infos = (): readonly ServerInfo[] => slots.flatMap((slot) => slot.infos)
  const slots: readonly ProcessSlot[] = Array.from(
    { length: count },
    () =>
      new ProcessSlot(start, {
        fault: (pid, { error, remote, local }) => reportHandlerError(error, { pid, remote, local }, options),
        exited(exit) {
          exits.publish(exit)
          options.onProcessExit?.(exit)
        },
        account: (info, summary) => accounts.close(info, summary),
        told: () => void accounts.info(infos()),
      }),
  )
  try {
    const [first, ...others] = slots as [ProcessSlot, ...ProcessSlot[]]
    // The first one alone, since it may be the one to find the port.
    shared.boundTo(await first.start())
    await Promise.all(others.map((slot) => slot.start()))
    signal?.throwIfAborted()
  } catch (error) {
    await Promise.all(slots.map((slot) => slot.close(0)))
    shared.close()
    signal?.throwIfAborted()
    throw error
  }
  group = new Group(slots, shared, accounts, signal)
  return group.server
}

class Group {
  readonly server: ProcessGroup
  readonly #slots: readonly ProcessSlot[]
  #state: ServerInfo['state'] = 'listening'

  constructor(
    slots: readonly ProcessSlot[],
    shared: Awaited<ReturnType<typeof shareSockets>>,
    accounts: Accounts,
    signal: AbortSignal | undefined,
  ) {
    this.#slots = slots
    const over = Promise.withResolvers<void>()
    const onAbort = (): void => void close()
    const finished = over.promise.then(() => {
      this.#state = 'closed'
      shared.close()
      signal?.removeEventListener('abort', onAbort)
      return accounts.summary
    })
    const close = async (options: CloseOptions = {}): Promise<void> => {
      const graceMs = graceOf(options)
      const { signal } = options
      this.#state = 'draining'
      const cut = (): void => void this.#close(0)
      signal?.addEventListener('abort', cut, { once: true })
      void this.#close(signal?.aborted ? 0 : graceMs).then(() => over.resolve())
      await finished
      signal?.removeEventListener('abort', cut)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    const addresses = shared.addresses().map(({ host, port }) => (port === 0 ? unixEndpoint(host) : { host, port }))
    const [{ host, port }] = shared.addresses() as [{ host: string; port: number }]
    this.server = {
      host,
      port,
      addresses,
      backlog: shared.backlog,
      close,
      finished,
      suspend: () => this.#switch('listening', 'suspended', 'suspend'),
      resume: () => this.#switch('suspended', 'listening', 'resume'),
      info: () => ({ ...accounts.info(slots.flatMap((slot) => slot.infos)), state: this.#state }),
      roll: (options) => this.#roll(options),
      processes: () => slots.map(({ pid, state, connections }) => ({ pid, state, connections })),
      [Symbol.asyncDispose]: () => close(),
    }
  }

  #switch(from: ServerInfo['state'], to: ServerInfo['state'], type: 'suspend' | 'resume'): void {
    if (this.#state !== from) return
    this.#state = to
    for (const slot of this.#slots) slot.send({ type })
  }

  #close(graceMs: number): Promise<unknown> {
    return Promise.all(this.#slots.map((slot) => slot.close(graceMs)))
  }

  async #roll(options: CloseOptions = {}): Promise<void> {
    const graceMs = graceOf(options)
    const { signal } = options
    for (const slot of this.#slots) {
      signal?.throwIfAborted()
      if (this.#state === 'draining' || this.#state === 'closed') return
      await slot.replace(graceMs)
    }
  }
}
