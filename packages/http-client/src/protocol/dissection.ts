// The bytes of a connection explained, for a hexdump: which are the status line, which header, which chunk size.

import type { Span } from '@plainwire/socket-utils/hexdump'
import { quoted } from '@plainwire/socket-utils/errors'
import type { BodyEvent } from './body-reader.ts'
import type { HeaderList } from './headers.ts'
import { CR } from './line-ending.ts'
import type { ParserOptions } from './message-parser.ts'
import { RequestParser, type RequestEvent } from './request-parser.ts'
import { ResponseParser, type ResponseEvent, type ResponseParserOptions } from './response-parser.ts'
import type { HttpProtocolError } from './violation.ts'

export interface DissectResponsesOptions extends ResponseParserOptions {
  /** Of the requests that are answered, in order; GET where there is none. */
  readonly methods?: readonly string[]
}

/**
 * What each byte of a server's side is, from the connection's first. Spans follow one another; bytes of a head or a line
 * that is not complete have none. What is refused has one too, from the byte at fault to the end: a fault is no error here.
 */
export function dissectResponses(
  bytes: Uint8Array,
  { methods = [], ...options }: DissectResponsesOptions = {},
): Span[] {
  const parser = new ResponseParser({ ...options, chunkLines: true })
  for (const method of methods) parser.expect(method)
  return dissect(bytes, parser)
}

/** The same of a client's side. */
export function dissectRequests(bytes: Uint8Array, options: ParserOptions = {}): Span[] {
  return dissect(bytes, new RequestParser({ ...options, chunkLines: true }))
}

function dissect(bytes: Uint8Array, parser: RequestParser | ResponseParser): Span[] {
  const spans = new MessageSpans(bytes)
  const pull = (): void => {
    for (let event = parser.next(); event !== undefined; event = parser.next()) spans.add(event)
  }
  try {
    parser.push(bytes)
    pull()
    parser.end()
    pull()
    spans.addSurplus(parser.surplus.length)
  } catch (error) {
    spans.addFault(error as HttpProtocolError)
  }
  return spans.all
}

class MessageSpans {
  readonly all: Span[] = []
  readonly #bytes: Uint8Array
  #offset = 0
  #isInChunk = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  add(event: RequestEvent | ResponseEvent): void {
    switch (event.type) {
      case 'head':
      case 'informational':
        this.#addHead(event)
        break
      case 'content': {
        const { bytes, chunkLine } = event
        if (chunkLine !== undefined) this.#addChunkLine(chunkLine)
        this.#add(bytes.length, `content, ${counted(bytes.length)}`)
        break
      }
      case 'end': {
        const { chunkLine, trailers } = event
        if (chunkLine === undefined) break
        this.#addChunkLine(chunkLine)
        this.#isInChunk = false
        this.#addFields(trailers, 'trailer')
        this.#addUpTo(trailers.placeOfEnd.offset, 'empty line: the body ends')
        break
      }
    }
  }

  /** What stands behind the last message. */
  addSurplus(length: number): void {
    this.#add(length, `behind the last message, ${counted(length)}`)
  }

  addFault({ code, message, offset }: HttpProtocolError): void {
    const { length } = this.#bytes
    // Looked at, and found to be CRLF: or the fault would not be behind it.
    if (this.#isInChunk && offset >= this.#offset + 2) this.#addChunkEnd()
    if (code === 'http/truncated') return
    this.#offset = Math.max(this.#offset, Math.min(offset, length - 1))
    this.#addUpTo(length, `refused: ${message}`)
  }

  #addHead({ head }: Exclude<RequestEvent | ResponseEvent, BodyEvent>): void {
    const { headers } = head
    this.#addUpTo(headers.placeOfStart.offset, 'empty line before a message')
    const line = 'method' in head ? `${head.method} ${head.requestTarget}` : `${head.statusCode} ${head.reasonPhrase}`
    const what = 'method' in head ? 'request line' : 'status line'
    const fieldsAt = headers.length > 0 ? headers.placeOf(0).offset : this.#emptyLineBefore(headers.placeOfEnd.offset)
    const isWhole = head.version === '0.9'
    this.#addUpTo(isWhole ? headers.placeOfEnd.offset : fieldsAt, `${what} ${quoted(line.trimEnd())}`)
    if (isWhole) return
    this.#addFields(headers, 'header')
    this.#addUpTo(headers.placeOfEnd.offset, 'empty line: the head ends')
  }

  /** Each with all that belongs to it: white space, line ending, and lines that were folded into it. */
  #addFields(headers: HeaderList, what: string): void {
    for (let index = 0; index < headers.length; index++) {
      const isLast = index + 1 === headers.length
      const end = isLast ? this.#emptyLineBefore(headers.placeOfEnd.offset) : headers.placeOf(index + 1).offset
      this.#addUpTo(end, `${what} ${headers.name(index)}`)
    }
  }

  #addChunkLine(chunkLine: string): void {
    if (this.#isInChunk) this.#addChunkEnd()
    this.#isInChunk = true
    const [size = '', ...extensions] = chunkLine.trimEnd().split(';')
    const bytes = Number.parseInt(size, 16)
    const extended = extensions.length > 0 ? `, extended by ${quoted(extensions.join(';'))}` : ''
    this.#add(chunkLine.length, (bytes === 0 ? 'last chunk' : `chunk of ${counted(bytes)}`) + extended)
  }

  #addChunkEnd(): void {
    this.#add(2, 'end of the chunk')
  }

  #emptyLineBefore(end: number): number {
    return end - (this.#bytes[end - 2] === CR ? 2 : 1)
  }

  #addUpTo(offset: number, label: string): void {
    this.#add(offset - this.#offset, label)
  }

  /** Nothing has no span. */
  #add(length: number, label: string): void {
    if (length > 0) this.all.push({ offset: this.#offset, length, label })
    this.#offset += length
  }
}

function counted(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`
}
