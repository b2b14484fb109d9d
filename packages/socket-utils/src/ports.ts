// Is a port open, wait until it is, give me one that is free.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from './connect.ts'
import { startDeadline } from './deadline.ts'
import { formatEndpoint } from './protocol/endpoint.ts'
import { NetworkError, networkError, quoted, type WireError } from './protocol/errors.ts'

/** One TCP port, and how long to ask it. RangeError and TypeError for values that cannot be, as connect. */
export interface PortOptions {
  /** Default `localhost`, which here is 127.0.0.1 and ::1 alike, whatever the hosts file says (RFC 6761 §6.3). */
  readonly host?: string
  /** 1 to 65535. */
  readonly port: number
  /** For the whole call. Default 2_000, and 30_000 for waitForPort. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Something listens there: the connection was made, and closed. */
export interface OpenPort {
  readonly state: 'open'
  /** Where it is open. */
  readonly address: string
  readonly family: 4 | 6
}

/**
 * What kept the connection from being made. `refused`: the host is there, and nothing listens. `timed-out`: nobody
 * answered, as behind a firewall that drops. `unreachable`: no way to the host, or the host said so.
 */
export interface ClosedPort {
  readonly state: 'refused' | 'timed-out' | 'unreachable'
  readonly error: WireError
}

/**
 * What a TCP connection to the port meets; the connection is closed at once. Throws what says nothing about the port,
 * such as NetworkError `lookup-failed`, and for a bad argument what connect throws.
 */
export async function probePort(options: PortOptions): Promise<OpenPort | ClosedPort> {
  const { host = 'localhost', port, timeoutMs = 2_000, signal } = options
  const expired = (): Error =>
    new NetworkError('timed-out', `connect to ${formatEndpoint({ host, port })}: timed out after ${timeoutMs} ms`)
  using deadline = startDeadline(timeoutMs, signal, expired)
  const failures: unknown[] = []
  for (const candidate of host === 'localhost' ? ['127.0.0.1', '::1'] : [host]) {
    try {
      const { socket, address, family } = await connect({ host: candidate, port, timeoutMs, signal: deadline.signal })
      socket.destroy()
      return { state: 'open', address, family }
    } catch (error) {
      failures.push(error)
    }
  }
  return closedBy(failures[0]) // the second says less: a host without IPv6 has no ::1
}

/** Whether the port can be connected to; probePort also says why not. */
export async function isPortOpen(options: PortOptions): Promise<boolean> {
  return (await probePort(options)).state === 'open'
}

/** `timeoutMs`, here 30_000 by default, is for all tries together; past it waitForPort throws NetworkError `timed-out`. */
export interface WaitOptions extends PortOptions {
  /** Default `open`. Closed is every other state of a port: refused, unreachable, no answer within two seconds. */
  readonly for?: 'open' | 'closed'
  /** Between the end of one try and the next. Default 50. */
  readonly intervalMs?: number
}

const MOST_INTERVAL_MS = 3_600_000

/** One try may hang for this long before the next: a host that has just come up need not wait for our SYN's turn. */
const TRY_MS = 2_000

/**
 * Tries until the port is open, or closed. While it waits for an open one it goes on although the name is not known
 * yet, as containers start in any order. NetworkError `timed-out`, with the last try's error as `cause` where it had one;
 * RangeError for a wrong interval, TypeError for another state, and for a bad argument what connect throws.
 */
export function waitForPort(options: WaitOptions & { readonly for: 'closed' }): Promise<ClosedPort>
export function waitForPort(options: WaitOptions & { readonly for?: 'open' }): Promise<OpenPort>
export async function waitForPort(options: WaitOptions): Promise<OpenPort | ClosedPort> {
  const { host = 'localhost', port, timeoutMs = 30_000, signal, for: wanted = 'open', intervalMs = 50 } = options
  if (wanted !== 'open' && wanted !== 'closed') {
    throw new TypeError(`for must be 'open' or 'closed', got ${quoted(wanted)}`)
  }
  if (!(typeof intervalMs === 'number' && intervalMs >= 1 && intervalMs <= MOST_INTERVAL_MS)) {
    throw new RangeError(`intervalMs must be 1 to ${MOST_INTERVAL_MS}, got ${quoted(intervalMs)}`)
  }
  let lastError: WireError | undefined
  const expired = (): Error => {
    const awaited = `wait for ${formatEndpoint({ host, port })}${wanted === 'closed' ? ' to close' : ''}`
    // A port may open at any time; a name that nobody knows is mostly a slip.
    const unknown = lastError?.code === 'lookup-failed' ? ` (${lastError.message})` : ''
    const message = `${awaited}: timed out after ${timeoutMs} ms${unknown}`
    return new NetworkError('timed-out', message, lastError ? { cause: lastError } : {})
  }
  using deadline = startDeadline(timeoutMs, signal, expired)
  for (;;) {
    try {
      const result = await probePort({ host, port, timeoutMs: TRY_MS, signal: deadline.signal })
      deadline.throwIfAborted()
      if ((result.state === 'open') === (wanted === 'open')) return result
      if (result.state !== 'open') lastError = result.error
    } catch (error) {
      const unknownYet = wanted === 'open' && error instanceof NetworkError && error.code === 'lookup-failed'
      if (!unknownYet) throw error
      lastError = error
    }
    await sleep(intervalMs, undefined, { signal: deadline.signal }).catch(() => deadline.throwIfAborted())
  }
}

/** A port that is taken, not only found free. Dispose of it, or close its server, and the port is free again. */
export interface ReservedPort extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /**
   * Listening already, so that nobody else can take the port; add a `connection` listener, or hand it to another server
   * (`http.createServer(…).listen(server)`). Who connects before that is disconnected.
   */
  readonly server: Server
}

/**
 * A port that is ours from now on, free by default. NetworkError `address-in-use`, `address-unavailable` or
 * `permission-denied`; RangeError for a port outside 0 to 65535, TypeError for a host that is no text.
 */
export async function reservePort(
  options: { readonly host?: string; readonly port?: number } = {},
): Promise<ReservedPort> {
  const { host = '127.0.0.1', port = 0 } = options
  if (typeof host !== 'string') throw new TypeError(`host must be a string, got ${quoted(host)}`)
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new RangeError(`port must be 0 to 65535, got ${quoted(port)}`)
  }
  const server = createServer()
  server.on('connection', (socket) => {
    if (server.listenerCount('connection') === 1) socket.destroy()
  })
  try {
    await once(server.listen({ host, port, exclusive: true }), 'listening')
  } catch (error) {
    throw networkError(`listen on ${formatEndpoint({ host, port })}`, error)
  }
  const bound = server.address() as AddressInfo
  return { host: bound.address, port: bound.port, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** A port that nothing listened on a moment ago. Another program may be faster: reservePort has no such gap. */
export async function freePort(options: { readonly host?: string } = {}): Promise<number> {
  await using reserved = await reservePort(options)
  return reserved.port
}

function closedBy(error: unknown): ClosedPort {
  if (error instanceof NetworkError) {
    if (error.code === 'connect-refused') return { state: 'refused', error }
    if (error.code === 'timed-out' || error.code === 'unreachable') return { state: error.code, error }
  }
  throw error
}
