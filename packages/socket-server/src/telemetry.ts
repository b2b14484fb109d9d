// What a server tells of itself, on node:diagnostics_channel: spans for itself and for each connection, and what its
// listeners meet. Nothing is made for a channel to which nobody listens.

import { channel } from 'node:diagnostics_channel'
import type { Endpoint } from '@plainwire/socket-utils/endpoint'
import type { Closing, CloseReason } from './closing.ts'
import type { Address } from './arrival.ts'
import type { AcceptTrouble } from './listener.ts'
import type { Sessions } from './sessions.ts'

/** The first of a span: `plainwire:socket-server:listener:start`. */
export interface ListenerStart {
  /** One number for each server of this process. */
  readonly serverId: number
  readonly addresses: readonly Endpoint[]
}

/** `plainwire:socket-server:listener:stop` */
export interface ListenerStop extends ListenerStart {
  readonly durationMs: number
  readonly accepted: number
}

/** `plainwire:socket-server:connection:start` */
export interface ConnectionStart {
  readonly serverId: number
  /** One number for each connection of its server. */
  readonly connectionId: number
  readonly remote: Address | undefined
}

/** `plainwire:socket-server:connection:stop`: one for each start. */
export interface ConnectionStop extends ConnectionStart, Closing {}

/** `plainwire:socket-server:connection:refused`: no handler saw it, and there is no start nor stop. */
export interface ConnectionRefused {
  readonly serverId: number
  readonly reason: CloseReason
  readonly remote: Address | undefined
}

/** `plainwire:socket-server:trouble` */
export type ListenerTrouble = { readonly serverId: number } & AcceptTrouble

const listenerStart = channel('plainwire:socket-server:listener:start')
const listenerStop = channel('plainwire:socket-server:listener:stop')
const connectionStart = channel('plainwire:socket-server:connection:start')
const connectionStop = channel('plainwire:socket-server:connection:stop')
const connectionRefused = channel('plainwire:socket-server:connection:refused')
const trouble = channel('plainwire:socket-server:trouble')

let servers = 0

/** One for each server. `stopped` must be called once, at its end. */
export class ServerTelemetry {
  readonly #serverId = ++servers
  readonly #sessions: Sessions
  readonly #startedAt = performance.now()
  #addresses: readonly Endpoint[] = []
  #outOfDescriptors = 0
  #acceptErrors = 0

  constructor(sessions: Sessions) {
    this.#sessions = sessions
    const serverId = this.#serverId
    sessions.observe({
      started(connectionId, remote) {
        if (!connectionStart.hasSubscribers) return
        connectionStart.publish({ serverId, connectionId, remote: remote() } satisfies ConnectionStart)
      },
      stopped(connectionId, remote, closing) {
        if (!connectionStop.hasSubscribers) return
        connectionStop.publish({ serverId, connectionId, remote: remote(), ...closing } satisfies ConnectionStop)
      },
      refused(reason, remote) {
        if (!connectionRefused.hasSubscribers) return
        connectionRefused.publish({ serverId, reason, remote: remote() } satisfies ConnectionRefused)
      },
    })
  }

  get troubles(): { readonly outOfDescriptors: number; readonly acceptErrors: number } {
    return { outOfDescriptors: this.#outOfDescriptors, acceptErrors: this.#acceptErrors }
  }

  listening(addresses: readonly Endpoint[]): void {
    this.#addresses = addresses
    listenerStart.publish({ serverId: this.#serverId, addresses } satisfies ListenerStart)
  }

  readonly troubled = (met: AcceptTrouble): void => {
    if (met.type === 'out-of-descriptors') this.#outOfDescriptors += 1
    if (met.type === 'accept-failed') this.#acceptErrors += 1
    trouble.publish({ serverId: this.#serverId, ...met } satisfies ListenerTrouble)
  }

  stopped(): void {
    const [serverId, addresses] = [this.#serverId, this.#addresses]
    const durationMs = performance.now() - this.#startedAt
    const { accepted } = this.#sessions.counts
    listenerStop.publish({ serverId, addresses, durationMs, accepted } satisfies ListenerStop)
  }
}
