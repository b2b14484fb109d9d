import * as fc from 'fast-check'
import type { NtpPacket } from '../src/packet.ts'

/** Bits of an unsigned field, as many as it has on the wire. */
const unsigned = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 })
const i8 = fc.integer({ min: -128, max: 127 })
const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn })

/** Whatever each field can hold, sense or nonsense, with up to 40 bytes behind the header. */
export const anyPacket: fc.Arbitrary<NtpPacket> = fc.record(
  {
    leap: unsigned(2),
    version: unsigned(3),
    mode: unsigned(3),
    stratum: unsigned(8),
    poll: i8,
    precision: i8,
    rootDelay: unsigned(32),
    rootDispersion: unsigned(32),
    referenceId: unsigned(32),
    referenceTimestamp: u64,
    originTimestamp: u64,
    receiveTimestamp: u64,
    transmitTimestamp: u64,
    trailer: fc.uint8Array({ maxLength: 40 }),
  },
  { noNullPrototype: true },
)
