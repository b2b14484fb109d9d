// Events back to bytes: what a parser made of a connection, for whoever sends it on.

import { quoted } from '@plainwire/socket-utils/errors'
import type { BodyEvent } from './body-reader.ts'
import { CRLF, concatenated, encodeChunk, encodeLastChunk } from './chunk-encoder.ts'
import { ChunkLine } from './chunk-line.ts'
import { encodeFieldLines, encodeRequest, encodeResponse } from './head-encoder.ts'
import { latin1Bytes } from './latin1.ts'
import { Repairs } from './leniency.ts'
import type { RequestEvent } from './request-parser.ts'
import type { ResponseEvent } from './response-parser.ts'
import { Window } from './window.ts'

type State =
  | { readonly name: 'not-chunked' }
  | { readonly name: 'between-chunks' }
  /** `remaining`: bytes that its line has promised. */
  | { readonly name: 'in-chunk'; readonly remaining: number }

/**
 * Gives the bytes of each event. From a strict parser with the option `chunkLines` they are the very bytes that it read,
 * but for empty lines before a request, which are no part of it (RFC 9112 §2.2); without that option chunks are made anew.
 * RangeError or TypeError for events that no parser could have given, where they would split a message.
 */
export class MessageEncoder {
  #state: State = { name: 'not-chunked' }

  encode(event: RequestEvent | ResponseEvent): Uint8Array<ArrayBuffer> {
    switch (event.type) {
      case 'informational':
        return encodeResponse(event.head)
      case 'head': {
        const { head, framing } = event
        this.#state = { name: framing.kind === 'chunked' ? 'between-chunks' : 'not-chunked' }
        return 'method' in head ? encodeRequest(head) : encodeResponse(head)
      }
      case 'content':
        return this.#content(event)
      case 'end':
        return this.#end(event)
    }
  }

  #content({ bytes, chunkLine }: Extract<BodyEvent, { type: 'content' }>): Uint8Array<ArrayBuffer> {
    const state = this.#state
    if (chunkLine !== undefined) {
      const end = this.#endOfChunk()
      this.#state = { name: 'in-chunk', remaining: chunkSize(chunkLine) - bytes.length }
      return concatenated(end, latin1Bytes(chunkLine), bytes)
    }
    if (state.name === 'between-chunks') return encodeChunk(bytes)
    if (state.name === 'in-chunk') this.#state = { name: 'in-chunk', remaining: state.remaining - bytes.length }
    return Uint8Array.from(bytes)
  }

  #end({ trailers, chunkLine }: Extract<BodyEvent, { type: 'end' }>): Uint8Array<ArrayBuffer> {
    const isChunked = this.#state.name !== 'not-chunked'
    const end = this.#endOfChunk()
    this.#state = { name: 'not-chunked' }
    if (!isChunked) return new Uint8Array(0)
    if (chunkLine === undefined) return concatenated(end, encodeLastChunk(trailers))
    if (chunkSize(chunkLine) !== 0) throw new RangeError(`the last chunk must be empty, got ${quoted(chunkLine)}`)
    return concatenated(end, latin1Bytes(`${chunkLine}${encodeFieldLines(trailers)}\r\n`))
  }

  #endOfChunk(): Uint8Array {
    const state = this.#state
    if (state.name !== 'in-chunk') return NOTHING
    if (state.remaining !== 0) throw new RangeError(`a chunk lacks ${state.remaining} bytes of what its line said`)
    return CRLF
  }
}

const NOTHING: Uint8Array = new Uint8Array(0)
const STRICT = new Repairs(new Set())

function chunkSize(chunkLine: string): number {
  const window = new Window()
  window.push(latin1Bytes(chunkLine))
  const line = new ChunkLine(Infinity, false)
  if (!line.read(window, STRICT) || window.length > 0) {
    throw new TypeError(`not one chunk-size line: ${quoted(chunkLine)}`)
  }
  return line.size
}
