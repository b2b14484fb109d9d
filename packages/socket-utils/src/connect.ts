// One way to every stream: TCP, TLS and Unix sockets, under one deadline, with each step timed.

import type net from 'node:net'
import type tls from 'node:tls'
import type { TlsSession, TlsSettings, TlsStep } from './connect-tls.ts'
import { checkTcpTarget, connectTcp, type ConnectStep, type TcpConnection, type TcpTarget } from './connect-tcp.ts'
import { checkUnixTarget, connectUnix, type UnixStep, type UnixTarget } from './connect-unix.ts'
import { connectTo } from './attempt.ts'
import { Progress, type ProgressOptions } from './progress.ts'
import { formatEndpoint } from './protocol/endpoint.ts'
import { quoted } from './protocol/errors.ts'

/** A TCP connection: its target, and the deadline over look-up and attempts together. */
export interface ConnectOptions extends TcpTarget, ProgressOptions<ConnectStep> {
  readonly tls?: false
  readonly path?: undefined
}

/** A TLS connection over TCP: the deadline covers the handshake too. */
export interface ConnectTlsOptions extends Omit<TcpTarget, 'onread'>, ProgressOptions<ConnectStep | TlsStep> {
  /** `true`: the settings of node:tls, with the host as the name that the certificate must be for. */
  readonly tls: true | TlsSettings
  readonly path?: undefined
}

/** A connection to a Unix socket of this host, which has neither host nor port nor TLS. */
export interface ConnectUnixOptions extends UnixTarget, ProgressOptions<UnixStep> {
  readonly host?: undefined
  readonly port?: undefined
  readonly tls?: false
}

/** An open TCP connection, which is the caller's to close, and how it came about. */
export interface Connected {
  /** Nothing has been read from it and no listener is on it: attach yours, `error` too, before waiting for anything. */
  readonly socket: net.Socket
  readonly address: string
  readonly family: 4 | 6
  readonly port: number
  /** Asked of the system when first read, which must be before the socket is closed: `''`, and port 0, after that. */
  readonly localAddress: string
  readonly localPort: number
  /** In the order in which they ended; the last is the attempt that connected. */
  readonly steps: readonly ConnectStep[]
}

/** An open TLS connection, which is the caller's to close; its certificate has been checked, unless that was switched off. */
export interface ConnectedTls extends Omit<Connected, 'steps'> {
  readonly socket: tls.TLSSocket
  readonly tls: TlsSession
  /** As without TLS, and last the handshake. */
  readonly steps: readonly (ConnectStep | TlsStep)[]
}

/** An open connection to a Unix socket, which is the caller's to close. */
export interface ConnectedUnix {
  /** As in Connected. */
  readonly socket: net.Socket
  readonly path: string
  readonly steps: readonly UnixStep[]
}

/**
 * Connects to the first address of the host that answers (Happy Eyeballs, RFC 8305): attempts start 250 ms apart,
 * IPv6 and IPv4 by turns, and a slow one stays in the race until another wins. With `tls` the handshake follows; with
 * `path` it is a Unix socket that is connected to.
 *
 * NetworkError: from the look-up as resolveHost; when every address failed, the code of the most telling failure, a
 * message that lists them, and as `cause` an AggregateError with one NetworkError for each attempt; `timed-out`; from
 * the handshake `certificate-invalid`, `tls-failed`, `connection-closed`. A created socket that no attempt has taken
 * still belongs to the caller.
 */
export function connect(options: ConnectUnixOptions): Promise<ConnectedUnix>
export function connect(options: ConnectTlsOptions): Promise<ConnectedTls>
export function connect(options: ConnectOptions): Promise<Connected>
export function connect(
  options: ConnectOptions | ConnectTlsOptions | ConnectUnixOptions,
): Promise<Connected | ConnectedTls | ConnectedUnix> {
  if (options.path !== undefined) return overUnix(options)
  return options.tls ? overTls(options) : overTcp(options)
}

async function overTcp(options: ConnectOptions): Promise<Connected> {
  checkTcpTarget(options)
  const progress = new Progress(options, tcpOperation)
  try {
    const connection = await connectTcp(options, progress)
    progress.throwIfEnded(connection.socket)
    return new TcpConnected(connection, options.port, progress.steps)
  } finally {
    progress[Symbol.dispose]() // `using` would cost half a microsecond, here where it counts
  }
}

async function overTls(options: ConnectTlsOptions): Promise<ConnectedTls> {
  checkTcpTarget(options, true)
  const { host, port } = options
  using progress = new Progress(options, tlsOperation)
  // Before there is a connection: a server would not wait for as long as it takes to load node:tls.
  const { connectTls, readTlsSettings } = await import('./connect-tls.ts')
  const settings = readTlsSettings(options.tls)
  const connection = await connectTcp(options, progress)
  progress.throwIfEnded(connection.socket)
  const { address, family, localAddress, localPort } = new TcpConnected(connection, port, [])
  const { socket, session } = await connectTls(connection.socket, { host, port }, settings, progress)
  return { socket, address, family, port, localAddress, localPort, tls: session, steps: progress.steps }
}

async function overUnix(options: ConnectUnixOptions): Promise<ConnectedUnix> {
  checkUnixTarget(options)
  for (const other of ['host', 'port', 'tls'] as const) {
    if (options[other]) throw new TypeError(`path stands alone, got ${other} ${quoted(options[other])} beside it`)
  }
  using progress = new Progress(options, connectTo)
  const socket = await connectUnix(options, progress)
  progress.throwIfEnded(socket)
  return { socket, path: options.path, steps: progress.steps }
}

function tcpOperation(target: TcpTarget, steps: readonly { readonly step: string }[]): string {
  return steps.some(({ step }) => step === 'lookup') ? connectTo(target) : `look up ${quoted(target.host)}`
}

function tlsOperation(target: TcpTarget, steps: readonly (ConnectStep | TlsStep)[]): string {
  const isConnected = steps.some(({ step, error }) => step === 'attempt' && error === undefined)
  return isConnected ? `TLS handshake with ${formatEndpoint(target)}` : tcpOperation(target, steps)
}

/** A class for its getters: asking the system for our own end costs a tenth of a connection on loopback. */
class TcpConnected implements Connected {
  readonly socket: net.Socket
  readonly address: string
  readonly family: 4 | 6
  readonly port: number
  readonly steps: readonly ConnectStep[]

  constructor({ socket, address: { address, family } }: TcpConnection, port: number, steps: readonly ConnectStep[]) {
    this.socket = socket
    this.address = address
    this.family = family
    this.port = port
    this.steps = steps
  }

  get localAddress(): string {
    return this.socket.localAddress ?? ''
  }

  get localPort(): number {
    return this.socket.localPort ?? 0
  }
}
