// Field lines up to the empty line, RFC 9112 §5, in a head and in a trailer section.

import { quoted } from '@plainwire/socket-utils/errors'
import { FIELD_TEXT, TOKEN, firstOutside, isOws, stripOws } from './grammar.ts'
import { HeaderList, type HeaderLine } from './headers.ts'
import type { HeadLines } from './head-lines.ts'
import type { LineBuffer } from './line-buffer.ts'
import { violation } from './violation.ts'

export class HeaderSection {
  readonly #source: HeadLines
  readonly #lines: HeaderLine[] = []

  /** `source`: where the lines are counted, so that a start line and its headers share one limit. */
  constructor(source: HeadLines) {
    this.#source = source
  }

  /** The list once the empty line has come; undefined until then. */
  next(buffer: LineBuffer): HeaderList | undefined {
    for (;;) {
      const offset = buffer.offset
      const line = this.#source.take(buffer)
      if (line === undefined) return undefined
      if (line === '') return new HeaderList(this.#lines)
      const { maxHeaders } = this.#source.limits
      if (this.#lines.length === maxHeaders) {
        throw violation('http/too-many-headers', `more than ${maxHeaders} header lines`, offset)
      }
      this.#lines.push(parseHeaderLine(line, offset))
    }
  }
}

/** `field-name ":" OWS field-value OWS`, RFC 9112 §5. `offset`: where the line begins, for the error. */
function parseHeaderLine(line: string, offset: number): HeaderLine {
  if (isOws(line.charCodeAt(0))) {
    throw violation('http/bad-header', `folded header line (obs-fold) ${quoted(line)}`, offset)
  }
  const colon = line.indexOf(':')
  if (colon === -1) throw violation('http/bad-header', `header line without a colon ${quoted(line)}`, offset)
  const name = line.slice(0, colon)
  const outsideName = colon === 0 ? 0 : firstOutside(TOKEN, name)
  if (outsideName !== -1) throw violation('http/bad-header', `bad header name ${quoted(name)}`, offset + outsideName)
  const field = line.slice(colon + 1)
  const outsideText = firstOutside(FIELD_TEXT, field)
  if (outsideText !== -1) {
    const what = `bad character in header ${quoted(`${name}:${field}`)}`
    throw violation('http/bad-header', what, offset + colon + 1 + outsideText)
  }
  return [name, stripOws(field)]
}
