// A TCP connection to a host: look-up, then a race of its addresses, under one deadline, with each step timed.

import net from 'node:net'
import { adoptSocket, type CreatedSocket } from './created-socket.ts'
import { startDeadline } from './deadline.ts'
import { addressesOf, type ResolvedAddress } from './names.ts'
import { interleaveFamilies } from './protocol/address-order.ts'
import { formatEndpoint } from './protocol/endpoint.ts'
import { NetworkError, networkError, quoted, WireError } from './protocol/errors.ts'
import { mostTelling } from './protocol/most-telling.ts'
import { race, type Outcome } from './race.ts'

export interface ConnectOptions {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string
  /** 1 to 65535. */
  readonly port: number
  /** Addresses of this family alone. */
  readonly family?: 4 | 6
  /** For look-up and connecting together. Default 10_000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** A socket made beforehand by createSocket; it connects to the first address of its family. */
  readonly socket?: CreatedSocket
  /** Keep our direction open after the peer has finished its own. Default true. */
  readonly allowHalfOpen?: boolean
  /** Send small writes at once instead of gathering them (TCP_NODELAY). Default true. */
  readonly noDelay?: boolean
  /** Called as each step ends. */
  readonly onStep?: (step: ConnectStep) => void
}

export type ConnectStep =
  | {
      readonly step: 'lookup'
      readonly host: string
      readonly addresses: readonly ResolvedAddress[]
      readonly elapsedMs: number
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

export interface Connected {
  /** Nothing has been read from it and no listener is on it: attach yours, `error` too, before waiting for anything. */
  readonly socket: net.Socket
  readonly address: string
  readonly family: 4 | 6
  readonly port: number
  readonly localAddress: string
  readonly localPort: number
  /** In the order in which they ended; the last is the attempt that connected. */
  readonly steps: readonly ConnectStep[]
}

/**
 * Connects to the first address of the host that answers (Happy Eyeballs, RFC 8305): attempts start 250 ms apart,
 * IPv6 and IPv4 by turns, and a slow one stays in the race until another wins.
 *
 * NetworkError: from the look-up as resolveHost; when every address failed, the code of the most telling failure, a
 * message that lists them, and as `cause` an AggregateError with one NetworkError for each attempt; `timed-out`. A
 * created socket that no attempt has taken still belongs to the caller.
 */
export async function connect(options: ConnectOptions): Promise<Connected> {
  const { host, port, family = options.socket?.family, timeoutMs = 10_000 } = options
  checkPort(port)
  if (options.socket && family !== options.socket.family) {
    throw new TypeError(`family ${quoted(family)} does not fit a socket made for IPv${options.socket.family}`)
  }
  const steps: ConnectStep[] = []
  const target = (): string => formatEndpoint({ host, port })
  const expired = (): Error => {
    const lookedUp = steps.some(({ step }) => step === 'lookup')
    const failures = steps.flatMap((step) => (step.step === 'attempt' && step.error ? [step.error] : []))
    return new NetworkError(
      'timed-out',
      `${lookedUp ? `connect to ${target()}` : `look up ${quoted(host)}`}: timed out after ${timeoutMs} ms`,
      failures.length > 0 ? { cause: new AggregateError(failures) } : {},
    )
  }
  using deadline = startDeadline(timeoutMs, options.signal, expired)
  const { signal } = deadline
  const report = (step: ConnectStep): void => {
    steps.push(step)
    try {
      options.onStep?.(step)
    } catch (error) {
      deadline.abort(error) // half of the steps end in a socket's event, where a throw would reach nobody
    }
  }

  const startedAt = performance.now()
  const addresses = await addressesOf(host, family, signal)
  report({ step: 'lookup', host, addresses, elapsedMs: performance.now() - startedAt })

  const { socket, elapsedMs, address } = await race<ResolvedAddress, Success>(
    options.socket ? addresses.slice(0, 1) : interleaveFamilies(addresses),
    (address, outcome) => startAttempt(address, options, report, outcome),
    signal,
  ).catch((error: unknown) => {
    throw error instanceof AggregateError ? allFailed(target(), error) : error
  })
  report({ step: 'attempt', ...address, port, elapsedMs })
  if (signal.aborted) {
    socket.destroy()
    throw signal.reason
  }
  const { localAddress = '', localPort = 0 } = socket
  return { socket, ...address, port, localAddress, localPort, steps }
}

interface Success {
  readonly socket: net.Socket
  readonly address: ResolvedAddress
  readonly elapsedMs: number
}

/** Begins to connect to one address and returns how to give up. */
function startAttempt(
  address: ResolvedAddress,
  { port, socket: created, allowHalfOpen = true, noDelay = true }: ConnectOptions,
  report: (step: ConnectStep) => void,
  outcome: Outcome<Success>,
): (why: unknown) => void {
  const operation = `connect to ${formatEndpoint({ host: address.address, port })}`
  const startedAt = performance.now()
  const socket = created ? adoptSocket(created, { allowHalfOpen }) : new net.Socket({ allowHalfOpen })

  const letGo = (): number => {
    socket.off('connect', connected).off('error', failed)
    return performance.now() - startedAt
  }
  const connected = (): void => {
    const elapsedMs = letGo()
    if (noDelay) socket.setNoDelay(true)
    outcome.succeeded({ socket, address, elapsedMs })
  }
  const failed = (cause: Error): void => {
    const error = networkError(operation, cause)
    report({ step: 'attempt', ...address, port, elapsedMs: letGo(), error })
    outcome.failed(error)
  }
  socket.on('connect', connected).on('error', failed)
  socket.connect({ host: address.address, port })

  return (why) => {
    if (socket.destroyed) return // it has failed, and said so
    const elapsedMs = letGo()
    socket.destroy()
    const error = why instanceof WireError ? why : new WireError('abandoned', `${operation}: given up`)
    report({ step: 'attempt', ...address, port, elapsedMs, error })
  }
}

function allFailed(target: string, cause: AggregateError): NetworkError {
  const failures = cause.errors as WireError[]
  const code = mostTelling(failures.map(({ code }) => code))
  const reasons = failures.map(({ message }) => message.replace('connect to ', '')).join('; ')
  // An address needs no list of its one address.
  const message = reasons.startsWith(`${target}: `) ? reasons : `${target}: ${reasons}`
  return new NetworkError(code, `connect to ${message}`, { cause })
}

function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RangeError(`port must be 1 to 65535, got ${quoted(port)}`)
  }
}
