// One question and its answer, RFC 5905 §8: what a client sends, what it takes for the answer, what follows from it.
//
//   T1 request leaves the client   T2 reaches the server   T3 answer leaves the server   T4 reaches the client
//
// An answer is known by its origin timestamp, which has to repeat 64 random bits. Whatever else arrives proves nothing:
// it is dropped with a reason and the wait goes on, so that a stray or forged datagram cannot end an exchange.

import { ProtocolError } from '@plainwire/socket-utils/errors'
import { type AuthenticationFault, type Authenticator } from './authentication.ts'
import { kissOfDeath } from './kiss-of-death.ts'
import { decodePacket, encodePacket, HEADER_BYTES, type NtpErrorCode, type NtpPacket } from './packet.ts'
import { formatReferenceId } from './reference-id.ts'
import { difference, shortToMilliseconds, toNanoseconds, type NtpTimestamp } from './timestamp.ts'

const MODE_CLIENT = 3
const MODE_SERVER = 4
/** MAXDISP of RFC 5905 §7.2: a server that far from its reference clock counts as not synchronized. */
const MAX_ROOT_DISTANCE_MS = 16_000
/** Two clocks that tick 64 times a second, the coarsest in use, can make a delay seem negative by a tick of each. */
const MAX_CLOCK_TICKS_NS = 31_250_000n

/**
 * Why a datagram is no answer to our request, RFC 5905 §8 and §9.2 and RFC 9109; the wait for the answer goes on.
 * `wrong-origin` is a forgery, a duplicate, or an answer to an earlier request.
 */
export type DropReason =
  | 'too-short'
  | 'wrong-mode'
  | 'wrong-version'
  | 'wrong-origin'
  | 'zero-timestamp'
  | 'server-clock-backwards'
  | 'negative-delay'
  | AuthenticationFault

/** What became of one datagram. A server that gives no time is not `dropped`: readAnswer throws a ProtocolError. */
export type Answer =
  | { readonly kind: 'accepted'; readonly packet: NtpPacket; readonly sample: NtpSample }
  | { readonly kind: 'dropped'; readonly reason: DropReason }

/** What the client knows of its request, and when the datagram came. */
export interface Question {
  /** The request's transmit timestamp. */
  readonly cookie: NtpTimestamp
  /** T1, by the client's clock. */
  readonly sentAt: NtpTimestamp
  /** T4, by the client's clock. */
  readonly receivedAt: NtpTimestamp
  /** Where given, an answer that it finds fault with is dropped. */
  readonly authenticator?: Authenticator | undefined
}

/** What one exchange says of the two clocks, RFC 5905 §8; the true offset lies within offsetNs ± delayNs / 2. */
export interface NtpSample {
  /** Add to the local clock to agree with the server: positive where the local clock is behind. Nanoseconds; θ. */
  readonly offsetNs: bigint
  /** The round trip without the time spent in the server. Nanoseconds; δ. */
  readonly delayNs: bigint
}

/**
 * 48 bytes that say nothing about the client: version 4, mode 3, and `cookie`, 64 random bits, where the RFC allows any
 * value that the server can repeat (RFC 9109's port and these bits are all that an attacker off the path must guess).
 */
export function encodeRequest(cookie: NtpTimestamp): Uint8Array<ArrayBuffer> {
  return encodePacket({ version: 4, mode: MODE_CLIENT, transmitTimestamp: cookie })
}

/**
 * Judges a datagram. One that repeats the cookie and refuses ends the exchange: ProtocolError `ntp/kiss-of-death` with the
 * code that the server gave, or `ntp/unsynchronized` when it has no time to give. Bytes after the header are tolerated.
 */
export function readAnswer(datagram: Uint8Array, question: Question): Answer {
  if (datagram.length < HEADER_BYTES) return dropped('too-short')
  const packet = decodePacket(datagram)
  if (packet.mode !== MODE_SERVER) return dropped('wrong-mode')
  if (packet.version < 1 || packet.version > 4) return dropped('wrong-version')
  // Before any value is believed: a kiss-o'-death that anyone could send would let anyone silence a server.
  if (packet.originTimestamp !== question.cookie) return dropped('wrong-origin')
  const fault = question.authenticator?.faultOf(datagram)
  if (fault !== undefined) return dropped(fault)
  refuseWithoutTime(packet)
  if (packet.receiveTimestamp === 0n || packet.transmitTimestamp === 0n) return dropped('zero-timestamp')
  if (difference(packet.transmitTimestamp, packet.receiveTimestamp) < 0n) return dropped('server-clock-backwards')
  const sample = readSample(packet, question.sentAt, question.receivedAt)
  if (sample.delayNs < -MAX_CLOCK_TICKS_NS) return dropped('negative-delay')
  const delayNs = sample.delayNs < 0n ? 0n : sample.delayNs
  return { kind: 'accepted', packet, sample: { ...sample, delayNs } }
}

/**
 * Offset and delay from the four timestamps: right for a client clock that is wrong by up to 68 years, across eras. The
 * delay is what the arithmetic gives, so a coarse or lying server can make it negative.
 */
export function readSample(
  header: Pick<NtpPacket, 'receiveTimestamp' | 'transmitTimestamp'>,
  t1: NtpTimestamp,
  t4: NtpTimestamp,
): NtpSample {
  const { receiveTimestamp: t2, transmitTimestamp: t3 } = header
  const twiceOffsetNs = toNanoseconds(difference(t2, t1) + difference(t3, t4))
  return {
    offsetNs: twiceOffsetNs >> 1n,
    delayNs: toNanoseconds(difference(t4, t1) - difference(t3, t2)),
  }
}

/** Throws where the answer is genuine but says that the server gives no time, now or to this client. */
function refuseWithoutTime(packet: NtpPacket): void {
  const { leap, stratum, poll, precision, referenceId, rootDelay, rootDispersion } = packet
  if (stratum === 0 && referenceId !== 0) {
    const kissCode = formatReferenceId(referenceId, stratum)
    throw kissOfDeath({ kissCode, poll }, `the server refuses: kiss-o'-death ${kissCode}`)
  }
  // What its clock resolves, too: a byte that may say 2¹²⁷ s.
  const distanceMs = shortToMilliseconds(rootDelay) / 2 + shortToMilliseconds(rootDispersion) + 2 ** precision * 1000
  if (leap === 3 || stratum === 0 || stratum >= 16 || distanceMs >= MAX_ROOT_DISTANCE_MS) {
    const state = `leap ${leap}, stratum ${stratum}, root distance ${distanceMs.toFixed(0)} ms`
    throw new ProtocolError<NtpErrorCode>('ntp/unsynchronized', `the server is not synchronized: ${state}`)
  }
}

function dropped(reason: DropReason): Answer {
  return { kind: 'dropped', reason }
}
