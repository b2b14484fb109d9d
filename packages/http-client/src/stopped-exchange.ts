// An exchange that goes only so far, and shows what each step gave: the socket lessons, and a look at where a
// connection fails.

import { isIPv6 } from 'node:net'
import { connect, createSocket, resolveHost } from '@plainwire/socket-utils/connect'
import type { Connected, CreatedSocket, ResolvedAddress } from '@plainwire/socket-utils/connect'
import { NetworkError, quoted } from '@plainwire/socket-utils/errors'
import { ClientConnection } from './client-connection.ts'
import type { ExchangeWatch } from './exchange.ts'
import { ExchangeRecorder, type ExchangeTrace, type Timings } from './exchange-trace.ts'
import { wholeRequest, type RequestPlan } from './request-plan.ts'
import { endsOf, noteConnectStep, type Ends, type OnStep } from './request-step.ts'

/** The last step that is to be done. */
export type StopAfter = 'create' | 'resolve' | 'connect' | 'send'

interface AfterCreate {
  readonly stoppedAfter: StopAfter
  /** Of the socket, which is closed by now. Undefined where this Node creates a socket only when it connects. */
  readonly descriptor: number | undefined
  /** Where the socket was bound to: the wildcard address until it connects. */
  readonly localAddress: string | undefined
  readonly localPort: number | undefined
  readonly timings: Timings
}

interface AfterResolve extends AfterCreate {
  /** All that the host has, in the system's order. */
  readonly addresses: readonly ResolvedAddress[]
}

interface AfterConnect extends AfterResolve, Ends {
  readonly localAddress: string
  readonly localPort: number
}

interface AfterSend extends AfterConnect {
  /** Head and body, as they were sent. */
  readonly request: Uint8Array
  /** What the kernel has taken: all of it. */
  readonly bytesSent: number
}

/** What the steps gave up to `S`; the connection is closed. */
export type StoppedExchange<S extends StopAfter = StopAfter> = {
  create: AfterCreate
  resolve: AfterResolve
  connect: AfterConnect
  send: AfterSend
}[S]

export interface StepOptions {
  readonly family?: 4 | 6
  readonly onStep?: OnStep
  readonly onExchange?: (exchange: ExchangeTrace) => void
}

export async function exchangeUntil(
  stopAfter: StopAfter,
  plan: RequestPlan,
  { family, onStep, onExchange }: StepOptions,
  watch: ExchangeWatch,
): Promise<StoppedExchange> {
  using deadline = watch.deadline
  const recorder = new ExchangeRecorder(plan.url, false)
  watch.begun(recorder)
  onExchange?.(recorder)
  const { host, port, operation } = plan
  const { signal } = deadline
  if (stopAfter === 'send' && plan.secure) {
    throw new TypeError(`stopAfter 'send' shows a request that is not encrypted, got ${operation}`)
  }

  using created = createOrWait(family ?? (isIPv6(host) ? 6 : 4), stopAfter)
  const { descriptor, localAddress, localPort } = created ?? {}
  if (created) onStep?.({ step: 'create', ...descriptionOf(created) })
  const afterCreate = { stoppedAfter: stopAfter, descriptor, localAddress, localPort }
  if (stopAfter === 'create') return { ...afterCreate, timings: recorder.timings }

  const addresses = await resolveHost(host, { timeoutMs: Infinity, signal, ...(family && { family }) })
  recorder.reached('lookedUp')
  onStep?.({ step: 'resolve', host, addresses })
  if (stopAfter === 'resolve') return { ...afterCreate, addresses, timings: recorder.timings }

  const fitting = addresses.find((address) => address.family === created?.family)
  const connected = await connect({
    port,
    timeoutMs: Infinity,
    signal,
    // A socket of the other family is of no use: then it is created by connecting.
    ...(created && fitting ? { host: fitting.address, socket: created } : { host }),
    ...(family && { family }),
    onStep: (step) => {
      if (step.step === 'attempt') noteConnectStep(step, { recorder, onStep })
    },
  })
  const afterConnect = afterConnecting(afterCreate, addresses, connected, fitting)
  const connection = new ClientConnection(connected.socket, { addresses, ...endsOf(connected), tls: undefined })
  connection.begin({ deadline, recorder, phases: undefined, operation })
  recorder.reached('ready')
  try {
    onStep?.({ step: 'connect', ...endsOf(connected) })
    if (stopAfter === 'connect') return { ...afterConnect, timings: recorder.timings }

    const bytes = wholeRequest(plan)
    await connection.write(bytes)
    recorder.reached('sent')
    const { bytesWritten: bytesSent } = connection
    onStep?.({ step: 'send', bytes, bytesSent })
    return { ...afterConnect, request: bytes, bytesSent, timings: recorder.timings }
  } finally {
    connection.close()
  }
}

export function checkStopAfter(stopAfter: StopAfter): void {
  if (['create', 'resolve', 'connect', 'send'].includes(stopAfter)) return
  throw new TypeError(`stopAfter must be 'create', 'resolve', 'connect' or 'send', got ${quoted(stopAfter)}`)
}

function createOrWait(family: 4 | 6, stopAfter: StopAfter): CreatedSocket | undefined {
  try {
    return createSocket(family)
  } catch (error) {
    if (stopAfter !== 'create' && error instanceof NetworkError && error.code === 'unsupported') return undefined
    throw error
  }
}

function descriptionOf({ descriptor, family, localAddress, localPort }: CreatedSocket): Omit<CreatedSocket, symbol> {
  return { descriptor, family, localAddress, localPort }
}

function afterConnecting(
  afterCreate: Omit<AfterCreate, 'timings'>,
  addresses: readonly ResolvedAddress[],
  connected: Connected,
  fitting: ResolvedAddress | undefined,
): Omit<AfterConnect, 'timings'> {
  const { stoppedAfter, descriptor } = afterCreate
  return { stoppedAfter, descriptor: fitting && descriptor, addresses, ...endsOf(connected) }
}
