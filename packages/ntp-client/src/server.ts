// A small SNTP server, RFC 4330 §6: it hands out the time of a clock to whoever asks. For labs, tests and local networks;
// it keeps no state about clients unless it has to limit their rate.

import { type Socket } from 'node:dgram'
import { once } from 'node:events'
import { resolveHost } from '@plainwire/socket-utils/connect'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { networkError, quoted } from '@plainwire/socket-utils/errors'
import { followingClock, type Clock } from './clock.ts'
import { appendMac } from './protocol/authentication.ts'
import { Drops, type DropCounts } from './protocol/drops.ts'
import { type SymmetricKey } from './protocol/key-file.ts'
import { RateLimit, type RateLimitOptions } from './protocol/rate-limit.ts'
import { parseReferenceId } from './protocol/reference-id.ts'
import {
  encodeKiss,
  encodeRateKiss,
  encodeReply,
  readRequest,
  stampReply,
  type RequestDropReason,
  type ServerState,
} from './protocol/reply.ts'
import { fromUnixNanoseconds, type NtpTimestamp } from './protocol/timestamp.ts'
import { macKey } from './symmetric-keys.ts'
import { udpSocket } from './udp-socket.ts'

/** What the server says of itself, and whom it answers. RangeError and TypeError for what cannot be in a packet. */
export interface ServeOptions {
  /** Default 127.0.0.1; `0.0.0.0` or `::` for all addresses. */
  readonly host?: string
  /** Default 123, which needs privileges on most systems; 0 for any free one. */
  readonly port?: number
  /** 1 to 15; default 1, as RFC 4330 has it for a server that serves its own clock. */
  readonly stratum?: number
  /**
   * A clock name of up to four letters (at stratum 1) or an IPv4 address (of the server's own server, from 2 on). Default an
   * uncalibrated local clock: `LOCL`, from stratum 2 on 127.127.1.1, as chronyd and ntpd call theirs.
   */
  readonly referenceId?: string
  /** 0 no warning, 1 or 2 a leap second is due today, 3 not synchronized: no client will believe it. Default 0. */
  readonly leap?: number
  /** How often each address may ask; the first request too many is answered with RATE, then none. Default: any rate. */
  readonly rateLimit?: RateLimitOptions
  /** Added to the clock that is served; default 0. Lets a lab have a server that is wrong by a known amount. */
  readonly offsetMs?: number
  /** The clock that is served; by default the wall clock, finer than Date.now(). */
  readonly clock?: Clock
  /** With these a request that has a MAC is verified, and its answer gets one; without a MAC it is answered as ever. */
  readonly keys?: readonly SymmetricKey[]
  /** Called for each request that would be answered, at once and before it is; the default answers all. */
  readonly onRequest?: (request: ClientRequest) => Treatment
  /** Told what `onRequest` threw, or what is wrong with the Treatment that it gave; the request is not answered. */
  readonly onError?: (error: unknown) => void
  /** Closes the server. */
  readonly signal?: AbortSignal
}

/** Who asks, for `onRequest` to decide on. `version` is 1 to 4. */
export interface ClientRequest {
  readonly address: string
  readonly port: number
  readonly version: number
}

/** What becomes of a request: a lab may want a server that loses answers, is late, or refuses. */
export type Treatment =
  | { readonly kind: 'answer' }
  | { readonly kind: 'ignore' }
  /** Answered, and the answer held back for so long: it says when it was meant to leave. */
  | { readonly kind: 'hold'; readonly holdMs: number }
  /** A kiss-o'-death of up to four letters, RFC 5905 §7.4. */
  | { readonly kind: 'refuse'; readonly kissCode: string }

/** A server that is bound and answers. Dispose of it, or close it: until then it keeps the process alive. */
export interface NtpServer extends AsyncDisposable {
  /** The address that it is bound to. */
  readonly host: string
  readonly port: number
  /** Requests answered so far. */
  readonly answered: number
  /** Datagrams that were no request, or whose sender could not be reached, by reason. */
  readonly ignored: DropCounts<IgnoreReason>
  /** Resolves when the port is free again; a second call does no harm. */
  close(): Promise<void>
}

/** `rate-limited`: answered with RATE, or not at all. `untreated`: `onRequest` wanted it ignored or refused. `handler-error`: it failed, see `onError`. `network-error`: a request whose answer could not be sent, or a fault of the socket itself. */
export type IgnoreReason = RequestDropReason | 'rate-limited' | 'untreated' | 'handler-error' | 'network-error'

/** −18 is 4 µs, about what the clock is anchored to. */
const PRECISION = -18

const ANSWER: Treatment = { kind: 'answer' }
/** What setTimeout can hold. */
const MOST_HOLD_MS = 2 ** 31 - 1

/**
 * Resolves when the port is bound. NetworkError `address-in-use`, `permission-denied`, `address-unavailable` and the like
 * where it cannot be; RangeError or TypeError for wrong options. No datagram can stop it, nor what `onRequest` throws.
 */
