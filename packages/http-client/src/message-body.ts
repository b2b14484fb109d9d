import { quoted } from '@plainwire/socket-utils/errors'
import type { HeaderList } from './protocol/headers.ts'

/** What is here already, or a promise of it: a promise for each of many small pieces would cost more than they do. */
export type Soon<T> = T | Promise<T>

export interface BodySource {
  /** The next piece of content, or undefined at its end. */
  next(): Soon<Uint8Array | undefined>
  /** Nobody will ask again: at the end, after an error, and when a loop was left early. */
  close(): void
  /** The whole content at once to somebody who never has to wait; in pieces that last for the call alone. */
  forEach?(consume: (piece: Uint8Array) => void): Soon<void>
  /** How long it will be, where that is known. */
  readonly announcedBytes?: number | undefined
}

/** What is set aside for a body before any of it has come. A longer one is put together from its pieces. */
const MOST_SET_ASIDE = 64 << 20

const UTF_8 = new TextDecoder()

/**
 * The content of a message, transfer coding taken off. It is read from the network as it is asked for, so a slow reader
 * slows the sender down; and it can be read once: a second time is a TypeError.
 */
export class MessageBody implements AsyncIterable<Uint8Array> {
  readonly #source: BodySource
  readonly #headers: HeaderList
  #read = false

  constructor(source: BodySource, headers: HeaderList) {
    this.#source = source
    this.#headers = headers
  }

  /** Pieces as they arrived; their borders mean nothing. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    this.#begin()
    try {
      for (let bytes = await this.#source.next(); bytes !== undefined; bytes = await this.#source.next()) yield bytes
    } finally {
      this.#source.close()
    }
  }

  /** The same as a web stream. Cancelling it closes the connection. */
  stream(): ReadableStream<Uint8Array> {
    this.#begin()
    const source = this.#source
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          let bytes: Uint8Array | undefined
          try {
            bytes = await source.next()
          } finally {
            if (bytes === undefined) source.close()
          }
          if (bytes === undefined) controller.close()
          else controller.enqueue(bytes)
        },
        cancel: () => source.close(),
      },
      { highWaterMark: 0 }, // or it would read a piece that nobody may ask for
    )
  }

  /**
   * Hands every piece to `consume` as it is read, which is the fastest way through a long body: a piece is a view of
   * a buffer that the next one overwrites, so copy what must outlive the call. What `consume` throws ends it.
   */
  async forEach(consume: (piece: Uint8Array) => void): Promise<void> {
    this.#begin()
    try {
      await this.#each(consume)
    } finally {
      this.#source.close()
    }
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    this.#begin()
    const { announcedBytes = 0 } = this.#source
    const whole = new Uint8Array(announcedBytes <= MOST_SET_ASIDE ? announcedBytes : 0)
    const beyond: Uint8Array[] = []
    let filled = 0
    const take = (piece: Uint8Array): void => {
      if (beyond.length > 0 || filled + piece.length > whole.length) {
        beyond.push(new Uint8Array(piece))
      } else {
        whole.set(piece, filled)
        filled += piece.length
      }
    }
    try {
      const rest = this.#each(take)
      if (rest) await rest
    } finally {
      this.#source.close()
    }
    return beyond.length === 0 && filled === whole.length ? whole : joined([whole.subarray(0, filled), ...beyond])
  }

  /** In the charset that Content-Type names, where the platform knows it, else in UTF-8. */
  async text(): Promise<string> {
    return decoderFor(this.#headers.get('content-type') ?? '').decode(await this.bytes())
  }

  /** UTF-8, RFC 8259 §8.1. SyntaxError for what is no JSON. */
  async json(): Promise<unknown> {
    const text = UTF_8.decode(await this.bytes())
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw new SyntaxError(`the body is no JSON: ${quoted(text)}`, { cause })
    }
  }

  #each(consume: (piece: Uint8Array) => void): Soon<void> {
    return this.#source.forEach ? this.#source.forEach(consume) : this.#eachAwaited(consume)
  }

  async #eachAwaited(consume: (piece: Uint8Array) => void): Promise<void> {
    const source = this.#source
    for (let piece = await source.next(); piece !== undefined; piece = await source.next()) consume(piece)
  }

  #begin(): void {
    if (this.#read) throw new TypeError('the body was read already')
    this.#read = true
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function decoderFor(contentType: string): TextDecoder {
  const charset = /;[ \t]*charset="?([^\s";,]+)/i.exec(contentType)?.[1]
  if (charset === undefined) return UTF_8
  try {
    return new TextDecoder(charset)
  } catch {
    return UTF_8
  }
}
