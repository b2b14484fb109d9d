// What all the processes of a server have served: those that are gone, and those that run.

import { CLOSE_REASONS, type CloseReason } from '../closing.ts'
import type { ServerInfo } from '../server.ts'
import type { ServerSummary } from '../sessions.ts'

const SUMS = [
  'accepted',
  'waiting',
  'healthChecks',
  'bytesRead',
  'bytesWritten',
  'messages',
  'outOfDescriptors',
  'acceptErrors',
] as const

/** The figures of processes that are gone, kept so that the sums never go back. */
export class Accounts {
  readonly #gone: ServerInfo[] = []
  #cut = 0
  #peak = 0

  /** A process is gone. Without a summary it died: what it was serving ended with it. */
  close(info: ServerInfo, summary: ServerSummary | undefined): void {
    const lost = info.open + info.waiting
    const closed = { ...info.closed, 'handler-error': info.closed['handler-error'] + lost }
    this.#gone.push({ ...info, accepted: info.accepted + info.waiting, open: 0, waiting: 0, closed })
    this.#cut += summary?.cut ?? 0
    if (this.#gone.length > 100) this.#gone.splice(0, this.#gone.length, add(this.#gone))
  }

  /** To be asked whenever a process has told something, so that the peak is seen. */
  info(running: readonly ServerInfo[]): ServerInfo {
    const info = add([...this.#gone, ...running])
    this.#peak = Math.max(this.#peak, info.peak)
    return { ...info, peak: this.#peak }
  }

  get summary(): ServerSummary {
    const { accepted, closed } = add(this.#gone)
    return { connections: accepted, handlerErrors: closed['handler-error'], resets: closed.reset, cut: this.#cut }
  }
}

function add(infos: readonly ServerInfo[]): ServerInfo {
  const sum = (field: (info: ServerInfo) => number): number => infos.reduce((sum, info) => sum + field(info), 0)
  const open = sum((info) => info.open)
  return {
    state: 'listening',
    open,
    // The peaks of processes may have come at different times: each of them was there, their sum perhaps never.
    peak: Math.max(open, ...infos.map((info) => info.peak)),
    closed: Object.fromEntries(CLOSE_REASONS.map((reason) => [reason, sum(({ closed }) => closed[reason])])) as Record<
      CloseReason,
      number
    >,
    ...(Object.fromEntries(SUMS.map((name) => [name, sum((info) => info[name])])) as Pick<
      ServerInfo,
      (typeof SUMS)[number]
    >),
  }
}
