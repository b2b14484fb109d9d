// The content of one message, and the trailers after it. The chunked states are RFC 9112 §7.1's own steps; the CRLF
// after a chunk is a state and is looked at: skipping two bytes there was a smuggling hole in more than one parser.

import { quoted } from '@plainwire/socket-utils/errors'
import type { BodyFraming } from './body-framing.ts'
import { parseChunkLine } from './chunk-line.ts'
import { HeadLines, type ParserLimits } from './head-lines.ts'
import { HeaderSection } from './header-section.ts'
import { HeaderList } from './headers.ts'
import type { LineBuffer } from './line-buffer.ts'
import { violation } from './violation.ts'

export type BodyEvent =
  | { readonly type: 'content'; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly trailers: HeaderList }

type State =
  | { readonly name: 'sized'; readonly remaining: number }
  | { readonly name: 'until-close' }
  | { readonly name: 'chunk-size' }
  | { readonly name: 'chunk-data'; readonly remaining: number }
  | { readonly name: 'chunk-end' }
  | { readonly name: 'trailers'; readonly section: HeaderSection }

const FIRST_STATES: Readonly<Record<Exclude<BodyFraming['kind'], 'length'>, State>> = {
  none: { name: 'sized', remaining: 0 },
  tunnel: { name: 'sized', remaining: 0 },
  chunked: { name: 'chunk-size' },
  close: { name: 'until-close' },
}

/** Fields that would say, after the content, where it ended or whose it was: RFC 9110 §6.5.1. */
const NOT_IN_TRAILERS = ['content-length', 'transfer-encoding', 'trailer', 'host', 'connection']

export class BodyReader {
  readonly #limits: Required<ParserLimits>
  #state: State

  constructor(framing: BodyFraming, limits: Required<ParserLimits>) {
    this.#limits = limits
    this.#state = firstState(framing)
  }

  /** A piece of content, or the end; undefined until more bytes arrive. Not to be asked again after the end. */
  next(buffer: LineBuffer): BodyEvent | undefined {
    for (;;) {
      const state = this.#state
      switch (state.name) {
        case 'sized': {
          if (state.remaining === 0) return { type: 'end', trailers: new HeaderList() }
          const bytes = buffer.takeUpTo(state.remaining)
          if (bytes === undefined) return undefined
          this.#state = { name: 'sized', remaining: state.remaining - bytes.length }
          return { type: 'content', bytes }
        }
        case 'until-close': {
          const bytes = buffer.takeUpTo(Infinity)
          if (bytes !== undefined) return { type: 'content', bytes }
          return buffer.ended ? { type: 'end', trailers: new HeaderList() } : undefined
        }
        case 'chunk-size': {
          const offset = buffer.offset
          const line = buffer.takeLine(this.#limits.maxLineBytes, 'http/line-too-long')
          if (line === undefined) return undefined
          const size = parseChunkLine(line, offset)
          this.#state =
            size > 0
              ? { name: 'chunk-data', remaining: size }
              : { name: 'trailers', section: new HeaderSection(new HeadLines(this.#limits)) }
          break
        }
        case 'chunk-data': {
          const bytes = buffer.takeUpTo(state.remaining)
          if (bytes === undefined) return undefined
          const remaining = state.remaining - bytes.length
          this.#state = remaining > 0 ? { name: 'chunk-data', remaining } : { name: 'chunk-end' }
          return { type: 'content', bytes }
        }
        case 'chunk-end': {
          if (!buffer.takeCrlf('http/bad-chunk', 'after a chunk')) return undefined
          this.#state = { name: 'chunk-size' }
          break
        }
        case 'trailers': {
          const trailers = state.section.next(buffer)
          if (trailers === undefined) return undefined
          refuseFraming(trailers, buffer.offset)
          return { type: 'end', trailers }
        }
      }
    }
  }
}

function firstState(framing: BodyFraming): State {
  return framing.kind === 'length' ? { name: 'sized', remaining: framing.length } : FIRST_STATES[framing.kind]
}

function refuseFraming(trailers: HeaderList, offset: number): void {
  const name = NOT_IN_TRAILERS.find((name) => trailers.has(name))
  if (name !== undefined) throw violation('http/bad-trailer', `trailer ${quoted(name)} is not allowed`, offset)
}
