import { quoted } from '@plainwire/socket-utils/errors'

export interface BodySource {
  /** The next piece of content, or undefined at its end. */
  next(): Promise<Uint8Array | undefined>
  /** Nobody will ask again: at the end, after an error, and when a loop was left early. */
  close(): void
}

/**
 * The content of a message, transfer coding taken off. It is read from the network as it is asked for, so a slow reader
 * slows the sender down; and it can be read once: a second time is a TypeError.
 */
export class MessageBody implements AsyncIterable<Uint8Array> {
  readonly #source: BodySource
  readonly #contentType: string
  #read = false

  constructor(source: BodySource, contentType = '') {
    this.#source = source
    this.#contentType = contentType
  }

  /** Pieces as they arrived; their borders mean nothing. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#read) throw new TypeError('the body was read already')
    this.#read = true
    try {
      for (let bytes = await this.#source.next(); bytes !== undefined; bytes = await this.#source.next()) yield bytes
    } finally {
      this.#source.close()
    }
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = []
    let length = 0
    for await (const piece of this) {
      pieces.push(piece)
      length += piece.length
    }
    const whole = new Uint8Array(length)
    let at = 0
    for (const piece of pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    return whole
  }

  /** In the charset that Content-Type names, where the platform knows it, else in UTF-8. */
  async text(): Promise<string> {
    return decoderFor(this.#contentType).decode(await this.bytes())
  }

  /** UTF-8, RFC 8259 §8.1. SyntaxError for what is no JSON. */
  async json(): Promise<unknown> {
    const text = new TextDecoder().decode(await this.bytes())
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw new SyntaxError(`the body is no JSON: ${quoted(text)}`, { cause })
    }
  }
}

function decoderFor(contentType: string): TextDecoder {
  const charset = /;[ \t]*charset="?([^\s";,]+)/i.exec(contentType)?.[1]
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}
