// Content codings, RFC 9110 §8.4.1, undone by the platform. Loaded when first asked for.

import { pipeline, Readable, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import { NetworkError, ProtocolError, quoted } from '@plainwire/socket-utils/errors'
import type { BodySource } from './message-body.ts'
import { listMembers } from './protocol/grammar.ts'
import { violation } from './protocol/violation.ts'

/** A server that applies one after the other does it for no good reason; many would make of a few bytes any number. */
const MOST_CODINGS = 3

/** A Node without it, before 22.15, does not ask for it. */
const zstd = 'createZstdDecompress' in zlib ? zlib.createZstdDecompress : undefined

const DECODERS: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  br: () => zlib.createBrotliDecompress(),
  ...(zstd && { zstd: () => zstd() }),
}

/** The value of Accept-Encoding: what this platform undoes. */
export const acceptEncoding: string = ['gzip', 'deflate', 'br', ...(zstd ? ['zstd'] : [])].join(', ')

export interface DecodingOptions {
  readonly operation: string
  /** Of content, decoded: a few bytes can be coded to mean any number. */
  readonly maxBytes: number
}

/**
 * The content behind the codings, or the source itself where there are none. NetworkError `unsupported` for a coding that
 * was not asked for; reading gives ProtocolError `http/bad-content-encoding` or `http/body-too-large`.
 */
export function decoded(source: BodySource, contentEncoding: string | undefined, options: DecodingOptions): BodySource {
  const codings = listMembers(contentEncoding ?? '').filter((coding) => coding !== '' && coding !== 'identity')
  if (codings.length === 0) return source
  const unknown = codings.find((coding) => coding !== 'deflate' && DECODERS[coding] === undefined)
  if (unknown !== undefined || codings.length > MOST_CODINGS) {
    const what = `content coding ${quoted(contentEncoding)}, which was not asked for`
    throw new NetworkError('unsupported', `${options.operation}: ${what}`)
  }
  return new DecodedContent(source, codings.toReversed(), options)
}

class DecodedContent implements BodySource {
  readonly #source: BodySource
  readonly #codings: readonly string[]
  readonly #options: DecodingOptions
  #pieces: AsyncIterator<Uint8Array> | undefined
  #decoder: Readable | undefined
  #bytes = 0
  /** What the source threw, if that is why it ended. */
  #failure: unknown

  constructor(source: BodySource, codings: readonly string[], options: DecodingOptions) {
    this.#source = source
    this.#codings = codings
    this.#options = options
  }

  async next(): Promise<Uint8Array | undefined> {
    try {
      this.#pieces ??= await this.#start()
      const { done, value } = await this.#pieces.next()
      if (done) return undefined
      this.#bytes += value.length
      this.#refuseTooMuch()
      return value
    } catch (error) {
      throw this.#reasonOf(error)
    }
  }

  close(): void {
    this.#decoder?.destroy()
    this.#source.close()
  }

  async #start(): Promise<AsyncIterator<Uint8Array>> {
    const first = await this.#fromSource()
    // A HEAD, a 204, or an empty page: nothing is coded.
    if (first === undefined) return this.#after(undefined)
    const coded = Readable.from(this.#after(first), { objectMode: false })
    const decoders = this.#codings.map((coding, at) =>
      (DECODERS[coding] ?? (() => inflater(at === 0 ? first : undefined)))(),
    )
    const last = decoders.at(-1)
    this.#decoder = last
    pipeline([coded, ...decoders], () => {}) // each error reaches whoever reads the last one
    return (last ?? coded)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  }

  async *#after(first: Uint8Array | undefined): AsyncGenerator<Uint8Array> {
    for (let piece = first; piece; piece = await this.#fromSource()) yield piece
  }

  async #fromSource(): Promise<Uint8Array | undefined> {
    try {
      return await this.#source.next()
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  #refuseTooMuch(): void {
    const { operation, maxBytes } = this.#options
    if (this.#bytes <= maxBytes) return
    this.#failure = violation('http/body-too-large', `${operation}: decoded body of more than ${maxBytes} bytes`, 0)
    throw this.#failure
  }

  #reasonOf(error: unknown): unknown {
    if (this.#failure !== undefined) return this.#failure
    const what = `bad ${this.#codings.toReversed().join(', ')} content`
    const why = error instanceof Error ? error.message : quoted(error)
    return new ProtocolError('http/bad-content-encoding', `${this.#options.operation}: ${what}: ${why}`, {
      cause: error,
    })
  }
}

/** RFC 9110 §8.4.1.2: some servers leave the zlib header away, which its first two bytes tell. */
function inflater(first: Uint8Array | undefined): Transform {
  const [method = 0x78, flags = 0x9c] = first ?? []
  const hasHeader = (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0
  return hasHeader ? zlib.createInflate() : zlib.createInflateRaw()
}
