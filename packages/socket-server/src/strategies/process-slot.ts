// One place among the processes of a server, and the process that fills it: started, told, replaced when it dies.

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { NetworkError } from '@plainwire/socket-utils/errors'
import type { ServerInfo } from '../server.ts'
import type { ServerSummary } from '../sessions.ts'
import { workerUrl } from '../worker-url.ts'
import type { ListeningAt, ProcessOrder, ProcessReport, ProcessSettings } from './process-messages.ts'

/** A process that ended though nobody had asked it to. */
export interface ProcessExit {
  readonly pid: number
  /** One of the two is null. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** How many connections ended with it, as far as it had told. */
  readonly lostConnections: number
  /** When the next one is started in its place. */
  readonly restartMs: number
}

/** What a group is told by its places. */
export interface ProcessSlotEvents {
  fault(pid: number, report: Extract<ProcessReport, { readonly type: 'fault' }>): void
  exited(exit: ProcessExit): void
  /** The last that is known of a process that is gone, and whether it ended in an orderly way. */
  account(info: ServerInfo, summary: ServerSummary | undefined): void
  /** A process has told how it is doing. */
  told(): void
}

/** How a process is started, the first time as well as the last. */
export interface ProcessStart {
  /** Descriptors that it is born with: the first is 4 there. */
  readonly descriptors: readonly number[]
  readonly settings: () => ProcessSettings
}

const FIRST_BACK_OFF_MS = 100
const LONGEST_BACK_OFF_MS = 10_000
/** A process that does not end though its grace is over loops, and is killed after so long. */
const KILL_MS = 1000
/** A module that takes longer to be imported is taken not to come to an end. */
const START_MS = 60_000

type State =
  | { readonly name: 'starting' | 'listening' | 'draining'; readonly process: RunningProcess }
  | { readonly name: 'dead'; readonly timer: NodeJS.Timeout }
  | { readonly name: 'closed' }

/** A place, empty until `start`. It fills itself again until it is closed. */
export class ProcessSlot {
  readonly #start: ProcessStart
  readonly #events: ProcessSlotEvents
  /** All that run: the one that fills the place, one that comes up to replace it, and those that drain. */
  readonly #processes = new Set<RunningProcess>()
  #state: State = { name: 'closed' }
  #stillborn = 0

  constructor(start: ProcessStart, events: ProcessSlotEvents) {
    this.#start = start
    this.#events = events
  }

  get state(): State['name'] {
    return this.#state.name
  }

  get pid(): number {
    return 'process' in this.#state ? this.#state.process.pid : -1
  }

  /** Of the process that fills the place, as far as it has told. */
  get connections(): number {
    return 'process' in this.#state ? (this.#state.process.info?.open ?? 0) : 0
  }

