// NTP's fixed-point times, RFC 5905 §6. A timestamp tells the moment within an era of 136 years but not the era, so all
// arithmetic is modulo 2⁶⁴: right as long as two moments lie less than 68 years apart, whatever era they fall in.

import { quoted } from '@plainwire/socket-utils/errors'

const SECOND_NS = 1_000_000_000n
/** 1900-01-01 to 1970-01-01 in seconds: 70 years, 17 of them leap years. */
const UNIX_EPOCH = 2_208_988_800n << 32n
const SHORT_PER_MS = 65.536

/**
 * 64 bits: seconds since 1900 (era 0) or since 2036-02-07 06:28:16 UTC (era 1) in the upper half, a fraction in units
 * of 2⁻³² s (0.23 ns) in the lower. Zero means that the time is not known.
 */
export type NtpTimestamp = bigint

/** A span in units of 2⁻³² s, which keeps the exact difference of two timestamps; positive or negative. */
export type NtpDuration = bigint

/** The nearest timestamp to a moment in nanoseconds since 1970, also before 1900 and after 2036. */
export function fromUnixNanoseconds(unixNs: bigint): NtpTimestamp {
  return BigInt.asUintN(64, fixedPoint(unixNs) + UNIX_EPOCH)
}

/**
 * Nanoseconds since 1970. Of all moments that share the timestamp the one nearest to `pivotNs` is meant, usually the
 * local time: it has to be right to 68 years.
 */
export function toUnixNanoseconds(timestamp: NtpTimestamp, pivotNs: bigint): bigint {
  const pivot = fixedPoint(pivotNs)
  return toNanoseconds(pivot + BigInt.asIntN(64, timestamp - UNIX_EPOCH - pivot))
}

/** `later − earlier`, with the eras chosen so that the span is as short as can be: below 68 years either way. */
export function difference(later: NtpTimestamp, earlier: NtpTimestamp): NtpDuration {
  return BigInt.asIntN(64, later - earlier)
}

/** To the nearest nanosecond. */
export function toNanoseconds(duration: NtpDuration): bigint {
  return (duration * SECOND_NS + (1n << 31n)) >> 32n
}

/** Milliseconds in an NTP short (16.16 bits, in seconds): root delay and root dispersion. Exact. */
export function shortToMilliseconds(short: number): number {
  return short / SHORT_PER_MS
}

/** The nearest NTP short; its step is 15 µs. RangeError below 0 and from 65536 s. */
export function millisecondsToShort(ms: number): number {
  const short = Math.round(ms * SHORT_PER_MS)
  if (!(short >= 0 && short <= 0xffff_ffff))
    throw new RangeError(`an NTP short holds 0 to 65535.99 s, got ${quoted(ms)} ms`)
  return short
}

function fixedPoint(ns: bigint): NtpDuration {
  // Bigint division cuts towards zero, which would pull moments before 1970 the other way.
  const doubled = (ns << 33n) + SECOND_NS
  const quotient = doubled / (2n * SECOND_NS)
  return doubled < 0n && doubled % (2n * SECOND_NS) !== 0n ? quotient - 1n : quotient
}
