// Bytes in as the network cut them; runs of them out. A byte is looked at once and copied at most twice on average, also
// when they come one by one: the room doubles, and a search goes on where the last one stopped.

const LEAST_ROOM = 256

/** Bytes that came and are not taken yet, in one piece. Linear time, however small the pieces were. */
export class ByteQueue {
  #bytes: Uint8Array = new Uint8Array(0)
  #start = 0
  #end = 0

  /** Keeps `bytes` itself where it can, and what is taken are views of it: it must not be written to again. */
  push(bytes: Uint8Array): void {
    if (this.#start === this.#end) {
      this.#bytes = bytes
      this.#start = 0
      this.#end = bytes.length
      return
    }
    // The caller's array has no room behind its end, so that it is never written to.
    if (this.#end + bytes.length > this.#bytes.length) this.#move(this.length + bytes.length)
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /** Bytes not taken yet. */
  get length(): number {
    return this.#end - this.#start
  }

  /** The byte at `index`, without taking it; undefined past the last. */
  peek(index: number): number | undefined {
    return index < this.length ? this.#bytes[this.#start + index] : undefined
  }

  /** Where `byte` is next, at `from` or behind it, or -1. */
  indexOf(byte: number, from: number): number {
    // A view that ends with the bytes: beyond them lies room, and searching that each time would cost its square.
    const at = this.#bytes.subarray(this.#start + from, this.#end).indexOf(byte)
    return at < 0 ? at : from + at
  }

  /** All there is, as a view, without taking it. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end)
  }

  /** The next `length` bytes, as a view; there must be so many. */
  take(length: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.#start, this.#start + length)
    this.#start += length
    return bytes
  }

  /** To a new array, never to the front of this one: views of the bytes already taken stay what they were. */
  #move(needed: number): void {
    const roomy = new Uint8Array(Math.max(LEAST_ROOM, needed * 2))
    roomy.set(this.rest())
    this.#end = this.length
    this.#start = 0
    this.#bytes = roomy
  }
}
