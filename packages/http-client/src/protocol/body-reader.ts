// The content of one message, and the trailers after it. The chunked states are RFC 9112 §7.1's own steps; the CRLF
// after a chunk is a state and is looked at: skipping two bytes there was a smuggling hole in more than one parser.

import { quoted } from '@plainwire/socket-utils/errors'
import type { BodyFraming } from './body-framing.ts'
import { ChunkLine } from './chunk-line.ts'
import { HeaderList } from './headers.ts'
import type { Latin1Decoder } from './latin1.ts'
import type { Repairs, Warning } from './leniency.ts'
import type { ParserLimits } from './limits.ts'
import { CR, LF } from './line-ending.ts'
import { SectionReader } from './section-reader.ts'
import { violation } from './violation.ts'
import type { Window } from './window.ts'

/** After the head: content in pieces whose borders mean nothing, then the end with the trailers. */
export type BodyEvent =
  | {
      readonly type: 'content'
      readonly bytes: Uint8Array
      /** The line before a chunk as it came, CRLF included, at its first piece; with the option `chunkLines` alone. */
      readonly chunkLine?: string
    }
  | {
      readonly type: 'end'
      readonly trailers: HeaderList
      /** Repairs since the head. */
      readonly warnings: readonly Warning[]
      /** The line of the last chunk, as above. */
      readonly chunkLine?: string
    }

type State =
  | { readonly name: 'sized'; readonly remaining: number }
  | { readonly name: 'until-close' }
  | { readonly name: 'chunk-line' }
  | { readonly name: 'chunk-data'; readonly remaining: number }
  | { readonly name: 'chunk-end' }
  | { readonly name: 'trailers'; readonly section: SectionReader }

export interface BodyReaderOptions {
  readonly limits: Required<ParserLimits>
  readonly repairs: Repairs
  readonly decode: Latin1Decoder
  readonly chunkLines: boolean
}

/** Fields that would say, after the content, where it ended or whose it was: RFC 9110 §6.5.1. */
const NOT_IN_TRAILERS = ['content-length', 'transfer-encoding', 'trailer', 'host', 'connection']

const EMPTY: State = { name: 'sized', remaining: 0 }
const UNTIL_CLOSE: State = { name: 'until-close' }
const CHUNK_LINE: State = { name: 'chunk-line' }
const CHUNK_END: State = { name: 'chunk-end' }
const NO_TRAILERS = new HeaderList()

export class BodyReader {
  /** After 'content': that many bytes, up to the window's start. */
  contentLength = 0
  /** After 'end'. */
  trailers = NO_TRAILERS
  /** After 'content' and 'end', where `chunkLines` is chosen: the line that came right before. */
  chunkLine: string | undefined
  readonly #options: BodyReaderOptions
  readonly #line: ChunkLine
  #state: State = EMPTY

  constructor(options: BodyReaderOptions) {
    this.#options = options
    this.#line = new ChunkLine(options.limits.maxChunkExtensionBytes, options.chunkLines)
  }

  begin(framing: BodyFraming): void {
    this.trailers = NO_TRAILERS
    this.chunkLine = undefined
    this.#state = this.#firstState(framing)
  }

  /** A piece of content, or the end; undefined until more bytes arrive. Not to be asked again after the end. */
  advance(window: Window): 'content' | 'end' | undefined {
    for (;;) {
      const state = this.#state
      switch (state.name) {
        case 'sized': {
          if (state.remaining === 0) return 'end'
          if (!this.#takeContent(window, state.remaining)) return undefined
          const remaining = state.remaining - this.contentLength
          this.#state = remaining === 0 ? EMPTY : { name: 'sized', remaining }
          return 'content'
        }
        case 'until-close': {
          if (this.#takeContent(window, Infinity)) return 'content'
          return window.ended ? 'end' : undefined
        }
        case 'chunk-line': {
          const line = this.#line
          if (!line.read(window, this.#options.repairs)) return undefined
          this.#state = line.size === 0 ? this.#trailerState(window.line) : { name: 'chunk-data', remaining: line.size }
          this.chunkLine = line.text
          break
        }
        case 'chunk-data': {
          if (!this.#takeContent(window, state.remaining)) return undefined
          if (state.remaining < this.#line.size) this.chunkLine = undefined
          const remaining = state.remaining - this.contentLength
          this.#state = remaining === 0 ? CHUNK_END : { name: 'chunk-data', remaining }
          return 'content'
        }
        case 'chunk-end': {
          if (!takeCrlf(window)) return undefined
          this.#line.next()
          this.#state = CHUNK_LINE
          break
        }
        case 'trailers': {
          const { section } = state
          if (!section.read(window)) return undefined
          this.trailers = section.take(window, section.text(window, this.#options.decode))
          refuseFraming(this.trailers)
          return 'end'
        }
      }
    }
  }

  /** The peer has finished in the middle of the body: a line that has no end may still have a fault. */
  finish(window: Window): void {
    if (this.#state.name === 'trailers') this.#state.section.finish(window)
  }

  #firstState(framing: BodyFraming): State {
    switch (framing.kind) {
      case 'none':
      case 'tunnel':
        return EMPTY
      case 'close':
        return UNTIL_CLOSE
      case 'length':
        return { name: 'sized', remaining: framing.length }
      case 'chunked':
        this.#line.begin()
        return CHUNK_LINE
    }
  }

  #trailerState(line: number): State {
    const { limits, repairs } = this.#options
    const { maxTrailerBytes, maxLineBytes, maxHeaders } = limits
    const own = {
      maxBytes: maxTrailerBytes,
      maxLineBytes,
      maxFields: maxHeaders,
      tooLarge: 'http/trailers-too-large',
    } as const
    return { name: 'trailers', section: new SectionReader(own, repairs, undefined, line) }
  }

  #takeContent(window: Window, most: number): boolean {
    const length = Math.min(most, window.length)
    window.start += length
    this.contentLength = length
    return length > 0
  }
}

/** After a chunk's data nothing but CRLF may come, and it must: true when it has. */
function takeCrlf(window: Window): boolean {
  const { bytes, start, end } = window
  if (start < end && bytes[start] !== CR) throw notCrlf(window, start)
  if (start + 1 >= end) return false
  if (bytes[start + 1] !== LF) throw notCrlf(window, start + 1)
  window.start += 2
  window.line++
  return true
}

function notCrlf(window: Window, at: number): Error {
  const byte = (window.bytes[at] as number).toString(16).padStart(2, '0')
  return window.violation('http/bad-chunk', `byte 0x${byte} instead of CRLF after a chunk`, at)
}

function refuseFraming(trailers: HeaderList): void {
  for (const name of NOT_IN_TRAILERS) {
    const index = trailers.indexOf(name)
    if (index === -1) continue
    throw violation('http/bad-trailer', `trailer ${quoted(name)} is not allowed`, trailers.placeOf(index))
  }
}
