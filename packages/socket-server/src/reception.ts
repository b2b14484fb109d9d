// Between the listeners and whoever serves: turns away who may not come in, and lets those wait for whom there is no place.

import type { Socket } from 'node:net'
import { Admission, type AdmissionOptions } from './admission.ts'
import type { CloseReason } from './closing.ts'
import type { Address, Place } from './arrival.ts'
import { numberOrNone } from './options.ts'
import type { Session, Sessions } from './sessions.ts'

/** How many, and who. RangeError for a number that is not whole or below 1. */
export interface LimitOptions extends AdmissionOptions {
  /** Connections at one time. Default no limit. */
  readonly connections?: number | undefined
  /**
   * Who is one too many: `wait` leaves it in the kernel's backlog, connected and not accepted, where this Node can move
   * sockets between threads, and else unread in this process; `refuse` closes it. Default `wait`.
   */
  readonly overflow?: 'wait' | 'refuse' | undefined
}

/** LimitOptions, checked. */
export interface Limits {
  readonly admission: Admission
  readonly connections: number
  readonly overflow: 'wait' | 'refuse'
}

/** RangeError or TypeError for what limits nothing. */
export function readLimits(options: LimitOptions = {}): Limits {
  const { connections = Infinity, overflow = 'wait', ...admission } = options
  if (overflow !== 'wait' && overflow !== 'refuse') {
    throw new TypeError(`overflow must be wait or refuse, got ${JSON.stringify(overflow)}`)
  }
  return {
    admission: new Admission(admission),
    connections: numberOrNone('connections', connections, 1),
    overflow,
  }
}

/** Who serves, and when a place counts as free again. */
export interface ReceptionOptions {
  readonly limits: Limits
  /** A place is free again when its client is `served` (the handler done, our FIN sent), or when it is `over` (closed). */
  readonly freedWhen: 'served' | 'over'
  /** Its address counts only once a proxy has told it. */
  readonly isBehindProxy?: ((socket: Socket) => boolean) | undefined
  readonly serve: (socket: Socket, place: Place) => void
}

/** One for each server, for all of its listeners. */
export class Reception {
  readonly #options: ReceptionOptions
  readonly #sessions: Sessions
  readonly #waiting = new Set<Waiting>()
  #served = 0
  #suspended = false
  /** The places of one listener's clients are all alike, but for what is counted by address. */
  readonly #places = new WeakMap<() => void, Place>()

  constructor(options: ReceptionOptions, sessions: Sessions) {
    this.#options = options
    this.#sessions = sessions
  }

  /** For the listeners: `released` is called once, when the listener may accept another in this one's place. */
  readonly receive = (socket: Socket, released: () => void): void => {
    const { limits } = this.#options
    const refusal = this.#refusal(socket)
    if (refusal !== undefined) {
      this.#refuse(socket, released, refusal)
    } else if (this.#served < limits.connections && !this.#suspended) {
      this.#admit(socket, released)
    } else if (limits.overflow === 'refuse' && !this.#suspended) {
      this.#refuseAdmitted(socket, released, 'limit')
    } else {
      this.#wait(socket, released)
    }
  }

  /** Whoever is accepted from now on waits, until `resume`. */
  suspend(): void {
    this.#suspended = true
  }

  resume(): void {
    this.#suspended = false
    this.#next()
  }

  #refusal(socket: Socket): CloseReason | undefined {
    const { limits, isBehindProxy } = this.#options
    const { admission } = limits
    // An acceptor thread may have one more on its way when the deadline passes.
    if (this.#sessions.cutting) return 'drain'
    if (admission.asksAddress && isBehindProxy?.(socket)) return undefined
    return admission.admit(admission.asksAddress ? socket.remoteAddress : undefined)
  }

  #refuse(socket: Socket, released: () => void, reason: CloseReason): void {
    this.#sessions.refuse(reason, socket)
    socket.on('error', () => {}).destroy()
    released()
  }

  /** One that was counted already, for its address. */
  #refuseAdmitted(socket: Socket, released: () => void, reason: CloseReason): void {
    const host = this.#countedHost(socket)
    this.#refuse(socket, released, reason)
    this.#options.limits.admission.leave(host)
  }

  #wait(socket: Socket, released: () => void): void {
    const waiting = new Waiting(socket, released, (reason) => {
      this.#leave(waiting)
      this.#refuseAdmitted(socket, released, reason)
    })
    this.#waiting.add(waiting)
    this.#sessions.hold(waiting)
  }

  #leave(waiting: Waiting): void {
    this.#waiting.delete(waiting)
    this.#sessions.letGo(waiting)
  }

  #next(): void {
    for (const waiting of this.#waiting) {
      const full = this.#served >= this.#options.limits.connections
      if (full || this.#suspended || this.#sessions.cutting) return
      this.#admit(waiting.socket, waiting.released)
      this.#leave(waiting)
    }
  }

  #admit(socket: Socket, released: () => void): void {
    this.#served += 1
    this.#options.serve(socket, this.#place(socket, released))
  }

  #place(socket: Socket, released: () => void): Place {
    const { admission } = this.#options.limits
    const common = this.#commonPlace(released)
    return admission.asksAddress ? new AddressPlace(common, admission, this.#countedHost(socket)) : common
  }

  /** Whose count a client is in; undefined where addresses do not matter, or a proxy is still to tell it. */
  #countedHost(socket: Socket): string | undefined {
    const { isBehindProxy, limits } = this.#options
    return limits.admission.asksAddress && !isBehindProxy?.(socket) ? socket.remoteAddress : undefined
  }

  #commonPlace(released: () => void): Place {
    const known = this.#places.get(released)
    if (known !== undefined) return known
    const free = (): void => {
      this.#served -= 1
      released()
      this.#next()
    }
    const place = this.#options.freedWhen === 'served' ? { served: free } : { over: free }
    this.#places.set(released, place)
    return place
  }
}

/** A place that is counted for an address, which may be told later, by a proxy. */
class AddressPlace implements Place {
  readonly #place: Place
  readonly #admission: Admission
  #host: string | undefined

  constructor(place: Place, admission: Admission, host: string | undefined) {
    this.#place = place
    this.#admission = admission
    this.#host = host
  }

  named({ host }: Address): CloseReason | undefined {
    const refusal = this.#admission.admit(host)
    if (refusal === undefined) this.#host = host
    return refusal
  }

  served(): void {
    this.#place.served?.()
  }

  over(): void {
    this.#admission.leave(this.#host)
    this.#place.over?.()
  }
}

/** Accepted and not served yet. */
class Waiting implements Session {
  readonly socket: Socket
  readonly released: () => void
  readonly cut: (reason: CloseReason) => void

  constructor(socket: Socket, released: () => void, cut: (reason: CloseReason) => void) {
    this.socket = socket
    this.released = released
    this.cut = cut
    // It is not read, but a fault of its own may show, and would end the process.
    socket.on('error', () => {})
  }

  /** Its turn still comes. */
  drain(): void {}
}
