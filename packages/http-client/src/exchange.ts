// One request and the head of its response, on a connection from wherever one is to be had.

import type { Deadline } from '@plainwire/socket-utils/connect'
import { NetworkError } from '@plainwire/socket-utils/errors'
import type { ClientConnection, ConnectionUser } from './client-connection.ts'
import { lease, rested, type ConnectionPool, type Lease } from './connection-pool.ts'
import { ExchangeRecorder, type ExchangeTrace } from './exchange-trace.ts'
import { IncomingResponse, type Left, type ReceivedHead } from './incoming-response.ts'
import { piecesOf } from './outgoing-body.ts'
import { PhaseTimeouts, type PhaseLimits } from './phase-timeouts.ts'
import { wholeRequest, type RequestPlan } from './request-plan.ts'
import type { OnStep } from './request-step.ts'
import type { Reading } from './spare-parsers.ts'
import { openConnection, transportKey, type TransportOptions } from './transport.ts'

export interface ExchangeOptions extends TransportOptions {
  readonly phaseTimeoutsMs?: PhaseLimits
  readonly trace?: boolean
  readonly onStep?: OnStep
  readonly onExchange?: (exchange: ExchangeTrace) => void
  readonly pool?: ConnectionPool
}

/** What watches over an exchange, and is told how it goes. */
export interface ExchangeWatch {
  readonly deadline: Deadline
  /** With each try. */
  begun(recorder: ExchangeRecorder): void
  /** The connection is released. */
  finished(): void
}

export interface StartedExchange {
  readonly received: ReceivedHead
  readonly incoming: IncomingResponse
  readonly recorder: ExchangeRecorder
}

/** A larger body is not copied behind its head, but written after it. */
const MOST_COPIED = 16384

/** For how long a server that does not know `Expect` is waited for; curl's second. */
const CONTINUE_MS = 1000

/**
 * Sends the request and resolves with the head of the response; when it rejects, nothing is left open. A connection that
 * turns out to be dead at its second use, as the server has closed it in the meantime, is replaced once by a new one, where the
 * server cannot mind the request twice (RFC 9112 §9.3.1).
 */
export async function exchange(
  plan: RequestPlan,
  options: ExchangeOptions,
  reading: Reading,
  watch: ExchangeWatch,
): Promise<StartedExchange> {
  const { operation } = plan
  const { pool, phaseTimeoutsMs, onStep, onExchange, trace = false } = options
  const { deadline } = watch
  const isWatched = trace || onStep !== undefined || onExchange !== undefined
  const key = pool ? transportKey(plan, options) : ''
  for (let fresh = false; ; fresh = true) {
    const recorder = new ExchangeRecorder(plan.url, trace, isWatched)
    watch.begun(recorder)
    onExchange?.(recorder)
    const phases = phaseTimeoutsMs && new PhaseTimeouts(phaseTimeoutsMs, deadline, operation)
    const user = { deadline, recorder, phases, operation, onStep }
    let taken = fresh ? undefined : pool?.[rested](key)
    let incoming: IncomingResponse | undefined
    try {
      taken ??= pool
        ? await pool[lease]({ key, open: () => openConnection(plan, options, user), deadline, operation, fresh })
        : new OwnConnection(await openConnection(plan, options, user))
      incoming = responseTo(plan, options, reading, user, taken)
      // Not one after the other: a server may answer, and stop reading, before it has all of the request.
      const answer = incoming.head()
      send(plan, incoming, answer, user, taken.connection, onStep)
      const received = await answer
      onStep?.({ step: 'receive', statusCode: received.head.statusCode })
      incoming.whenOver(watch)
      return { received, incoming, recorder }
    } catch (error) {
      incoming?.close()
      phases?.end()
      const stale = taken?.reused && recorder.bytesReceived === 0 && isClosed(error) && !deadline.aborted
      if (!stale || !plan.repeatable) throw error
    }
  }
}

/** For one exchange, without a pool. */
class OwnConnection implements Lease {
  readonly connection: ClientConnection
  readonly reused = false

  constructor(connection: ClientConnection) {
    this.connection = connection
  }

  release(left: Left): void {
    if (left === 'read') this.connection.closeLast()
    else this.connection.close()
  }
}

/** The connection is the request's from here on, until the response is over. */
function responseTo(
  plan: RequestPlan,
  options: ExchangeOptions,
  reading: Reading,
  user: ConnectionUser,
  taken: Lease,
): IncomingResponse {
  const { connection, reused } = taken
  const { recorder, phases, operation } = user
  const incoming = new IncomingResponse(connection, {
    method: plan.method,
    operation,
    reading,
    tunnel: options.tunnel ?? false,
    recorder,
    finished(left) {
      phases?.end()
      if (!recorder.isSent) taken.release('unread')
      else taken.release(left === 'reusable' && !plan.persistent ? 'read' : left)
    },
  })
  connection.begin(user)
  recorder.connectedTo(connection.ends, reused)
  return incoming
}

function send(
  plan: RequestPlan,
  incoming: IncomingResponse,
  answer: Promise<ReceivedHead>,
  { recorder, phases, deadline }: ConnectionUser,
  connection: ClientConnection,
  onStep: OnStep | undefined,
): void {
  const { head, body } = plan
  phases?.enter('send')
  const whole = (): void => {
    if (connection.broken) return
    recorder.reached('sent')
    phases?.sent()
    if (!onStep) return
    try {
      onStep({ step: 'send', bytes: wholeRequest(plan), bytesSent: recorder.bytesSent })
    } catch (error) {
      deadline.abort(error)
    }
  }
  if (isShort(plan)) {
    connection.send(body.kind === 'bytes' && body.bytes ? wholeRequest(plan) : head, whole)
    return
  }
  sendInPieces(plan, connection, incoming, answer).then(
    (all) => all && whole(),
    (error: unknown) => {
      // A connection that failed says so to its reader; the rest is the caller's, from the source of the body.
      if (!connection.broken) deadline.abort(error)
    },
  )
}

/** Whether head and body can go out as one. */
function isShort({ body, expectsContinue }: RequestPlan): boolean {
  return !expectsContinue && body.kind === 'bytes' && (body.bytes?.length ?? 0) <= MOST_COPIED
}

/** Whether all of it was sent. */
async function sendInPieces(
  { head, body, expectsContinue }: RequestPlan,
  connection: ClientConnection,
  incoming: IncomingResponse,
  received: Promise<ReceivedHead>,
): Promise<boolean> {
  await connection.write(head)
  if (expectsContinue && !(await allowed(incoming, received))) return false
  for await (const piece of piecesOf(body)) await connection.write(piece)
  return true
}

/** RFC 9110 §10.1.1: true when the server wants the body, or says nothing for a while; false when it has answered. */
function allowed(incoming: IncomingResponse, received: Promise<ReceivedHead>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), CONTINUE_MS)
    const settle = (wanted: boolean): void => {
      clearTimeout(timer)
      resolve(wanted)
    }
    incoming.onInformational = ({ statusCode }) => {
      if (statusCode === 100) settle(true)
    }
    received.then(
      () => settle(false),
      () => settle(false),
    )
  })
}

function isClosed(error: unknown): boolean {
  return error instanceof NetworkError && (error.code === 'connection-closed' || error.code === 'connection-reset')
}
