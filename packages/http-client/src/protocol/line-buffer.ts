// Bytes in as the network cut them; lines and slices out. A byte is scanned once for the end of its line and copied
// at most once on average, also when they come one by one: the room doubles, and scanning goes on where it stopped.

import { latin1Text } from './latin1.ts'
import { violation, type HttpErrorCode } from './violation.ts'

const CR = 0x0d
const LF = 0x0a
const LEAST_ROOM = 256

export class LineBuffer {
  #bytes: Uint8Array = new Uint8Array(0)
  #start = 0
  #end = 0
  /** False while the bytes are the caller's: then there is no room of ours behind them. */
  #owned = false
  /** How many unread bytes are known to hold no line ending. */
  #scanned = 0
  #offset = 0
  #ended = false

  /** Keeps `bytes` itself where it can, and slices are views of it: it must not be written to again. */
  push(bytes: Uint8Array): void {
    if (this.#ended) throw new TypeError('push() after end()')
    if (this.#start === this.#end) {
      this.#bytes = bytes
      this.#start = 0
      this.#end = bytes.length
      this.#owned = false
      return
    }
    const needed = this.#end + bytes.length
    if (!this.#owned || needed > this.#bytes.length) this.#move(this.length + bytes.length)
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /** No more will come. */
  end(): void {
    this.#ended = true
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Bytes read so far: where in the connection the next one stands. */
  get offset(): number {
    return this.#offset
  }

  /** Bytes not read yet. */
  get length(): number {
    return this.#end - this.#start
  }

  /** The unread byte at `index`, without reading it. */
  peek(index: number): number | undefined {
    return index < this.length ? this.#bytes[this.#start + index] : undefined
  }

  /** All unread bytes, without reading them. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end)
  }

  /**
   * The next line without its CRLF, or undefined until it is complete. A CR or an LF alone is refused
   * (RFC 9112 §2.2 would let a recipient take LF; what two recipients read differently is how requests are smuggled), a
   * line of more than `maxBytes` gets the code `tooLong`.
   */
  takeLine(maxBytes: number, tooLong: HttpErrorCode): string | undefined {
    for (let length = this.#scanned; length < this.length; length++) {
      const byte = this.#bytes[this.#start + length]
      const offset = this.#offset + length
      if (byte === LF) throw violation('http/bad-line-ending', 'LF without a CR before it', offset)
      if (length + (byte === CR ? 0 : 1) > maxBytes) {
        throw violation(tooLong, `no room for more than ${maxBytes} bytes in this line`, offset)
      }
      if (byte !== CR) continue
      const next = this.peek(length + 1)
      if (next === undefined) {
        this.#scanned = length
        return undefined
      }
      if (next !== LF) throw violation('http/bad-line-ending', 'CR without an LF after it', offset)
      const line = latin1Text(this.#bytes.subarray(this.#start, this.#start + length))
      this.#advance(length + 2)
      return line
    }
    this.#scanned = this.length
    return undefined
  }

  /** Reads a CRLF that must come now: true when read, false until it is complete. Anything else gets `code`. */
  takeCrlf(code: HttpErrorCode, where: string): boolean {
    for (const [index, wanted] of [CR, LF].entries()) {
      const byte = this.peek(index)
      if (byte === undefined) return false
      if (byte !== wanted) throw violation(code, `byte 0x${hex(byte)} instead of CRLF ${where}`, this.#offset + index)
    }
    this.#advance(2)
    return true
  }

  /** Up to `maxBytes` of what is here, as a view; undefined when nothing is. */
  takeUpTo(maxBytes: number): Uint8Array | undefined {
    const length = Math.min(maxBytes, this.length)
    if (length === 0) return undefined
    const bytes = this.#bytes.subarray(this.#start, this.#start + length)
    this.#advance(length)
    return bytes
  }

  #advance(length: number): void {
    this.#start += length
    this.#offset += length
    this.#scanned = 0
  }

  /** To a new array, never to the front of this one: views of the bytes already read stay what they were. */
  #move(needed: number): void {
    const roomy = new Uint8Array(Math.max(LEAST_ROOM, needed * 2))
    roomy.set(this.rest())
    this.#end = this.length
    this.#start = 0
    this.#bytes = roomy
    this.#owned = true
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
