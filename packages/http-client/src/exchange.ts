// One request and the head of its response, on a connection from wherever one is to be had.

import type { Deadline } from '@plainwire/socket-utils'
import { NetworkError } from '@plainwire/socket-utils/errors'
import type { ClientConnection, ConnectionUser } from './client-connection.ts'
import { lease, type ConnectionPool, type Lease } from './connection-pool.ts'
import { ExchangeRecorder } from './exchange-trace.ts'
import { IncomingResponse, type ReceivedHead, type ResponseParsing } from './incoming-response.ts'
import { piecesOf } from './outgoing-body.ts'
import { PhaseTimeouts, type PhaseLimits } from './phase-timeouts.ts'
import { wholeRequest, type RequestPlan } from './request-plan.ts'
import type { OnStep } from './request-step.ts'
import { openConnection, transportKey, type TransportOptions } from './transport.ts'

export interface ExchangeOptions extends TransportOptions {
  readonly timeoutMs: number
  readonly maxBodyBytes: number
  readonly phaseTimeoutsMs?: PhaseLimits
  readonly parsing: ResponseParsing
  readonly trace?: boolean
  readonly onStep?: OnStep
  readonly pool?: ConnectionPool
}

/** What watches over an exchange, and is told how it goes. */
export interface ExchangeWatch {
  readonly deadline: Deadline
  /** With each try. */
  readonly begun: (recorder: ExchangeRecorder) => void
  /** The connection is released. */
  readonly finished: () => void
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
  watch: ExchangeWatch,
): Promise<StartedExchange> {
  for (let fresh = false; ; fresh = true) {
    const recorder = new ExchangeRecorder(plan.url.href, options.trace ?? false)
    watch.begun(recorder)
    const taken = await leaseFor(plan, options, watch.deadline, recorder, fresh)
    try {
      return await sendAndReceive(plan, options, watch, taken)
    } catch (error) {
      const stale = taken.reused && recorder.bytesReceived === 0 && isClosed(error) && !watch.deadline.aborted
      if (!stale || !plan.repeatable) throw error
    }
  }
}

interface Taken extends Lease {
  readonly user: ConnectionUser
}

async function leaseFor(
  plan: RequestPlan,
  options: ExchangeOptions,
  deadline: Deadline,
  recorder: ExchangeRecorder,
  fresh: boolean,
): Promise<Taken> {
  const { operation } = plan
  const { pool, timeoutMs, phaseTimeoutsMs, onStep } = options
  const phases = phaseTimeoutsMs && new PhaseTimeouts(phaseTimeoutsMs, deadline, operation)
  const user = { deadline, recorder, phases, operation }
  const open = (): Promise<ClientConnection> => openConnection(plan, options, { ...user, timeoutMs, onStep })
  try {
    const { connection, reused, release } = pool
      ? await pool[lease]({ key: transportKey(plan, options), open, deadline, operation, fresh })
      : forOnce(await open())
    return { connection, reused, release, user }
  } catch (error) {
    phases?.end()
    throw error
  }
}

function forOnce(connection: ClientConnection): Lease {
  return { connection, reused: false, release: () => connection.close() }
}

async function sendAndReceive(
  plan: RequestPlan,
  options: ExchangeOptions,
  watch: ExchangeWatch,
  { connection, reused, release, user }: Taken,
): Promise<StartedExchange> {
  const { method, operation } = plan
  const { recorder, phases } = user
  let sent = false
  let started = false
  const incoming = new IncomingResponse(connection, {
    method,
    operation,
    maxBodyBytes: options.maxBodyBytes,
    parsing: options.parsing,
    recorder,
    finished(reusable) {
      phases?.end()
      release(reusable && sent && plan.persistent)
      if (started) watch.finished()
    },
  })
  connection.begin(user)
  recorder.connectedTo(connection.ends, reused)
  phases?.enter('send')
  const sending = async (received: Promise<ReceivedHead>): Promise<void> => {
    try {
      sent = await send(plan, connection, incoming, received)
      if (!sent || connection.broken) return
      recorder.reached('sent')
      if (recorder.bytesReceived === 0) phases?.enter('firstByte')
      options.onStep?.({ step: 'send', bytes: wholeRequest(plan), bytesSent: recorder.bytesSent })
    } catch (error) {
      // A connection that failed says so to its reader; the rest is the caller's, from the body's source or from onStep.
      if (!connection.broken) user.deadline.abort(error)
    }
  }
  try {
    // Not one after the other: a server may answer, and stop reading, before it has all of the request.
    const answer = incoming.head()
    void sending(answer)
    const received = await answer
    options.onStep?.({ step: 'receive', statusCode: received.head.statusCode })
    started = true
    if (incoming.over) watch.finished()
    return { received, incoming, recorder }
  } catch (error) {
    phases?.end()
    incoming.close()
    await incoming.released()
    throw error
  }
}

/** Whether all of it was sent. */
async function send(
  plan: RequestPlan,
  connection: ClientConnection,
  incoming: IncomingResponse,
  received: Promise<ReceivedHead>,
): Promise<boolean> {
  const { head, body, expectsContinue } = plan
  if (!expectsContinue && body.kind === 'bytes' && (body.bytes?.length ?? 0) <= MOST_COPIED) {
    await connection.write(wholeRequest(plan))
    return true
  }
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
