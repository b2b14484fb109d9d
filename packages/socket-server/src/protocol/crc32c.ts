// CRC-32C (Castagnoli), RFC 3720 appendix B.4: what a PROXY header of version 2 may carry.

/** The polynomial 0x1EDC6F41 with its bits in the order in which they are sent. */
const REVERSED_POLYNOMIAL = 0x82f63b78

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ REVERSED_POLYNOMIAL : rest >>> 1
  return rest
})

/** An unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array): number {
  let rest = 0xffff_ffff
  for (const byte of bytes) rest = (rest >>> 8) ^ (TABLE[(rest ^ byte) & 0xff] ?? 0)
  return ~rest >>> 0
}
