// One place of a pool, and the thread that fills it: started, fed with sockets, replaced when it dies.

import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Closing } from '../closing.ts'
import { workerUrl } from '../worker-url.ts'
import type { PoolOrder, PoolReport, PoolWorkerData } from './pool-messages.ts'

/** What a pool is told by its threads. */
export interface PoolThreadEvents {
  /** It serves from now on. */
  ready(thread: PoolThread): void
  /** It takes another socket. */
  free(thread: PoolThread): void
  fault(threadId: number, report: Extract<PoolReport, { readonly type: 'fault' }>): void
  exited(thread: PoolThread, exit: PoolExit): void
}

/** A thread that ended though nobody had asked it to. */
export interface PoolExit {
  /** `threadId` of node:worker_threads. */
  readonly threadId: number
  /** What it threw and nobody caught; or that it ended by itself, or answered nothing. */
  readonly error: unknown
  /** How many connections ended with it. */
  readonly lostConnections: number
  /** When the next one is started in its place. */
  readonly restartMs: number
}

/** What is served there, seen from here. Exactly one of `over` and `lost` ends it. */
export interface Placed {
  /** A trusted proxy has said for whom it is. */
  named(): void
  over(closing: Closing | undefined): void
  lost(): void
}

type State =
  | { readonly name: 'starting'; readonly worker: Worker }
  | { readonly name: 'ready'; readonly worker: Worker }
  | { readonly name: 'dead'; readonly timer: NodeJS.Timeout }
  /** Asked to end, or being stopped. */
  | { readonly name: 'closing' | 'cut'; readonly worker: Worker }
  | { readonly name: 'closed' }

/** So many sockets may be on their way to a thread. Those that it does not take are lost to it, should it loop. */
const MAX_PENDING = 2
/** After the last connection a thread may take so long to end by itself; then what it left running is stopped. */
const LEFTOVERS_MS = 1000
/** A thread that died before it was ready is tried again after this, then after twice as long, and so on. */
const FIRST_BACK_OFF_MS = 100
const LONGEST_BACK_OFF_MS = 10_000

/** A place, empty until `start`. It fills itself again until it is closed or cut. */
export class PoolThread {
  readonly #data: PoolWorkerData
  readonly #events: PoolThreadEvents
  readonly #placed = new Map<number, Placed>()
  #state: State = { name: 'closed' }
  #threadId = -1
  /** Sockets that were sent and not taken yet. */
  #pending = 0
  #unanswered = false
  /** Starts in a row that came to nothing. */
  #stillborn = 0
  #error: unknown
  #exited = Promise.resolve()

  constructor(data: PoolWorkerData, events: PoolThreadEvents) {
    this.#data = data
    this.#events = events
  }

  get state(): State['name'] {
    return this.#state.name
  }

  /** Of the present thread, or of the last one. */
  get threadId(): number {
    return this.#threadId
  }

  get connections(): number {
    return this.#placed.size
  }

  /** Whether it has taken nearly all that it was given: one that has no time, or loops, is given no more. */
  get keepsUp(): boolean {
    return this.#state.name === 'ready' && this.#pending < MAX_PENDING
  }

  start(): void {
    this.#pending = 0
    this.#unanswered = false
    this.#error = undefined
    const worker = new Worker(workerUrl('./pool-worker', import.meta.url), { workerData: this.#data })
    this.#state = { name: 'starting', worker }
    this.#threadId = worker.threadId
    worker.on('message', (report: PoolReport) => this.#told(worker, report))
    worker.on('error', (error) => (this.#error ??= error))
    this.#exited = new Promise((resolve) => {
      worker.on('exit', (code) => {
        this.#ended(code)
        resolve()
      })
    })
  }

  /** Moves a socket there. Throws if it cannot move, as one that broke meanwhile cannot. */
  place(id: number, socket: Socket, placed: Placed): void {
    this.#send({ type: 'serve', id, socket }, [socket])
    this.#pending += 1
    this.#placed.set(id, placed)
  }

  drain(): void {
    this.#send({ type: 'drain' })
  }

  /** Ends one connection that was placed here. */
  cutOne(id: number): void {
    this.#send({ type: 'cut', id })
  }

  /** Ends the thread if it has not answered the last time that it was asked; else asks it again. */
  checkPulse(unresponsiveMs: number): void {
    const state = this.#state
    if (state.name !== 'ready') return
    if (this.#unanswered) {
      this.#error ??= new Error(`thread ${this.#threadId} has answered nothing for ${unresponsiveMs} ms`)
      void state.worker.terminate()
      return
    }
    this.#unanswered = true
    this.#send({ type: 'ping' })
  }

  /** Ends what is served there, at once, even if it loops; nobody takes its place. */
  cut(): void {
    const state = this.#state
    if (!('worker' in state) || state.name === 'cut') return
    this.#state = { name: 'cut', worker: state.worker }
    void state.worker.terminate()
  }

  /** Resolves when the thread is gone. What it left running is stopped after a second. */
  async close(): Promise<void> {
    const state = this.#state
    switch (state.name) {
      case 'starting':
      case 'ready': {
        const { worker } = state
        this.#state = { name: 'closing', worker }
        worker.postMessage({ type: 'close' } satisfies PoolOrder, [])
        const timer = setTimeout(() => void worker.terminate(), LEFTOVERS_MS)
        await this.#exited
        clearTimeout(timer)
        return
      }
      case 'dead':
        clearTimeout(state.timer)
        this.#state = { name: 'closed' }
        return
      case 'closing':
      case 'cut':
      case 'closed':
        await this.#exited
    }
  }

  #send(order: PoolOrder, transfer: Socket[] = []): void {
    if ('worker' in this.#state) this.#state.worker.postMessage(order, transfer as never)
  }

  #told(worker: Worker, report: PoolReport): void {
    switch (report.type) {
      case 'ready':
        this.#stillborn = 0
        if (this.#state.name === 'starting') this.#state = { name: 'ready', worker }
        this.#events.ready(this)
        return
      case 'taken':
        this.#pending -= 1
        this.#events.free(this)
        return
      case 'pong':
        this.#unanswered = false
        return
      case 'named':
        this.#placed.get(report.id)?.named()
        return
      case 'over': {
        const placed = this.#placed.get(report.id)
        this.#placed.delete(report.id)
        placed?.over(report.closing)
        return
      }
      case 'fault':
        this.#events.fault(this.#threadId, report)
        return
    }
  }

  #ended(code: number): void {
    const state = this.#state
    const lost = [...this.#placed.values()]
    this.#placed.clear()
    if (state.name === 'starting' || state.name === 'ready') {
      // Ready once, it is replaced at once: waiting would let one client that kills threads keep all others out.
      const restartMs =
        state.name === 'ready' ? 0 : Math.min(FIRST_BACK_OFF_MS * 2 ** this.#stillborn++, LONGEST_BACK_OFF_MS)
      this.#state = { name: 'dead', timer: setTimeout(() => this.start(), restartMs) }
      const threadId = this.#threadId
      const error = this.#error ?? new Error(`the thread ended with exit code ${code}`)
      this.#events.exited(this, { threadId, error, lostConnections: lost.length, restartMs })
    } else {
      this.#state = { name: 'closed' }
    }
    for (const placed of lost) placed.lost()
  }
}
