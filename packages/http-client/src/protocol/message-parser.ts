// What requests and responses share: a start line, headers, a body, and then the next message on the same connection.
// Strategy: bytes only enter the window in push(); advance() takes a head or a slice of content out of it, or says
// undefined. One machine, two forms: next() wraps each step of advance() in an object.

import type { BodyFraming } from './body-framing.ts'
import { BodyReader, type BodyEvent } from './body-reader.ts'
import type { HeaderList } from './headers.ts'
import { latin1Text, type Latin1Decoder } from './latin1.ts'
import type { LeniencyOptions, Repairs, Warning } from './leniency.ts'
import { withDefaults, type ParserLimits } from './limits.ts'
import { SectionReader, type StartLine } from './section-reader.ts'
import { Window } from './window.ts'

export interface ParserOptions extends ParserLimits, LeniencyOptions {
  /** Makes text of bytes, one character each. Default: in pure JavaScript; the platform may have a faster one. */
  readonly decode?: Latin1Decoder
  /** Keeps the line before each chunk, for whoever must send the same bytes on. Default false. */
  readonly chunkLines?: boolean
  /** Takes a message without a version for one of HTTP/0.9. Default false. */
  readonly http09?: boolean
}

/** What a step has read. */
export type Step = 'informational' | 'head' | 'content' | 'end'

/** A head, and what follows it: its body, or another head after an informational one. */
export interface CompleteHead<Head> {
  readonly head: Head
  readonly framing: BodyFraming
  /** Whether another message may come after the body. */
  readonly persists: boolean
  readonly isInformational: boolean
}

type State =
  /** `awaited`: an informational response came, so a final one must. */
  | { readonly name: 'head'; readonly awaited: boolean }
  | { readonly name: 'body'; readonly persists: boolean }
  | { readonly name: 'finished' }
  | { readonly name: 'failed'; readonly error: unknown }

const BETWEEN_MESSAGES: State = { name: 'head', awaited: false }
const AWAITING_FINAL: State = { name: 'head', awaited: true }
const PERSISTENT_BODY: State = { name: 'body', persists: true }
const LAST_BODY: State = { name: 'body', persists: false }
const FINISHED: State = { name: 'finished' }
const NO_WARNINGS: readonly Warning[] = []

/** The base of ResponseParser and RequestParser; not made to be extended elsewhere. */
export abstract class MessageParser<Head> {
  /** After 'head' and 'informational'. */
  head: Head | undefined
  /** After 'head': where the content will end. */
  framing: BodyFraming = { kind: 'none' }
  /** After every step but 'content': the repairs since the one before. */
  warnings: readonly Warning[] = NO_WARNINGS
  readonly #window = new Window()
  readonly #repairs: Repairs
  readonly #decode: Latin1Decoder
  readonly #section: SectionReader
  readonly #body: BodyReader
  #state: State = BETWEEN_MESSAGES
  /** A step that end() came upon while it looked whether the peer had finished. */
  #ahead: Step | undefined

  constructor(options: ParserOptions, repairs: Repairs, startLine: StartLine) {
    const limits = withDefaults(options)
    const { maxHeadBytes, maxLineBytes, maxHeaders } = limits
    const headLimits = {
      maxBytes: maxHeadBytes,
      maxLineBytes,
      maxFields: maxHeaders,
      tooLarge: 'http/head-too-large',
    } as const
    this.#decode = options.decode ?? latin1Text
    this.#repairs = repairs
    this.#section = new SectionReader(headLimits, repairs, startLine)
    this.#body = new BodyReader({ limits, repairs, decode: this.#decode, chunkLines: options.chunkLines ?? false })
  }

  /**
   * Takes what the peer sent, in any cut. Nothing is copied that need not be: `bytes` is kept until it has been read, and
   * content is a view of it, so it must not be written to before.
   */
  push(bytes: Uint8Array): void {
    this.#window.push(bytes)
  }

