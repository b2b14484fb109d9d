// The NTP packet, RFC 5905 §7.3, figure 8: 48 bytes of header, and after them whatever extension fields and MAC bring.

import { ByteReader, ByteWriter } from '@plainwire/socket-utils/bytes'
import { ProtocolError, quoted } from '@plainwire/socket-utils/errors'
import { type NtpTimestamp } from './timestamp.ts'

/** The least that a packet has, RFC 5905 §7.3; a plain one has no more. */
export const HEADER_BYTES = 48

/** Codes of the ProtocolErrors of this package. */
export type NtpErrorCode =
  | 'ntp/short-packet'
  | 'ntp/kiss-of-death'
  | 'ntp/unsynchronized'
  | 'ntp/no-majority'
  | 'ntp/same-server'

/** Fields in wire order, with the names and the raw values of RFC 5905. */
export interface NtpPacket {
  /** 0 no warning, 1 the last minute of the day has 61 seconds, 2 it has 59, 3 the clock is not synchronized. */
  readonly leap: number
  /** 0 to 7; 4 is current. */
  readonly version: number
  /** 1 and 2 symmetric, 3 client, 4 server, 5 broadcast, 6 control, 7 private. */
  readonly mode: number
  /** 0 unspecified or a kiss code, 1 has a reference clock, 2 to 15 synchronized over NTP, 16 not synchronized. */
  readonly stratum: number
  /** Seconds between two requests, as the exponent of 2; signed. */
  readonly poll: number
  /** The smallest step of the server's clock in seconds, as the exponent of 2; signed, −20 is about a microsecond. */
  readonly precision: number
  /** Round trip from the server to its reference clock, as an NTP short. */
  readonly rootDelay: number
  /** The server's bound on its own error against the reference clock, as an NTP short. */
  readonly rootDispersion: number
  /** 32 bits whose meaning depends on the stratum; `formatReferenceId` tells it. */
  readonly referenceId: number
  /** When the server's clock was last set or corrected. */
  readonly referenceTimestamp: NtpTimestamp
  /** T1: in an answer, the request's transmit timestamp, bit for bit. */
  readonly originTimestamp: NtpTimestamp
  /** T2: when the request reached the server, by the server's clock. */
  readonly receiveTimestamp: NtpTimestamp
  /** T3: when the answer left the server, by the server's clock. */
  readonly transmitTimestamp: NtpTimestamp
  /** What follows the header, as it came: extension fields (RFC 7822) and a MAC. Empty for nearly every packet. */
  readonly trailer: Uint8Array
}

/** Version and mode must be said; every other field is zero unless given, and the trailer is empty. */
export type NtpPacketFields = Pick<NtpPacket, 'version' | 'mode'> & Partial<NtpPacket>

/** RangeError for a value that does not fit its field. */
export function encodePacket(packet: NtpPacketFields): Uint8Array<ArrayBuffer> {
  const { leap = 0, version, mode, trailer = new Uint8Array() } = packet
  inBits('leap', leap, 2)
  inBits('version', version, 3)
  inBits('mode', mode, 3)
  return new ByteWriter(HEADER_BYTES + trailer.length)
    .u8((leap << 6) | (version << 3) | mode)
    .u8(packet.stratum ?? 0)
    .i8(packet.poll ?? 0)
    .i8(packet.precision ?? 0)
    .u32(packet.rootDelay ?? 0)
    .u32(packet.rootDispersion ?? 0)
    .u32(packet.referenceId ?? 0)
    .u64(packet.referenceTimestamp ?? 0n)
    .u64(packet.originTimestamp ?? 0n)
    .u64(packet.receiveTimestamp ?? 0n)
    .u64(packet.transmitTimestamp ?? 0n)
    .bytes(trailer)
    .finish()
}

/**
 * Every datagram of 48 bytes or more is a packet; what its values are worth is for the reader to judge. A shorter one is
 * ProtocolError `ntp/short-packet`. The trailer is a view of the datagram, not a copy.
 */
export function decodePacket(datagram: Uint8Array): NtpPacket {
  if (datagram.length < HEADER_BYTES) {
    throw new ProtocolError<NtpErrorCode>('ntp/short-packet', `an NTP header has 48 bytes, got ${datagram.length}`)
  }
  const reader = new ByteReader(datagram)
  const first = reader.u8()
  return {
    leap: first >> 6,
    version: (first >> 3) & 0b111,
    mode: first & 0b111,
    stratum: reader.u8(),
    poll: reader.i8(),
    precision: reader.i8(),
    rootDelay: reader.u32(),
    rootDispersion: reader.u32(),
    referenceId: reader.u32(),
    referenceTimestamp: reader.u64(),
    originTimestamp: reader.u64(),
    receiveTimestamp: reader.u64(),
    transmitTimestamp: reader.u64(),
    trailer: reader.take(reader.remaining),
  }
}

function inBits(field: string, value: number, bits: number): void {
  const most = 2 ** bits - 1
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new RangeError(`${field} must be a whole number from 0 to ${most}, got ${quoted(value)}`)
  }
}
