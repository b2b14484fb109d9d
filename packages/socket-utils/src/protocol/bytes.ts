// Network byte order, most significant byte first, and no read or write outside the bounds.

import { ProtocolError, quoted } from './errors.ts'

/**
 * Reads a message from front to back. Bytes come from a peer, so running out of them is the peer's fault:
 * ProtocolError `bytes/truncated`, with the offset where it happened.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  i8(): number {
    return this.#view.getInt8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2))
  }

  i16(): number {
    return this.#view.getInt16(this.#advance(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4))
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4))
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8))
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#advance(8))
  }

  /** The next `length` bytes as a view of the message, not a copy. */
  take(length: number): Uint8Array {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  #advance(length: number): number {
    if (!Number.isInteger(length) || length < 0) {
      throw new RangeError(`length must be a whole number from 0, got ${quoted(length)}`)
    }
    const start = this.#offset
    if (length > this.remaining) {
      throw new ProtocolError('bytes/truncated', `needed ${length} bytes at offset ${start}, got ${this.remaining}`)
    }
    this.#offset = start + length
    return start
  }
}

/**
 * Writes a message from front to back and grows as needed. A value that does not fit its field is a RangeError, a
 * bigint for a number or the reverse a TypeError; neither writes anything.
 */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  #length = 0

  /** `capacity`: bytes to set aside at first; exact for a message of known length. */
  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length
  }

  u8(value: number): this {
    inRange('u8', value, 0, 0xff)
    const start = this.#extend(1)
    this.#view.setUint8(start, value)
    return this
  }

  i8(value: number): this {
    inRange('i8', value, -0x80, 0x7f)
    const start = this.#extend(1)
    this.#view.setInt8(start, value)
    return this
  }

  u16(value: number): this {
    inRange('u16', value, 0, 0xffff)
    const start = this.#extend(2)
    this.#view.setUint16(start, value)
    return this
  }

  i16(value: number): this {
    inRange('i16', value, -0x8000, 0x7fff)
    const start = this.#extend(2)
    this.#view.setInt16(start, value)
    return this
  }

  u32(value: number): this {
    inRange('u32', value, 0, 0xffff_ffff)
    const start = this.#extend(4)
    this.#view.setUint32(start, value)
    return this
  }

  i32(value: number): this {
    inRange('i32', value, -0x8000_0000, 0x7fff_ffff)
    const start = this.#extend(4)
    this.#view.setInt32(start, value)
    return this
  }

  u64(value: bigint): this {
    inRange('u64', value, 0n, 0xffff_ffff_ffff_ffffn)
    const start = this.#extend(8)
    this.#view.setBigUint64(start, value)
    return this
  }

  i64(value: bigint): this {
    inRange('i64', value, -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn)
    const start = this.#extend(8)
    this.#view.setBigInt64(start, value)
    return this
  }

  bytes(bytes: Uint8Array): this {
    const start = this.#extend(bytes.length)
    this.#bytes.set(bytes, start)
    return this
  }

  /** What was written so far, as a view, not a copy; later writes go behind it. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Makes room and gives where it begins. Before the array or the view is named: growing replaces both. */
  #extend(length: number): number {
    const start = this.#length
    const needed = start + length
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    this.#length = needed
    return start
  }
}

function inRange<T extends number | bigint>(field: string, value: T, least: T, most: T): void {
  if (typeof value !== typeof least) throw new TypeError(`${field} takes a ${typeof least}, got ${quoted(value)}`)
  const whole = typeof value === 'bigint' || Number.isInteger(value)
  if (!whole || value < least || value > most) {
    throw new RangeError(`${field} must be a whole number from ${least} to ${most}, got ${quoted(value)}`)
  }
}