  /** What all that run here told last. */
  get infos(): readonly ServerInfo[] {
    return [...this.#processes].flatMap(({ info }) => info ?? [])
  }

  /** Resolves when it listens; rejects if it cannot, and then it is tried again only by another `start`. */
  async start(): Promise<readonly ListeningAt[]> {
    const process = this.#run()
    const starting: State = { name: 'starting', process }
    this.#state = starting
    const addresses = await process.listening
    this.#stillborn = 0
    if (this.#state === starting) this.#state = { name: 'listening', process }
    return addresses
  }

  /** Starts another process in this place; when that listens, the old one is drained, and this resolves when it is gone. */
  async replace(graceMs: number): Promise<void> {
    const fresh = this.#run()
    try {
      await fresh.listening
    } catch (error) {
      if (this.#closes) return // which has ended this one, too
      throw error
    }
    if (this.#closes) return
    const old = this.#state
    this.#state = { name: 'listening', process: fresh }
    this.#stillborn = 0
    if (old.name === 'dead') clearTimeout(old.timer)
    if ('process' in old) await old.process.close(graceMs)
  }

  /** Resolves when all processes are gone: drained, or killed shortly after their grace. */
  async close(graceMs: number): Promise<void> {
    const state = this.#state
    if (state.name === 'dead') clearTimeout(state.timer)
    this.#state = 'process' in state ? { name: 'draining', process: state.process } : { name: 'closed' }
    await Promise.all([...this.#processes].map((process) => process.close(graceMs)))
    this.#state = { name: 'closed' }
  }

  /** To all that run: one that comes up obeys when it listens. */
  send(order: ProcessOrder): void {
    for (const process of this.#processes) process.send(order)
  }

  get #closes(): boolean {
    return this.#state.name === 'draining' || this.#state.name === 'closed'
  }

  #run(): RunningProcess {
    const process = new RunningProcess(this.#start, this.#events)
    this.#processes.add(process)
    void process.exited.then((exit) => {
      this.#processes.delete(process)
      this.#exited(process, exit)
    })
    return process
  }

  #exited(process: RunningProcess, exit: Exit): void {
    const state = this.#state
    // One that was replaced, or that ends as it was told.
    if (!('process' in state) || state.process !== process || state.name === 'draining') return
    // Ready once, it is replaced at once: waiting would let one client that kills processes keep all others out.
    const restartMs =
      state.name === 'listening' ? 0 : Math.min(FIRST_BACK_OFF_MS * 2 ** this.#stillborn++, LONGEST_BACK_OFF_MS)
    const again = (): void => void this.start().catch(() => {})
    this.#state = { name: 'dead', timer: setTimeout(again, restartMs) }
    this.#events.exited({ pid: process.pid, ...exit, restartMs })
  }
}

type Exit = Pick<ProcessExit, 'code' | 'signal' | 'lostConnections'>

class RunningProcess {
  readonly pid: number
  readonly listening: Promise<readonly ListeningAt[]>
  readonly exited: Promise<Exit>
  /** What it told last, until that has gone to the account. */
  info: ServerInfo | undefined
  #isListening = false
  readonly #child: ChildProcess
  #failure: unknown

  constructor({ descriptors, settings }: ProcessStart, events: ProcessSlotEvents) {
    const child = fork(fileURLToPath(workerUrl('./process-worker', import.meta.url)), {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...descriptors],
    })
    this.#child = child
    this.pid = child.pid ?? -1
    const listening = Promise.withResolvers<readonly ListeningAt[]>()
    this.listening = listening.promise
    const started = setTimeout(() => this.#giveUp(), START_MS)
    this.listening.then(
      () => clearTimeout(started),
      () => clearTimeout(started),
    )
    child.on('error', (error) => (this.#failure ??= error))
    child.on('message', (report: ProcessReport) => {
      switch (report.type) {
        case 'listening':
          this.#isListening = true
          listening.resolve(report.addresses)
          return
        case 'failed':
          this.#failure = report.code ? new NetworkError(report.code, (report.error as Error).message) : report.error
          return
        case 'info':
          this.info = report.info
          events.told()
          return
        case 'fault':
          events.fault(this.pid, report)
          return
        case 'closed':
          this.info = undefined
          events.account(report.info, report.summary)
          return
      }
    })
    this.exited = new Promise((resolve) => {
      // Not 'exit': what it said last may come after that.
      child.on('close', (code: number | null, signal: NodeJS.Signals | null) => {
        listening.reject(this.#failure ?? new Error(`process ${this.pid} ended before it listened: ${signal ?? code}`))
        const { info } = this
        this.info = undefined
        if (info) events.account(info, undefined)
        resolve({ code, signal, lostConnections: info?.open ?? 0 })
      })
    })
    this.send({ type: 'start', ...settings() })
  }

  send(order: ProcessOrder): void {
    // It may be gone before it hears of it, which 'close' tells.
    if (this.#child.connected) this.#child.send(order, () => {})
  }

  #giveUp(): void {
    this.#failure ??= new Error(`process ${this.pid} did not listen within ${START_MS} ms`)
    this.#child.kill('SIGKILL')
  }

  async close(graceMs: number): Promise<void> {
    this.send({ type: 'close', graceMs })
    const kill = (): void => void this.#child.kill('SIGKILL')
    const graceLeft = this.#isListening ? graceMs : 0 // nobody is there to be served
    const timer = graceLeft === Infinity ? undefined : setTimeout(kill, Math.min(graceLeft + KILL_MS, 0x7fff_ffff))
    await this.exited
    clearTimeout(timer)
  }
}
