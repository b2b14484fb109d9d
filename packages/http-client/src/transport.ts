// From a plan to a connection that the request can go out on: straight, through a proxy, or to a Unix socket.

import type { Socket } from 'node:net'
import {
  connect,
  type ConnectStep,
  type Deadline,
  type TlsSettings,
  type TlsStep,
} from '@plainwire/socket-utils/connect'
import { quoted } from '@plainwire/socket-utils/errors'
import { ClientConnection } from './client-connection.ts'
import { TcpEnds } from './connection-ends.ts'
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
  readonly timeoutMs: number
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
  return options.socketPath === undefined
    ? overTcp(plan, options, context)
    : overUnixSocket(plan, options.socketPath, options.tunnel ?? false, context)
}

async function overUnixSocket(
  plan: RequestPlan,
  path: string,
  tunnel: boolean,
  context: OpeningContext,
): Promise<ClientConnection> {
  if (plan.secure) {
    throw new TypeError(`TLS over a Unix socket is not done, got ${quoted(plan.url)} with socketPath`)
  }
  context.phases?.enter('connect')
  const inlet = tunnel ? undefined : new Inlet()
  const { socket } = await connect({
    path,
    timeoutMs: context.timeoutMs,
    signal: signalOf(context),
    onStep: (step) => noteConnectStep(step, context),
    ...(inlet && { onread: inlet.onread }),
  })
  const ends = { addresses: [], address: path, port: 0, localAddress: '', localPort: 0, tls: undefined }
  return new ClientConnection(socket, ends, inlet)
}

async function overTcp(
  plan: RequestPlan,
  options: TransportOptions,
  context: OpeningContext,
): Promise<ClientConnection> {
  const { family, tls = {}, tunnel } = options
  const { secure } = plan
  const proxy = readProxy(options)
  context.phases?.enter('lookup')
  const target = {
    host: proxy ? hostOf(proxy) : plan.host,
    port: proxy ? portOf(proxy) : plan.port,
    timeoutMs: context.timeoutMs,
    signal: signalOf(context),
    onStep: (step: ConnectStep | TlsStep) => noteConnectStep(step, context),
    ...(family !== undefined && { family }),
  }
  // What is deciphered is not read from the socket by us, and what is given away must read into a buffer of its own.
  const inlet = secure || tunnel ? undefined : new Inlet()
  const connected =
    secure && !proxy
      ? await connect({ ...target, tls })
      : await connect(inlet ? { ...target, onread: inlet.onread } : target)
  let socket: Socket = connected.socket
  let session = 'tls' in connected ? connected.tls : undefined
  if (secure && proxy) {
    const { openTunnel } = await import('./tunnel.ts')
    ;({ socket, session } = await openTunnel(socket, plan, proxy, tls, context))
  }
  const [lookup]: readonly (ConnectStep | TlsStep)[] = connected.steps
  const addresses = lookup?.step === 'lookup' ? lookup.addresses : []
  const ends = new TcpEnds(connected, addresses, session)
  const connection = new ClientConnection(socket, ends, inlet)
  // Not before the connection is somebody's: what onStep throws must leave nothing open.
  try {
    context.onStep?.({ step: 'connect', ...endsOf(ends) })
  } catch (error) {
    connection.close()
    throw error
  }
  return connection
}

/** All that `connect` needs of a signal, without the 2 µs that an AbortController costs. */
function signalOf({ deadline }: OpeningContext): AbortSignal {
  return deadline as unknown as AbortSignal
}
