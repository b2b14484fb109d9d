// From a plan to a connection that the request can go out on: straight, through a proxy, or to a Unix socket.

import type { Socket } from 'node:net'
import {
  connect,
  type Connected,
  type ConnectedTls,
  type ConnectOptions,
  type ConnectStep,
  type ConnectTlsOptions,
  type Deadline,
  type TlsSession,
  type TlsSettings,
  type TlsStep,
} from '@plainwire/socket-utils/connect'
import { quoted } from '@plainwire/socket-utils/errors'
import { ClientConnection } from './client-connection.ts'
import { NOWHERE, TcpEnds } from './connection-ends.ts'
import { hostOf, parseHttpUrl, portOf } from './http-url.ts'
import type { RequestPlan } from './request-plan.ts'
import { Inlet } from './shared-read-buffer.ts'
import { endsOf, noteConnectStep, type StepWatchers } from './request-step.ts'

/** By which way a connection is made. */
export interface TransportOptions {
  /**
   * After 101 Switching Protocols, and 2xx to CONNECT, leave the connection open for `response.detach()`. Not with a pool.
   * Default false: it is closed.
   */
  readonly tunnel?: boolean
  /** Addresses of this family alone. */
  readonly family?: 4 | 6
  /** For https: URLs; default: what node:tls trusts, and the host's own name. */
  readonly tls?: TlsSettings
  /** Connect to this Unix socket, whatever the URL's host, which is only sent. */
  readonly socketPath?: string
  /**
   * `http://[name:password@]host:port`: asks the proxy for http: URLs, and goes through a tunnel for https: ones. The
   * environment is not looked at.
   */
  readonly proxy?: string | URL
}

export interface OpeningContext extends StepWatchers {
  readonly deadline: Deadline
}

/** A checked `proxy` option: TypeError for what is none. */
export function readProxy({ proxy, socketPath }: TransportOptions): URL | undefined {
  if (proxy === undefined) return undefined
  if (socketPath !== undefined) throw new TypeError(`socketPath stands alone, got a proxy beside it`)
  const url = parseHttpUrl(proxy)
  if (url.protocol === 'http:') return url
  throw new TypeError(`proxy must be an http: URL, got one of ${quoted(url.protocol)}`)
}

/** Which connections serve which requests: those of one key. */
export function transportKey(plan: RequestPlan, { family, tls, socketPath, proxy }: TransportOptions): string {
  const origin = family === undefined ? plan.origin : `${plan.origin} ${family}`
  if (tls === undefined && socketPath === undefined && proxy === undefined) return origin
  const throughPlainProxy = proxy !== undefined && !plan.secure
  const way = `${tls && plan.secure ? settingsNumber(tls) : ''} ${socketPath ?? ''} ${String(proxy ?? '')}`
  return throughPlainProxy ? `proxy ${String(proxy)} ${family ?? ''}` : `${origin} ${way}`
}

const settingsNumbers = new WeakMap<TlsSettings, number>()
let lastSettings = 0

/** The same object, the same connections: whether two objects mean the same is not ours to judge. */
function settingsNumber(settings: TlsSettings): number {
  let number = settingsNumbers.get(settings)
  if (number === undefined) settingsNumbers.set(settings, (number = ++lastSettings))
  return number
}

export function openConnection(
  plan: RequestPlan,
  options: TransportOptions,
  context: OpeningContext,
): Promise<ClientConnection> {
  if (options.socketPath !== undefined) return overUnixSocket(plan, options.socketPath, options, context)
  const proxy = options.proxy === undefined ? undefined : readProxy(options)
  if (!plan.secure) return overTcp(plan, proxy, options, context)
  return proxy ? throughTunnel(plan, proxy, options, context) : overTls(plan, options, context)
}

/** All of a connection is HTTP: of the plain sockets only those that are not to be given away read into the shared buffer. */
function inletFor({ tunnel }: TransportOptions): Inlet | undefined {
  return tunnel ? undefined : new Inlet()
}

async function overUnixSocket(
  plan: RequestPlan,
  path: string,
  options: TransportOptions,
  context: OpeningContext,
): Promise<ClientConnection> {
  if (plan.secure) {
    throw new TypeError(`TLS over a Unix socket is not done, got ${quoted(plan.url)} with socketPath`)
  }
  context.phases?.enter('connect')
  const inlet = inletFor(options)
  const { socket } = await connect({
    path,
    timeoutMs: Infinity, // the deadline is the signal
    signal: signalOf(context),
    onStep: (step) => noteConnectStep(step, context),
    ...(inlet && { onread: inlet.onread }),
  })
  return new ClientConnection(socket, { ...NOWHERE, address: path }, inlet)
}

function overTcp(
  plan: RequestPlan,
  proxy: URL | undefined,
  options: TransportOptions,
  context: OpeningContext,
): Promise<ClientConnection> {
  const inlet = inletFor(options)
  const target = targetOf(plan, proxy, options, context)
  // An async function more would be a thirtieth of what a connection allocates.
  return connect(inlet ? { ...target, onread: inlet.onread } : target).then((connected) =>
    opened(connected.socket, tcpEnds(connected, undefined), context, inlet),
  )
}

async function overTls(
  plan: RequestPlan,
  options: TransportOptions,
  context: OpeningContext,
): Promise<ClientConnection> {
  const connected = await connect({ ...targetOf(plan, undefined, options, context), tls: options.tls ?? {} })
  return opened(connected.socket, tcpEnds(connected, connected.tls), context)
}

async function throughTunnel(
  plan: RequestPlan,
  proxy: URL,
  options: TransportOptions,
  context: OpeningContext,
): Promise<ClientConnection> {
  const connected = await connect(targetOf(plan, proxy, options, context))
  const { openTunnel } = await import('./tunnel.ts')
  const { socket, session } = await openTunnel(connected.socket, plan, proxy, options.tls ?? {}, context)
  return opened(socket, tcpEnds(connected, session), context)
}

/** With TLS and without. */
type Target = Pick<ConnectOptions & ConnectTlsOptions, 'host' | 'port' | 'family' | 'timeoutMs' | 'signal' | 'onStep'>

function targetOf(
  plan: RequestPlan,
  proxy: URL | undefined,
  { family }: TransportOptions,
  context: OpeningContext,
): Target {
  context.phases?.enter('lookup')
  const target = {
    host: proxy ? hostOf(proxy) : plan.host,
    port: proxy ? portOf(proxy) : plan.port,
    timeoutMs: Infinity,
    signal: signalOf(context),
    onStep: (step: ConnectStep | TlsStep) => noteConnectStep(step, context),
  }
  return family === undefined ? target : { ...target, family }
}

function tcpEnds(connected: Connected | ConnectedTls, session: TlsSession | undefined): TcpEnds {
  const [lookup]: readonly (ConnectStep | TlsStep)[] = connected.steps
  return new TcpEnds(connected, lookup?.step === 'lookup' ? lookup.addresses : [], session)
}

function opened(socket: Socket, ends: TcpEnds, { onStep }: OpeningContext, inlet?: Inlet): ClientConnection {
  const connection = new ClientConnection(socket, ends, inlet)
  if (!onStep) return connection
  // Not before the connection is somebody's: what onStep throws must leave nothing open.
  try {
    onStep({ step: 'connect', ...endsOf(ends) })
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** All that `connect` needs of a signal, without the 2 µs that an AbortController costs. */
function signalOf({ deadline }: OpeningContext): AbortSignal {
  return deadline as unknown as AbortSignal
}
