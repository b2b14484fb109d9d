// The server's side of an exchange, RFC 5905 §9.2 and RFC 4330 §6: stateless, one answer of 48 bytes for one request of
// at least 48, so that a forged sender gains nothing.

import { verifyMac, type AuthenticationFault, type MacKey } from './authentication.ts'
import { decodePacket, encodePacket, HEADER_BYTES, type NtpPacket } from './packet.ts'
import { parseReferenceId } from './reference-id.ts'
import { type NtpTimestamp } from './timestamp.ts'

const MODE_CLIENT = 3
const MODE_SERVER = 4
const TRANSMIT_TIMESTAMP_AT = 40

export type RequestDropReason = 'too-short' | 'wrong-mode' | 'wrong-version' | Exclude<AuthenticationFault, 'no-mac'>

export type Request =
  | { readonly kind: 'accepted'; readonly packet: NtpPacket; readonly key: MacKey | undefined }
  | { readonly kind: 'dropped'; readonly reason: RequestDropReason }

/** What a server says of itself. */
export type ServerState = Pick<NtpPacket, 'leap' | 'stratum' | 'precision' | 'referenceId'>

/**
 * Only a client's request is answered: answering an answer would let two servers talk to each other for ever. With
 * `keys`, a request that has a MAC has to have the right one, and the answer gets one, too, under the same key.
 */
export function readRequest(datagram: Uint8Array, keys: ReadonlyMap<number, MacKey> = new Map()): Request {
  if (datagram.length < HEADER_BYTES) return { kind: 'dropped', reason: 'too-short' }
  const packet = decodePacket(datagram)
  if (packet.mode !== MODE_CLIENT) return { kind: 'dropped', reason: 'wrong-mode' }
  if (packet.version < 1 || packet.version > 4) return { kind: 'dropped', reason: 'wrong-version' }
  if (keys.size === 0) return { kind: 'accepted', packet, key: undefined }
  const verdict = verifyMac(datagram, (id) => keys.get(id))
  if (verdict.kind === 'authentic') return { kind: 'accepted', packet, key: verdict.key }
  if (verdict.fault === 'no-mac') return { kind: 'accepted', packet, key: undefined }
  return { kind: 'dropped', reason: verdict.fault }
}

/** All of the answer but its transmit timestamp, which is written last and right before sending. */
export function encodeReply(request: NtpPacket, state: ServerState, receivedAt: NtpTimestamp): Uint8Array<ArrayBuffer> {
  return encodePacket({
    ...state,
    version: request.version,
    mode: MODE_SERVER,
    poll: request.poll,
    // The clock that is served is its own reference, and so was right just now.
    referenceTimestamp: receivedAt,
    originTimestamp: request.transmitTimestamp,
    receiveTimestamp: receivedAt,
  })
}

/** RATE: ask only every `intervalMs`. */
export function encodeRateKiss(request: NtpPacket, intervalMs: number): Uint8Array<ArrayBuffer> {
  return encodeKiss(request, 'RATE', Math.max(request.poll, Math.ceil(Math.log2(intervalMs / 1000))))
}

/** A refusal, RFC 5905 §7.4. It tells no time, lest a client takes it for an answer. TypeError for what is no code. */
export function encodeKiss(request: NtpPacket, kissCode: string, poll = request.poll): Uint8Array<ArrayBuffer> {
  const { version, transmitTimestamp } = request
  return encodePacket({
    leap: 3,
    version,
    mode: MODE_SERVER,
    stratum: 0,
    poll,
    referenceId: parseReferenceId(kissCode),
    originTimestamp: transmitTimestamp,
    receiveTimestamp: transmitTimestamp,
    transmitTimestamp,
  })
}

/** Writes the transmit timestamp into a reply. */
export function stampReply(reply: Uint8Array, sentAt: NtpTimestamp): void {
  new DataView(reply.buffer, reply.byteOffset).setBigUint64(TRANSMIT_TIMESTAMP_AT, sentAt)
}
