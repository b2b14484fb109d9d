// Clients that are served in other threads are counted here. One that a trusted proxy brings may turn out to be the proxy's
// own health check, so it is a connection only once its thread says for whom it is.

import type { Socket } from 'node:net'
import { readAddressList } from '../address-list.ts'
import type { Closing, CloseReason } from '../closing.ts'
import type { ServiceOptions } from '../service.ts'
import type { Session, Sessions } from '../sessions.ts'

/** What tells whether an accepted socket is to begin with a proxy's header. TypeError for a list of nonsense. */
export function trustedProxies({ proxyProtocol }: ServiceOptions): (socket: Socket) => boolean {
  if (proxyProtocol === undefined) return () => false
  const trusts = readAddressList('trust', proxyProtocol.trust)
  // Of one that was reset already the kernel no longer says whose it was: so end health checks, usually.
  return ({ remoteAddress }) => remoteAddress === undefined || trusts(remoteAddress)
}

/** How one client is counted; `over` must be called once. */
export class ClientCount {
  readonly #session: Session
  readonly #sessions: Sessions
  readonly #acceptedAt = performance.now()
  #isNamed: boolean

  constructor(session: Session, sessions: Sessions, isBehindProxy: boolean) {
    this.#session = session
    this.#sessions = sessions
    this.#isNamed = !isBehindProxy
  }

  /** Whether it is a connection, and no longer a header that is awaited. */
  get isNamed(): boolean {
    return this.#isNamed
  }

  begin(): void {
    if (this.#isNamed) this.#sessions.add(this.#session)
    else this.#sessions.hold(this.#session)
  }

  /** False if it is a connection already: one that was reset meanwhile looks to its thread as if a proxy had brought it. */
  named(): boolean {
    if (this.#isNamed) return false
    this.#isNamed = true
    this.#sessions.letGo(this.#session)
    this.#sessions.add(this.#session)
    return true
  }

  /** Without `closing` it was a health check. */
  over(closing: Closing | undefined): void {
    const { remote } = this.#session
    if (this.#isNamed) {
      // A thread that finds it reset cannot tell any more that it was no proxy.
      this.#sessions.remove(this.#session, closing ?? this.closing('reset'))
      return
    }
    if (closing === undefined) this.#sessions.checkHealth()
    else this.#sessions.refuse(closing.reason, { remoteAddress: remote?.host, remotePort: remote?.port })
    this.#sessions.letGo(this.#session)
  }

  /** How it ended if its thread tells nothing of it. */
  closing(reason: CloseReason): Closing {
    const durationMs = performance.now() - this.#acceptedAt
    return { reason, bytesRead: 0, bytesWritten: 0, messages: 0, durationMs }
  }
}
