// One exchange over UDP. The socket is new, so that the port is another random one each time (RFC 9109), and connected,
// so that the kernel discards what others send and reports a closed port at once.

import { getRandomValues } from 'node:crypto'
import { networkError, ProtocolError } from '@plainwire/socket-utils/errors'
import { type Clock } from './clock.ts'
import { type Authenticator } from './protocol/authentication.ts'
import { type Drops } from './protocol/drops.ts'
import { encodeRequest, readAnswer, type DropReason, type NtpSample } from './protocol/exchange.ts'
import { reworded } from './protocol/kiss-of-death.ts'
import { type NtpPacket } from './protocol/packet.ts'
import { fromUnixNanoseconds, toUnixNanoseconds } from './protocol/timestamp.ts'
import { udpSocket } from './udp-socket.ts'

/** A question that was answered: its bytes, its four times in nanoseconds since 1970, and what follows from them. */
export interface NtpExchange extends NtpSample {
  readonly request: Uint8Array
  readonly response: Uint8Array
  /** The response, decoded. */
  readonly header: NtpPacket
  /** The request left, by the local clock. */
  readonly t1Ns: bigint
  /** The request arrived, by the server's clock, in the era nearest to the local time. */
  readonly t2Ns: bigint
  /** The response left, by the server's clock. */
  readonly t3Ns: bigint
  /** The response arrived, by the local clock. */
  readonly t4Ns: bigint
}

export interface ExchangeOptions {
  /** What a NetworkError says was being done, such as `query 127.0.0.1:123`. */
  readonly operation: string
  /** An IP address, with its zone where it needs one. */
  readonly address: string
  readonly port: number
  readonly waitMs: number
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  /** Takes note of every datagram that is not the answer. */
  readonly drops: Drops<DropReason>
  readonly authenticator: Authenticator | undefined
}

/**
 * Resolves to undefined when no answer came within `waitMs`. Rejects with a NetworkError, with the ProtocolError of a
 * server that refuses, or with the signal's reason.
 */
export async function exchangeOverUdp(options: ExchangeOptions): Promise<NtpExchange | undefined> {
  const { operation, address, port, waitMs, clock, signal, drops, authenticator } = options
  signal?.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<NtpExchange | undefined>()
  const cookie = randomBits64()
  const bare = encodeRequest(cookie)
  const request = authenticator === undefined ? bare : authenticator.protect(bare)
  let t1Ns = 0n
  const fail = (cause: unknown): void => reject(networkError(operation, cause))

  await using socket = udpSocket(address)
  socket.on('error', fail)
  socket.on('message', (datagram) => {
    try {
      const t4Ns = clock() // first, or our own work counts as network delay
      const response = new Uint8Array(datagram) // a copy: the datagram is a corner of 64 KiB
      const sentAt = fromUnixNanoseconds(t1Ns)
      const receivedAt = fromUnixNanoseconds(t4Ns)
      const answer = readAnswer(response, { cookie, sentAt, receivedAt, authenticator })
      if (answer.kind === 'dropped') return drops.add(answer.reason, datagram.length)
      const { packet: header, sample } = answer
      const t2Ns = toUnixNanoseconds(header.receiveTimestamp, t1Ns)
      const t3Ns = toUnixNanoseconds(header.transmitTimestamp, t4Ns)
      resolve({ request, response, header, t1Ns, t2Ns, t3Ns, t4Ns, ...sample })
    } catch (error) {
      reject(named(operation, error))
    }
  })
  socket.on('connect', () => {
    try {
      t1Ns = clock() // last: a connected socket sends within the call
      socket.send(request, (error) => {
        if (error) fail(error)
      })
    } catch (error) {
      reject(error)
    }
  })

  const timer = setTimeout(resolve, waitMs, undefined)
  const abort = (): void => reject(signal?.reason)
  signal?.addEventListener('abort', abort)
  try {
    // Bound first: a socket that is still to be bound would put off its own closing, too.
    socket.bind({ port: 0, exclusive: true }, () => socket.connect(port, address))
    return await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** A refusal does not know who refused. */
function named(operation: string, error: unknown): unknown {
  if (!(error instanceof ProtocolError)) return error
  return reworded(error, `${operation}: ${error.message}`)
}

function randomBits64(): bigint {
  return getRandomValues(new BigUint64Array(1))[0] ?? 0n
}
