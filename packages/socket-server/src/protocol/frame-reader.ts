import { quoted } from '@plainwire/socket-utils/errors'
import { ByteQueue } from './byte-queue.ts'
import { framingError, messageLimit, type MessageReader } from './framing.ts'

/** How frames are delimited. RangeError for a maximum that the length field cannot hold. */
export interface FrameOptions {
  /** How many bytes the length in front of each frame takes. */
  readonly lengthBytes: 1 | 2 | 4
  /** Order of those bytes. Default `big`, network byte order. */
  readonly byteOrder?: 'big' | 'little' | undefined
  /** Longest frame, its length field not counted: the most that a peer can make us hold. Bytes, default 65535. */
  readonly maxFrameBytes?: number | undefined
}

type Layout = Required<{ readonly [Key in keyof FrameOptions]: Exclude<FrameOptions[Key], undefined> }>

type State = { readonly name: 'length' } | { readonly name: 'content'; readonly length: number }

/** Frames of any bytes, each behind its length; the length counts the content alone. An empty frame is a message, too. */
export class FrameReader implements MessageReader {
  readonly #queue = new ByteQueue()
  readonly #layout: Layout
  #state: State = { name: 'length' }
  #ended = false

  constructor(options: FrameOptions) {
    this.#layout = layoutOf(options)
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
    const { lengthBytes, byteOrder, maxFrameBytes } = this.#layout
    for (;;) {
      const state = this.#state
      switch (state.name) {
        case 'length': {
          if (this.#queue.length < lengthBytes) return this.#waiting(lengthBytes, 'length field', 0)
          // Looked at and not taken: a length that is too long stays to be refused again.
          const length = decodeLength(this.#queue.rest().subarray(0, lengthBytes), byteOrder)
          if (length > maxFrameBytes) {
            throw framingError('framing/too-long', `a frame of ${length} bytes, and ${maxFrameBytes} are the most`)
          }
          this.#queue.take(lengthBytes)
          this.#state = { name: 'content', length }
          break
        }
        case 'content':
          if (this.#queue.length < state.length) return this.#waiting(state.length, 'frame')
          this.#state = { name: 'length' }
          return this.#queue.take(state.length)
      }
    }
  }

  /** Undefined while more may come; `idle` is how many bytes the peer may leave behind when it finishes. */
  #waiting(needed: number, what: string, idle?: number): undefined {
    const { length } = this.#queue
    if (!this.#ended || length === idle) return undefined
    throw framingError('framing/truncated', `the peer finished ${length} bytes into a ${what} of ${needed}`)
  }
}

/** The frame for `content`: its length, then itself. RangeError if the length does not fit, or is beyond the limit. */
export function encodeFrame(content: Uint8Array, options: FrameOptions): Uint8Array<ArrayBuffer> {
  const { lengthBytes, byteOrder, maxFrameBytes } = layoutOf(options)
  if (content.length > maxFrameBytes) {
    throw new RangeError(`a frame must have at most ${maxFrameBytes} bytes, got ${content.length}`)
  }
  const frame = new Uint8Array(lengthBytes + content.length)
  for (let index = 0; index < lengthBytes; index++) {
    const significance = byteOrder === 'big' ? lengthBytes - 1 - index : index
    frame[index] = content.length >>> (8 * significance)
  }
  frame.set(content, lengthBytes)
  return frame
}

function decodeLength(bytes: Uint8Array, byteOrder: 'big' | 'little'): number {
  const inOrder = byteOrder === 'big' ? bytes : bytes.toReversed()
  // Not with shifts: four bytes may hold more than a signed number of 32 bits.
  return inOrder.reduce((length, byte) => length * 256 + byte, 0)
}

function layoutOf(options: FrameOptions): Layout {
  const { lengthBytes, byteOrder = 'big' } = options
  if (lengthBytes !== 1 && lengthBytes !== 2 && lengthBytes !== 4) {
    throw new RangeError(`lengthBytes must be 1, 2 or 4, got ${quoted(lengthBytes)}`)
  }
  if (byteOrder !== 'big' && byteOrder !== 'little') {
    throw new TypeError(`byteOrder must be big or little, got ${quoted(byteOrder)}`)
  }
  const most = 2 ** (8 * lengthBytes) - 1
  const maxFrameBytes = messageLimit('maxFrameBytes', options.maxFrameBytes ?? Math.min(most, 65535), most)
  return { lengthBytes, byteOrder, maxFrameBytes }
}
