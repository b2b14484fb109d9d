// A TCP connection to a host: look-up, then a race of its addresses.

import { type OnReadOpts, Socket } from 'node:net'
import { Attempt, connectTo } from './attempt.ts'
import { adoptSocket, type CreatedSocket } from './created-socket.ts'
import { monotonicMs } from './monotonic.ts'
import { literalAddress, lookUp, type ResolvedAddress } from './names.ts'
import type { StepReporter } from './progress.ts'
import { interleaveFamilies } from './protocol/address-order.ts'
import { NetworkError, quoted, type WireError } from './protocol/errors.ts'
import { mostTelling } from './protocol/most-telling.ts'
import { Race } from './race.ts'

export interface TcpTarget {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string
  /** 1 to 65535. */
  readonly port: number
  /** Addresses of this family alone. */
  readonly family?: 4 | 6
  /** A socket made beforehand by createSocket; it connects to the first address of its family. */
  readonly socket?: CreatedSocket
  /** Keep our direction open after the peer has finished its own. Default true. */
  readonly allowHalfOpen?: boolean
  /** Send small writes at once instead of gathering them (TCP_NODELAY). Default true. */
  readonly noDelay?: boolean
  /**
   * As in node:net: every read goes into this one buffer, from the moment of connecting, which may be before `connect` has
   * resolved. Not with TLS.
   */
  readonly onread?: OnReadOpts
}

/**
 * What onStep is told of, as each ends: one look-up, then an attempt for each address that was tried. `elapsedMs` is the
 * step's own time, fractions included, and 0 for the look-up of an address, which asks nobody; attempts overlap.
 */
export type ConnectStep =
  | {
      readonly step: 'lookup'
      readonly host: string
      readonly addresses: readonly ResolvedAddress[]
      readonly elapsedMs: number
      readonly error?: undefined
    }
  | {
      readonly step: 'attempt'
      readonly address: string
      readonly family: 4 | 6
      readonly port: number
      readonly elapsedMs: number
      /** Undefined: connected. Code `abandoned`: another address was faster, or the whole connect was cancelled. */
      readonly error?: WireError
    }

export interface TcpConnection {
  readonly socket: Socket
  readonly address: ResolvedAddress
}

/** Throws RangeError or TypeError for a target that cannot be. */
export function checkTcpTarget({ port, family, socket, onread }: TcpTarget, withTls = false): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RangeError(`port must be 1 to 65535, got ${quoted(port)}`)
  }
  if (socket && family !== undefined && family !== socket.family) {
    throw new TypeError(`family ${quoted(family)} does not fit a socket made for IPv${socket.family}`)
  }
  if (onread && withTls) throw new TypeError('onread does not go with tls, whose reads are deciphered first')
}

/** The steps end in the order in which they are reported, the attempt that connected last. */
export function connectTcp(target: TcpTarget, progress: StepReporter<ConnectStep>): Promise<TcpConnection> {
  const { host, socket, family = socket?.family } = target
  const literal = literalAddress(host, family)
  return literal ? raceTo([literal], 0, target, progress) : lookUpAndRace(host, family, target, progress)
}

async function lookUpAndRace(
  name: string,
  family: 4 | 6 | undefined,
  target: TcpTarget,
  progress: StepReporter<ConnectStep>,
): Promise<TcpConnection> {
  const startedAt = monotonicMs()
  const addresses = await lookUp(name, family, progress)
  return await raceTo(addresses, monotonicMs() - startedAt, target, progress)
}

function raceTo(
  addresses: readonly ResolvedAddress[],
  elapsedMs: number,
  target: TcpTarget,
  progress: StepReporter<ConnectStep>,
): Promise<TcpAttempt> {
  progress.report({ step: 'lookup', host: target.host, addresses, elapsedMs })
  const candidates = target.socket ? addresses.slice(0, 1) : interleaveFamilies(addresses)
  return new TcpRace(candidates, target, progress).run()
}

class TcpRace extends Race<ResolvedAddress, TcpAttempt> {
  readonly target: TcpTarget
  readonly progress: StepReporter<ConnectStep>

  constructor(candidates: readonly ResolvedAddress[], target: TcpTarget, progress: StepReporter<ConnectStep>) {
    super(candidates, progress)
    this.target = target
    this.progress = progress
  }

  protected override start(address: ResolvedAddress): TcpAttempt {
    const { socket: created, allowHalfOpen = true, noDelay = true, onread } = this.target
    const options = { allowHalfOpen, noDelay, onread }
    const socket = created ? adoptSocket(created, options) : new Socket(options)
    return new TcpAttempt(socket, address, this)
  }

  protected override allFailed(failures: readonly WireError[]): NetworkError {
    const { target } = this
    const code = mostTelling(failures.map(({ code }) => code))
    const reasons = failures.map(({ message }) => message.replace('connect to ', '')).join('; ')
    const own = `connect to ${reasons}`
    // An address needs no list of its one address.
    const message = own.startsWith(`${connectTo(target)}: `) ? own : `${connectTo(target)}: ${reasons}`
    return new NetworkError(code, message, { cause: new AggregateError(failures) })
  }
}

class TcpAttempt extends Attempt implements TcpConnection {
  readonly address: ResolvedAddress
  readonly #race: TcpRace

  constructor(socket: Socket, address: ResolvedAddress, race: TcpRace) {
    super(socket, { host: address.address, port: race.target.port }, race)
    this.address = address
    this.#race = race
  }

  protected override ended(elapsedMs: number, error?: WireError): void {
    const { address, family } = this.address
    const { target, progress } = this.#race
    const step = { step: 'attempt', address, family, port: target.port, elapsedMs } as const
    progress.report(error === undefined ? step : { ...step, error })
  }
}