  /**
   * The peer has finished sending. ProtocolError `http/truncated` when it stopped in the middle of a message; events that
   * were not asked for yet, such as the end of a body that lasts until close, still come from `next()`.
   */
  end(): void {
    if (this.#window.ended) return
    this.#window.ended = true
    this.#ahead = this.advance()
  }

  /**
   * The next event without an object for it: what it says stands in the properties of this parser until the next step.
   * Undefined until more bytes are pushed. ProtocolError when the peer broke HTTP, then again at every later call: where
   * the next message would begin cannot be known any more.
   */
  advance(): Step | undefined {
    const ahead = this.#ahead
    if (ahead !== undefined) {
      this.#ahead = undefined
      return ahead
    }
    try {
      let step = this.#step()
      while (step === undefined && this.#window.more()) step = this.#step()
      if (step === undefined && this.#window.ended) this.#refuseTruncation()
      return step
    } catch (error) {
      this.#state = { name: 'failed', error }
      throw error
    }
  }

  /** After 'content': those bytes, a view. */
  get content(): Uint8Array {
    const { buffer, byteOffset } = this.contentSource
    return new Uint8Array(buffer, byteOffset + this.contentStart, this.#body.contentLength)
  }

  /** After 'content': the array in which those bytes stand, from `contentStart` up to `contentEnd`. */
  get contentSource(): Uint8Array {
    return this.#window.bytes
  }

  get contentStart(): number {
    return this.#window.start - this.#body.contentLength
  }

  get contentEnd(): number {
    return this.#window.start
  }

  /** After 'content' and 'end', with the option `chunkLines`: the line before the chunk that begins here. */
  get chunkLine(): string | undefined {
    return this.#body.chunkLine
  }

  /** After 'end'. */
  get trailers(): HeaderList {
    return this.#body.trailers
  }

  /**
   * What came after the last complete message: the first bytes of an upgraded connection or a tunnel, or what a peer sent
   * although its message was the last. Empty in the middle of a message.
   */
  get surplus(): Uint8Array {
    const state = this.#state
    const between = state.name === 'finished' || (state.name === 'head' && !state.awaited)
    return between ? this.#window.rest() : new Uint8Array(0)
  }

  /**
   * For the messages of another connection, or the next exchange on the same one, between two messages or after the last:
   * offsets count from 0 again, and what is unread behind the last one is dropped. Heads that were read are still known again,
   * which is what a new parser has not. TypeError in the middle of a message, and after a fault.
   */
  reset(): void {
    const state = this.#state
    const between = state.name === 'head' && !state.awaited && this.#window.length === 0
    if (state.name !== 'finished' && !between) throw new TypeError('reset() in the middle of a message')
    this.#window.clear()
    this.#section.begin()
    void this.#repairs.take()
    this.#state = BETWEEN_MESSAGES
    this.#ahead = undefined
    this.head = undefined
  }

  /** `text`: of the head, from the first byte of its start line, which was read last. */
  protected abstract completeHead(text: string, headers: HeaderList): CompleteHead<Head>

  /** Of 'content' and 'end', which are the same for both kinds of message. */
  protected bodyEvent(step: 'content' | 'end'): BodyEvent {
    const { chunkLine } = this.#body
    if (step === 'content') {
      const bytes = this.content
      return chunkLine === undefined ? { type: step, bytes } : { type: step, bytes, chunkLine }
    }
    const { trailers, warnings } = this
    return chunkLine === undefined ? { type: step, trailers, warnings } : { type: step, trailers, warnings, chunkLine }
  }

  #step(): Step | undefined {
    const state = this.#state
    switch (state.name) {
      case 'head':
        return this.#section.read(this.#window) ? this.#takeHead() : undefined
      case 'body': {
        const step = this.#body.advance(this.#window)
        if (step === 'end') {
          this.warnings = this.#repairs.take()
          this.#window.line = 1
          this.#state = state.persists ? BETWEEN_MESSAGES : FINISHED
        }
        return step
      }
      case 'finished':
        return undefined
      case 'failed':
        throw state.error
    }
  }

  #takeHead(): Step {
    const text = this.#section.text(this.#window, this.#decode)
    const { head, framing, persists, isInformational } = this.completeHead(text, this.#section.take(this.#window, text))
    this.head = head
    this.framing = framing
    this.warnings = this.#repairs.take()
    if (isInformational) {
      this.#window.line = 1
      this.#state = AWAITING_FINAL
      return 'informational'
    }
    this.#body.begin(framing)
    this.#state = persists && framing.kind !== 'tunnel' && framing.kind !== 'close' ? PERSISTENT_BODY : LAST_BODY
    return 'head'
  }

  #refuseTruncation(): void {
    const state = this.#state
    if (state.name === 'finished') return
    if (state.name === 'head' && !state.awaited && this.#window.length === 0) return
    if (state.name === 'head') this.#section.finish(this.#window)
    else this.#body.finish(this.#window)
    const where = state.name === 'body' ? 'body' : 'head'
    throw this.#window.violation('http/truncated', `connection closed in the middle of the ${where}`, this.#window.end)
  }
}
