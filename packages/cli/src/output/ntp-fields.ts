// An NTP packet, field by field: for programs the values, for people the bytes with what they mean.

import {
  decodePacket,
  dissectPacket,
  formatMoment,
  formatReferenceId,
  type NtpTimestamp,
  readTrailer,
  shortToMilliseconds,
  toUnixNanoseconds,
} from '@plainwire/ntp-client/packet'
import { dumpLines } from './dump.ts'

const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export function ntpDocument(bytes: Uint8Array): object {
  const packet = decodePacket(bytes)
  const { leap, version, mode, stratum, poll, precision, rootDelay, rootDispersion, referenceId } = packet
  return {
    protocol: 'ntp',
    bytes: bytes.length,
    leap,
    version,
    mode,
    stratum,
    poll,
    precision,
    rootDelayMs: shortToMilliseconds(rootDelay),
    rootDispersionMs: shortToMilliseconds(rootDispersion),
    referenceId: formatReferenceId(referenceId, stratum),
    referenceTimestamp: momentOf(packet.referenceTimestamp),
    originTimestamp: momentOf(packet.originTimestamp),
    receiveTimestamp: momentOf(packet.receiveTimestamp),
    transmitTimestamp: momentOf(packet.transmitTimestamp),
    ...trailerDocument(packet.trailer, version),
    raw: hexOf(bytes),
  }
}

/** The 64 bits, and the moment in the era nearest to now; zero means that nothing is known. */
function momentOf(timestamp: NtpTimestamp): object {
  const hex = timestamp.toString(16).padStart(16, '0')
  return timestamp === 0n ? { hex, time: null } : { hex, time: formatMoment(toUnixNanoseconds(timestamp, nowNs())) }
}

function trailerDocument(bytes: Uint8Array, version: number): object {
  if (bytes.length === 0) return {}
  const trailer = readTrailer(bytes, version)
  if (trailer.kind === 'malformed') return { trailer: hexOf(bytes) }
  const { fields, mac } = trailer
  return {
    extensionFields: fields.map(({ type, value }) => ({ type, value: hexOf(value) })),
    ...(mac && { mac: { keyId: mac.keyId, digest: hexOf(mac.digest) } }),
  }
}

export function ntpLines(bytes: Uint8Array): string[] {
  return dumpLines(bytes, dissectPacket(bytes, nowNs()))
}
