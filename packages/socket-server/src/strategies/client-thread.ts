import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Closing, CloseReason } from '../closing.ts'
import { type HandlerEvents, reportHandlerError } from '../handler.ts'
import type { Address, Place } from '../arrival.ts'
import type { ServiceOptions } from '../service.ts'
import type { Session, Sessions } from '../sessions.ts'
import { workerUrl } from '../worker-url.ts'
import { ClientCount } from './client-count.ts'
import type { ClientData, ClientReport } from './client-worker.ts'

/** A client and the thread that serves it, as seen from the server's own thread. */
export interface ClientThread {
  /** `threadId` of node:worker_threads inside the handler; -1 if the system gave no thread. */
  readonly threadId: number
  readonly remote: Address
  readonly local: Address
}

/** What all threads of a server have in common. */
export interface ThreadService {
  readonly moduleUrl: string
  readonly options: ServiceOptions
  readonly events: HandlerEvents<ClientThread>
  readonly sessions: Sessions
  readonly isBehindProxy: (socket: Socket) => boolean
}

/** After a handler is done, its thread may take so long to end by itself; then what it left running is stopped. */
const LEFTOVERS_MS = 1000

/** Moves the socket to a fresh thread, where the default export of the module serves it. */
export function serveInThread(socket: Socket, place: Place, service: ThreadService): void {
  const { moduleUrl, options, events, sessions, isBehindProxy } = service
  const behindProxy = isBehindProxy(socket)
  const { remoteAddress = '0.0.0.0', remotePort = 0, localAddress = '0.0.0.0', localPort = 0 } = socket
  const remote = { host: remoteAddress, port: remotePort }
  const local = { host: localAddress, port: localPort }
  let worker: Worker
  try {
    worker = new Worker(workerUrl('./client-worker', import.meta.url), {
      workerData: { moduleUrl, socket, options } satisfies ClientData,
      transferList: [socket as never],
    })
  } catch (error) {
    sessions.refuse('handler-error', socket)
    socket.destroy()
    reportHandlerError(error, { threadId: -1, remote, local }, events)
    place.served?.()
    place.over?.()
    return
  }
  new ThreadSession(worker, { threadId: worker.threadId, remote, local }, place, service, behindProxy).begin()
}

class ThreadSession implements Session {
  readonly remote: Address
  readonly #worker: Worker
  readonly #client: ClientThread
  readonly #events: HandlerEvents<ClientThread>
  readonly #count: ClientCount
  /** What the thread told when it was done, or why it is none of its business any more. */
  #ending: Closing | CloseReason | 'health-check' | undefined
  #hasFaulted = false
  #leftovers: NodeJS.Timeout | undefined

  constructor(worker: Worker, client: ClientThread, place: Place, service: ThreadService, behindProxy: boolean) {
    const { events, sessions } = service
    this.remote = client.remote
    this.#worker = worker
    this.#client = client
    this.#events = events
    this.#count = new ClientCount(this, sessions, behindProxy)
    worker.on('message', (report: ClientReport) => this.#told(report))
    worker.on('error', (error) => this.#fault(error))
    worker.on('exit', (code) => {
      clearTimeout(this.#leftovers)
      if (code !== 0) this.#fault(new Error(`the handler's thread ended with exit code ${code}`))
      this.#count.over(this.#closing())
      place.served?.()
      place.over?.()
    })
  }

  begin(): void {
    this.#count.begin()
    if (this.#count.isNamed) this.#announce()
  }

  drain(): void {
    this.#worker.postMessage('drain', [])
  }

  cut(reason: CloseReason): void {
    this.#ending ??= reason
    void this.#worker.terminate()
  }

  #told(report: ClientReport): void {
    switch (report.type) {
      case 'named':
        if (this.#count.named()) this.#announce()
        return
      case 'over':
        this.#ending ??= report.closing ?? 'health-check'
        this.#leftovers = setTimeout(() => void this.#worker.terminate(), LEFTOVERS_MS)
        return
    }
  }

  #announce(): void {
    try {
      this.#events.onConnection?.(this.#client)
    } catch (error) {
      this.#fault(error)
      void this.#worker.terminate()
    }
  }

  #fault(error: unknown): void {
    // What comes after the end of a connection is nobody's: the thread was stopped with what it had left running.
    const told = typeof this.#ending === 'object' ? this.#ending.reason : this.#ending
    if (this.#hasFaulted || (told !== undefined && told !== 'handler-error')) return
    this.#hasFaulted = true
    this.#ending ??= 'handler-error'
    reportHandlerError(error, this.#client, this.#events)
  }

  #closing(): Closing | undefined {
    const ending = this.#ending ?? 'handler-done'
    if (typeof ending === 'object') return ending
    return ending === 'health-check' ? undefined : this.#count.closing(ending)
  }
}
