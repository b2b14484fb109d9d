// Deadlines for the parts of an exchange, beside the one for all of it: one timer, which runs for the part that is
// going on and ends the whole.

import type { Deadline } from '@plainwire/socket-utils/connect'
import { NetworkError, quoted } from '@plainwire/socket-utils/errors'

/** Milliseconds, above 0 and up to 2147483647. What is left out may take as long as the whole. */
export interface PhaseLimits {
  /** The look-up of the host's name. */
  readonly lookup?: number
  /** All attempts to connect together. */
  readonly connect?: number
  readonly tls?: number
  /** Until the kernel has the whole request. */
  readonly send?: number
  /** From there to the first byte of the response. */
  readonly firstByte?: number
  /** Between two pieces of the response, while somebody waits for the next one. */
  readonly idle?: number
}

type Phase = keyof PhaseLimits

const PHASES: Readonly<Record<Phase, string>> = {
  lookup: 'look-up of the host',
  connect: 'connecting',
  tls: 'TLS handshake',
  send: 'sending the request',
  firstByte: 'waiting for the first byte',
  idle: 'waiting for more of the response',
}

export class PhaseTimeouts {
  readonly #limits: PhaseLimits
  readonly #deadline: Deadline
  readonly #operation: string
  #timer: NodeJS.Timeout | undefined
  #answered = false
  #sending = false
  /** Somebody waits for bytes of the response. */
  #awaited = false

  constructor(limits: PhaseLimits, deadline: Deadline, operation: string) {
    this.#limits = limits
    this.#deadline = deadline
    this.#operation = operation
  }

  /** The phase before it is over. */
  enter(phase: Phase): void {
    clearTimeout(this.#timer)
    this.#sending = phase === 'send'
    const limitMs = this.#limits[phase]
    if (limitMs === undefined) return
    this.#timer = setTimeout(() => {
      const what = `${PHASES[phase]} took more than ${limitMs} ms`
      this.#deadline.abort(new NetworkError('timed-out', `${this.#operation}: ${what}`))
    }, limitMs)
  }

  /** The kernel has the whole request. */
  sent(): void {
    if (!this.#answered) this.enter('firstByte')
    else if (this.#awaited) this.enter('idle')
    else this.end()
  }

  /** Somebody waits for bytes of the response; what is being sent at that time has its own limit. */
  reading(): void {
    this.#awaited = true
    if (this.#answered && !this.#sending) this.enter('idle')
  }

  received(): void {
    this.#answered = true
    this.#awaited = false
    if (!this.#sending) clearTimeout(this.#timer)
  }

  end(): void {
    this.#sending = false
    clearTimeout(this.#timer)
  }
}

/** RangeError for a limit that a timer cannot keep, TypeError for a phase that is none. */
export function checkPhaseLimits(limits: PhaseLimits): void {
  for (const [phase, limitMs] of Object.entries(limits)) {
    if (!Object.hasOwn(PHASES, phase)) throw new TypeError(`phaseTimeoutsMs has no ${quoted(phase)}`)
    if (limitMs !== undefined && !(limitMs > 0 && limitMs < 2 ** 31)) {
      throw new RangeError(`phaseTimeoutsMs.${phase} must be above 0 and below 2147483648, got ${quoted(limitMs)}`)
    }
  }
}