export async function serveNtp(options: ServeOptions = {}): Promise<NtpServer> {
  const { host = '127.0.0.1', port = 123, offsetMs = 0, signal } = options
  const state = serverState(options)
  const limit = options.rateLimit && new RateLimit(options.rateLimit)
  const keys = new Map(options.keys?.map((key) => [key.id, macKey(key)]))
  if (!Number.isFinite(offsetMs)) throw new RangeError(`offsetMs must be a finite number, got ${quoted(offsetMs)}`)
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new RangeError(`port must be 0 to 65535, got ${quoted(port)}`)
  }
  const [resolved] = await resolveHost(host, signal ? { signal } : {})
  const clock = options.clock ?? followingClock()
  const offsetNs = BigInt(Math.round(offsetMs * 1e6))
  const now = (): NtpTimestamp => fromUnixNanoseconds(clock() + offsetNs)
  const ignored = new Drops<IgnoreReason>()
  const held = new Set<NodeJS.Timeout>()
  let isClosed = false
  let answered = 0

  const socket = await bind(resolved?.address ?? host, port)
  socket.on('message', (datagram, sender) => {
    const receivedAt = now() // first: from here on it is our own time that passes
    const request = readRequest(datagram, keys)
    if (request.kind === 'dropped') return ignored.add(request.reason, datagram.length)
    // A forged sender may have port 0, to which nothing can be sent.
    if (sender.port === 0) return ignored.add('network-error', datagram.length)
    const verdict = limit?.judge(sender.address, performance.now()) ?? 'answer'
    if (verdict !== 'answer') ignored.add('rate-limited', datagram.length)
    if (verdict === 'ignore') return
    const { packet, key } = request
    let treatment = ANSWER
    if (verdict !== 'kiss') {
      try {
        treatment = treatmentOf({ address: sender.address, port: sender.port, version: packet.version }, options)
      } catch (error) {
        ignored.add('handler-error', datagram.length)
        return options.onError?.(error)
      }
    }
    if (isClosed) return // by onRequest
    const send = (bytes: Uint8Array, isAnswer: boolean): void => {
      socket.send(key === undefined ? bytes : appendMac(bytes, key), sender.port, sender.address, (error) => {
        if (error) ignored.add('network-error', datagram.length)
        else if (isAnswer) answered++
      })
    }
    if (verdict === 'kiss' && limit) return send(encodeRateKiss(packet, limit.intervalMs), false)
    switch (treatment.kind) {
      case 'ignore':
        return ignored.add('untreated', datagram.length)
      case 'refuse':
        ignored.add('untreated', datagram.length)
        return send(encodeKiss(packet, treatment.kissCode), false)
      case 'answer':
      case 'hold': {
        const reply = encodeReply(packet, state, receivedAt)
        stampReply(reply, now())
        if (treatment.kind === 'answer') return send(reply, true)
        const timer = setTimeout(() => {
          held.delete(timer)
          send(reply, true)
        }, treatment.holdMs)
        return void held.add(timer)
      }
    }
  })
  socket.on('error', () => ignored.add('network-error', 0))

  const close = async (): Promise<void> => {
    isClosed = true
    for (const timer of held) clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    await socket[Symbol.asyncDispose]()
  }
  const onAbort = (): void => void close()
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) await close()
  signal?.throwIfAborted()
  const bound = socket.address()
  return {
    host: bound.address,
    port: bound.port,
    get answered() {
      return answered
    },
    get ignored() {
      return ignored.counts()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What `onRequest` wants, checked: it may be made of what somebody has typed. */
function treatmentOf(request: ClientRequest, { onRequest }: ServeOptions): Treatment {
  const treatment = onRequest?.(request) ?? ANSWER
  switch (treatment.kind) {
    case 'answer':
    case 'ignore':
      return treatment
    case 'hold': {
      const { holdMs } = treatment
      if (typeof holdMs === 'number' && holdMs >= 0 && holdMs <= MOST_HOLD_MS) return treatment
      throw new RangeError(`holdMs must be 0 to ${MOST_HOLD_MS}, got ${quoted(holdMs)}`)
    }
    case 'refuse':
      parseReferenceId(treatment.kissCode)
      return treatment
    default:
      throw new TypeError(`onRequest must give a Treatment, got ${quoted(treatment)}`)
  }
}

function serverState(options: ServeOptions): ServerState {
  const { leap = 0, stratum = 1, referenceId = stratum === 1 ? 'LOCL' : '127.127.1.1' } = options
  if (!(Number.isInteger(leap) && leap >= 0 && leap <= 3)) {
    throw new RangeError(`leap must be 0, 1, 2 or 3, got ${quoted(leap)}`)
  }
  if (!(Number.isInteger(stratum) && stratum >= 1 && stratum <= 15)) {
    throw new RangeError(`stratum must be a whole number from 1 to 15, got ${quoted(stratum)}`)
  }
  return { leap, stratum, precision: PRECISION, referenceId: parseReferenceId(referenceId) }
}

async function bind(address: string, port: number): Promise<Socket> {
  const socket = udpSocket(address)
  try {
    const listening = once(socket, 'listening')
    socket.bind(port, address)
    await listening
    return socket
  } catch (cause) {
    socket.close()
    throw networkError(`serve NTP on ${formatEndpoint({ host: address, port })}`, cause)
  }
}
