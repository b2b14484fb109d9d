// What requests and responses share: a start line, headers, a body, and then the next message on the same connection.
// Strategy: bytes only enter a buffer in push(); next() takes complete lines or a slice out of it, or says undefined.

import type { BodyFraming } from './body-framing.ts'
import { BodyReader, type BodyEvent } from './body-reader.ts'
import { HeadLines, withDefaults, type ParserLimits } from './head-lines.ts'
import { HeaderSection } from './header-section.ts'
import type { HeaderList } from './headers.ts'
import { LineBuffer } from './line-buffer.ts'
import { violation } from './violation.ts'

type State<StartLine> =
  /** `awaited`: an informational response came, so a final one must. */
  | { readonly name: 'start-line'; readonly lines: HeadLines; readonly awaited: boolean }
  | { readonly name: 'headers'; readonly startLine: StartLine; readonly section: HeaderSection }
  | { readonly name: 'body'; readonly reader: BodyReader; readonly persists: boolean }
  | { readonly name: 'finished' }
  | { readonly name: 'failed'; readonly error: unknown }

/** What follows a head: its body, or another head after an informational one. */
export type AfterHead =
  | { readonly type: 'body'; readonly framing: BodyFraming; readonly persists: boolean }
  | { readonly type: 'another-head' }

/** The base of ResponseParser and RequestParser; not made to be extended elsewhere. */
export abstract class MessageParser<StartLine, HeadEvent> {
  readonly #limits: Required<ParserLimits>
  readonly #buffer = new LineBuffer()
  #state: State<StartLine>
  /** An event that end() came upon while it looked whether the peer had finished. */
  #ahead: HeadEvent | BodyEvent | undefined

  constructor(limits: ParserLimits) {
    this.#limits = withDefaults(limits)
    this.#state = { name: 'start-line', lines: new HeadLines(this.#limits), awaited: false }
  }

  /**
   * Takes what the peer sent, in any cut. Nothing is copied that need not be: `bytes` is kept until it has been read, and
   * content events are views of it, so it must not be written to again.
   */
  push(bytes: Uint8Array): void {
    this.#buffer.push(bytes)
  }

  /**
   * The next event, or undefined until more bytes are pushed. ProtocolError when the peer broke HTTP, then again at
   * every later call: where the next message would begin cannot be known any more.
   */
  next(): HeadEvent | BodyEvent | undefined {
    const event = this.#ahead ?? this.#advance()
    this.#ahead = undefined
    return event
  }

  /**
   * The peer has finished sending. ProtocolError `http/truncated` when it stopped in the middle of a message; events that
   * were not asked for yet, such as the end of a body that lasts until close, still come from `next()`.
   */
  end(): void {
    if (this.#buffer.ended) return
    this.#buffer.end()
    this.#ahead = this.#advance()
  }

  /**
   * What came after the last complete message: the first bytes of an upgraded connection or a tunnel, or what a peer sent
   * although its message was the last. Empty in the middle of a message.
   */
  get surplus(): Uint8Array {
    const state = this.#state
    const between = state.name === 'finished' || (state.name === 'start-line' && !state.awaited)
    return between ? this.#buffer.rest() : new Uint8Array(0)
  }

  /** Refuses a first line that can no longer become right, before its end has come. */
  protected abstract checkStart(buffer: LineBuffer): void

  /** Undefined for a line to ignore. */
  protected abstract parseStartLine(line: string, offset: number): StartLine | undefined

  protected abstract completeHead(
    startLine: StartLine,
    headers: HeaderList,
    offset: number,
  ): { readonly event: HeadEvent; readonly after: AfterHead }

  #advance(): HeadEvent | BodyEvent | undefined {
    try {
      const event = this.#step()
      if (event === undefined && this.#buffer.ended) this.#refuseTruncation()
      return event
    } catch (error) {
      this.#state = { name: 'failed', error }
      throw error
    }
  }

  #step(): HeadEvent | BodyEvent | undefined {
    for (;;) {
      const state = this.#state
      switch (state.name) {
        case 'start-line': {
          this.checkStart(this.#buffer)
          const offset = this.#buffer.offset
          const line = state.lines.take(this.#buffer)
          if (line === undefined) return undefined
          const startLine = this.parseStartLine(line, offset)
          if (startLine === undefined) break
          this.#state = { name: 'headers', startLine, section: new HeaderSection(state.lines) }
          break
        }
        case 'headers': {
          const headers = state.section.next(this.#buffer)
          if (headers === undefined) return undefined
          const { event, after } = this.completeHead(state.startLine, headers, this.#buffer.offset)
          this.#state = this.#stateAfter(after)
          return event
        }
        case 'body': {
          const event = state.reader.next(this.#buffer)
          if (event?.type === 'end') this.#state = state.persists ? this.#startLine(false) : { name: 'finished' }
          return event
        }
        case 'finished':
          return undefined
        case 'failed':
          throw state.error
      }
    }
  }

  #stateAfter(after: AfterHead): State<StartLine> {
    if (after.type === 'another-head') return this.#startLine(true)
    const persists = after.persists && after.framing.kind !== 'tunnel' && after.framing.kind !== 'close'
    return { name: 'body', reader: new BodyReader(after.framing, this.#limits), persists }
  }

  #startLine(awaited: boolean): State<StartLine> {
    return { name: 'start-line', lines: new HeadLines(this.#limits), awaited }
  }

  #refuseTruncation(): void {
    const state = this.#state
    if (state.name === 'finished') return
    if (state.name === 'start-line' && !state.awaited && this.#buffer.length === 0) return
    const where = state.name === 'body' ? 'body' : 'head'
    const end = this.#buffer.offset + this.#buffer.length
    throw violation('http/truncated', `connection closed in the middle of the ${where}`, end)
  }
}
