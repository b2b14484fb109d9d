// What may follow the header: extension fields, RFC 7822, and after them a MAC, RFC 5905 §7.3. Nothing on the wire says
// which is which but the length that is left, so the rule is the RFC's: more than a MAC can have is an extension field.
// Before version 4 there are no extension fields, and a MAC may be as long as its digest.

import { ByteReader, ByteWriter } from '@plainwire/socket-utils/bytes'

/** RFC 7822 §3, between the header and the MAC. */
export interface ExtensionField {
  /** 16 bits, from IANA's registry. */
  readonly type: number
  /** Without type and length, with its padding. */
  readonly value: Uint8Array
}

/** The message authentication code at a packet's end, RFC 5905 §7.3. */
export interface Mac {
  readonly keyId: number
  /** 16 or 20 bytes, before version 4 also 32 or 64; none at all is a crypto-NAK: the server could not verify the request. */
  readonly digest: Uint8Array
}

/**
 * All that follows the 48 bytes of the header. `malformed`: the lengths do not add up, so that nothing in it is sure to
 * be what it looks like.
 */
export type Trailer =
  | {
      readonly kind: 'well-formed'
      readonly fields: readonly ExtensionField[]
      readonly mac: Mac | undefined
      /** Bytes of the trailer before the MAC, which the MAC covers together with the header. */
      readonly covered: number
    }
  | { readonly kind: 'malformed' }

const FIELD_HEADER_BYTES = 4
const LEAST_FIELD_BYTES = 16
/** A last field without a MAC behind it, or it could be mistaken for one. */
const LEAST_LAST_FIELD_BYTES = 28
const MOST_MAC_BYTES = 24
const DIGEST_BYTES: readonly number[] = [0, 16, 20]
const DIGEST_BYTES_BEFORE_4: readonly number[] = [0, 16, 20, 32, 64]
const KEY_ID_BYTES = 4
const MOST_FIELD_BYTES = 0xffff

/** `version` is the packet's. All fields are views of the trailer, not copies. */
export function readTrailer(trailer: Uint8Array, version = 4): Trailer {
  const reader = new ByteReader(trailer)
  const fields: ExtensionField[] = []
  const mostMacBytes = version < 4 ? Infinity : MOST_MAC_BYTES
  while (reader.remaining > mostMacBytes) {
    const { remaining } = reader
    const type = reader.u16()
    const length = reader.u16()
    if (length % 4 !== 0 || length < LEAST_FIELD_BYTES || length > remaining) return { kind: 'malformed' }
    fields.push({ type, value: reader.take(length - FIELD_HEADER_BYTES) })
  }
  const covered = reader.offset
  if (reader.remaining === 0) return { kind: 'well-formed', fields, mac: undefined, covered }
  if (!digestBytes(version).includes(reader.remaining - KEY_ID_BYTES)) return { kind: 'malformed' }
  const keyId = reader.u32()
  const digest = reader.take(reader.remaining)
  return { kind: 'well-formed', fields, mac: { keyId, digest }, covered }
}

/**
 * The inverse: a field's value is padded with zeros, to a multiple of four and to the least length that cannot be
 * mistaken. RangeError for a value that no field can hold, and for a digest of a length that the version does not have.
 */
export function encodeTrailer(fields: readonly ExtensionField[], mac?: Mac, version = 4): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter()
  for (const [index, { type, value }] of fields.entries()) {
    const isEnd = mac === undefined && index === fields.length - 1
    const length = Math.max(
      Math.ceil((FIELD_HEADER_BYTES + value.length) / 4) * 4,
      isEnd ? LEAST_LAST_FIELD_BYTES : LEAST_FIELD_BYTES,
    )
    if (length > MOST_FIELD_BYTES) {
      throw new RangeError(`an extension field holds up to 65528 bytes, got ${value.length}`)
    }
    const padding = new Uint8Array(length - FIELD_HEADER_BYTES - value.length)
    writer.u16(type).u16(length).bytes(value).bytes(padding)
  }
  if (mac !== undefined) {
    const allowed = digestBytes(version)
    if (!allowed.includes(mac.digest.length)) {
      throw new RangeError(`a digest has ${allowed.join(', ')} bytes in version ${version}, got ${mac.digest.length}`)
    }
    writer.u32(mac.keyId).bytes(mac.digest)
  }
  return writer.finish()
}

function digestBytes(version: number): readonly number[] {
  return version < 4 ? DIGEST_BYTES_BEFORE_4 : DIGEST_BYTES
}
