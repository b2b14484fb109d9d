// One attempt to connect one socket to one address or path, timed.

import type net from 'node:net'
import { monotonicMs } from './monotonic.ts'
import { formatEndpoint } from './protocol/endpoint.ts'
import { networkError, WireError } from './protocol/errors.ts'
import type { Outcome, Racer } from './race.ts'

export type AttemptTarget = { readonly host: string; readonly port: number } | { readonly path: string }

/** Begins to connect. The socket is closed unless the attempt wins. */
export abstract class Attempt implements Racer {
  readonly socket: net.Socket
  readonly #target: AttemptTarget
  readonly #outcome: Outcome<this>
  readonly #startedAt = monotonicMs()
  #elapsedMs = 0

  constructor(socket: net.Socket, target: AttemptTarget, outcome: Outcome<Attempt>) {
    this.socket = socket
    this.#target = target
    this.#outcome = outcome
    socket.on('connect', this.#settled).on('error', this.#settled)
    socket.connect(target)
  }

  /** Called once, and never before the constructor is through. */
  protected abstract ended(elapsedMs: number, error?: WireError): void

  won(): void {
    this.ended(this.#elapsedMs)
  }

  cancel(why: unknown): void {
    if (this.socket.destroyed) return // it has failed, and said so
    this.socket.destroy()
    this.#letGo()
    const error = why instanceof WireError ? why : new WireError('abandoned', `${connectTo(this.#target)}: given up`)
    this.ended(this.#elapsedMs, error)
  }

  /** For both events: only a failure brings something. One function, since each attempt has its own. */
  readonly #settled = (cause?: Error): void => {
    this.#letGo()
    if (cause === undefined) {
      this.#outcome.succeeded(this)
      return
    }
    const error = networkError(connectTo(this.#target), cause)
    this.ended(this.#elapsedMs, error)
    this.#outcome.failed(this, error)
  }

  #letGo(): void {
    this.#elapsedMs = monotonicMs() - this.#startedAt
    this.socket.off('connect', this.#settled).off('error', this.#settled)
  }
}

export function connectTo(target: AttemptTarget): string {
  return `connect to ${formatEndpoint('path' in target ? { scheme: 'unix', path: target.path } : target)}`
}
