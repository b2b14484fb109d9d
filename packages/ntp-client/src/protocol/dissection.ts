// A packet with every byte explained, for a hexdump: the fields in wire order, each a run of bytes with a label.

import { type Span } from '@plainwire/socket-utils/hexdump'
import { formatMoment } from './moment.ts'
import { decodePacket, HEADER_BYTES, type NtpPacket } from './packet.ts'
import { formatReferenceId } from './reference-id.ts'
import { shortToMilliseconds, toUnixNanoseconds, type NtpTimestamp } from './timestamp.ts'

const MODES = [
  'reserved',
  'symmetric active',
  'symmetric passive',
  'client',
  'server',
  'broadcast',
  'control',
  'private',
]

/** Bytes of a field and what they say, as in RFC 5905 figure 8. */
type Field = readonly [length: number, label: (packet: NtpPacket, pivotNs: bigint) => string]

const FIELDS: readonly Field[] = [
  [1, ({ leap, version, mode }) => `leap ${leap}, version ${version}, mode ${mode} (${MODES[mode]})`],
  [1, ({ stratum }) => `stratum ${stratum}`],
  [1, ({ poll }) => `poll 2^${poll} s`],
  [1, ({ precision }) => `precision 2^${precision} s`],
  [4, ({ rootDelay }) => `root delay ${shortToMilliseconds(rootDelay).toFixed(3)} ms`],
  [4, ({ rootDispersion }) => `root dispersion ${shortToMilliseconds(rootDispersion).toFixed(3)} ms`],
  [4, ({ referenceId, stratum }) => `reference id ${formatReferenceId(referenceId, stratum)}`.trimEnd()],
  [8, ({ referenceTimestamp }, pivotNs) => `reference ${moment(referenceTimestamp, pivotNs)}`],
  [
    8,
    ({ originTimestamp, mode }, pivotNs) =>
      `origin ${mode === 4 ? 'repeats the request' : moment(originTimestamp, pivotNs)}`,
  ],
  [8, ({ receiveTimestamp }, pivotNs) => `receive ${moment(receiveTimestamp, pivotNs)}`],
  [
    8,
    ({ transmitTimestamp, mode }, pivotNs) =>
      `transmit ${mode === 3 ? 'random bits' : moment(transmitTimestamp, pivotNs)}`,
  ],
]

/**
 * Every byte of the datagram belongs to exactly one span. `pivotNs` decides the era of the timestamps, as for
 * toUnixNanoseconds: the local time will do. A client's transmit timestamp is taken for random bits, as RFC 9109 wants
 * them. ProtocolError `ntp/short-packet` below 48 bytes.
 */
export function dissectPacket(datagram: Uint8Array, pivotNs: bigint): Span[] {
  const packet = decodePacket(datagram)
  const spans: Span[] = []
  let offset = 0
  for (const [length, label] of FIELDS) {
    spans.push({ offset, length, label: label(packet, pivotNs) })
    offset += length
  }
  const { length } = packet.trailer
  if (length > 0) spans.push({ offset: HEADER_BYTES, length, label: 'extension fields, MAC' })
  return spans
}

function moment(timestamp: NtpTimestamp, pivotNs: bigint): string {
  return timestamp === 0n ? 'unknown' : formatMoment(toUnixNanoseconds(timestamp, pivotNs))
}
