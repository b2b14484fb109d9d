import { quoted } from '@plainwire/socket-utils/errors'
import { ByteQueue } from './byte-queue.ts'
import { framingError, messageLimit, type MessageReader } from './framing.ts'

const CR = 0x0d
const LF = 0x0a

/**
 * What ends a line. `any`: LF, and a CR right before it is dropped. `lf`: LF alone, a CR is content. `crlf`: CRLF alone; a
 * CR or LF by itself is refused, since what two programs read differently is how commands are smuggled past one of them.
 */
export type LineEnding = 'any' | 'lf' | 'crlf'

/** What a line may be. RangeError for a maximum that is no whole number. */
export interface LineOptions {
  /** Longest line, its ending not counted: the most that a peer can make us hold. Bytes, default 65536. */
  readonly maxLineBytes?: number | undefined
  /** Default `any`. */
  readonly ending?: LineEnding | undefined
}

/**
 * Lines, without their endings. After `end()` bytes without an ending are the last line, as everywhere in Unix; with
 * `crlf` they are `framing/truncated`.
 */
export class LineReader implements MessageReader {
  readonly #queue = new ByteQueue()
  readonly #maxLineBytes: number
  readonly #ending: LineEnding
  /** How many bytes of the next line were searched already. */
  #scanned = 0
  #ended = false

  constructor(options: LineOptions = {}) {
    const { maxLineBytes = 65536, ending = 'any' } = options
    if (ending !== 'any' && ending !== 'lf' && ending !== 'crlf') {
      throw new TypeError(`ending must be any, lf or crlf, got ${quoted(ending)}`)
    }
    this.#maxLineBytes = messageLimit('maxLineBytes', maxLineBytes, 0x7fff_ffff)
    this.#ending = ending
  }

  get surplus(): Uint8Array {
    return this.#queue.rest()
  }

  push(bytes: Uint8Array): void {
    if (this.#ended) throw new TypeError('push() after end()')
    this.#queue.push(bytes)
  }

  end(): void {
    this.#ended = true
  }

  next(): Uint8Array | undefined {
    const queue = this.#queue
    const lf = queue.indexOf(LF, this.#scanned)
    const end = lf < 0 ? queue.length : lf
    // Without its LF yet, a CR may be half of the ending.
    const cr = end > 0 && this.#ending !== 'lf' && queue.peek(end - 1) === CR && (lf >= 0 || !this.#ended)
    const length = cr ? end - 1 : end
    if (length > this.#maxLineBytes) {
      throw framingError('framing/too-long', `a line has more than ${this.#maxLineBytes} bytes`)
    }
    if (this.#ending === 'crlf') this.#refuseLoneEndings(length, lf >= 0 && !cr)
    if (lf >= 0) return this.#take(length, lf + 1 - length)
    this.#scanned = length
    if (!this.#ended || end === 0) return undefined
    if (this.#ending === 'crlf') throw framingError('framing/truncated', `the peer finished ${end} bytes into a line`)
    return this.#take(length, 0)
  }

  #take(length: number, endingBytes: number): Uint8Array {
    const line = this.#queue.take(length)
    this.#queue.take(endingBytes)
    this.#scanned = 0
    return line
  }

  #refuseLoneEndings(length: number, loneLf: boolean): void {
    const cr = this.#queue.indexOf(CR, this.#scanned)
    if (cr >= 0 && cr < length)
      throw framingError('framing/bad-line-ending', `CR without an LF, ${cr} bytes into a line`)
    if (loneLf) throw framingError('framing/bad-line-ending', `LF without a CR, ${length} bytes into a line`)
  }
}
