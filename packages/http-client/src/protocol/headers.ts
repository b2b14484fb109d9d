import type { FieldLayout } from './field-recorder.ts'
import type { KnownLines } from './line-memory.ts'
import type { FramingLines } from './framing-lines.ts'
import { stripOws } from './grammar.ts'
import type { Place } from './violation.ts'

/** One field line: the name in the case that was sent, the value without the white space around it. */
export type HeaderLine = readonly [name: string, value: string]

/** What a parser received: the text of a section, and where in it the lines stand. */
export interface ReceivedSection {
  /** Start line, if it has one, field lines, and the empty line. */
  readonly text: string
  readonly layout: FieldLayout
  /** Of the first character of `text` on the connection, and its line in the message. */
  readonly offset: number
  readonly line: number
  /** Where in `text` the first field line begins. */
  readonly from: number
  /** False where a repair was made: then the text may not be sent on. */
  readonly isExact: boolean
  /** Lines of which the strings are known, by number; may be shorter than the list. */
  readonly known: KnownLines
}

/**
 * Field lines in wire order, case and duplicates kept; iterates as `[name, value]`. Names are looked up without regard
 * to case. Not the platform's `Headers`, which sorts, lower-cases and joins.
 *
 * What a parser received is cut into strings only as it is asked for, since most of a head is never looked at; until then
 * a name or value costs four numbers.
 */
export class HeaderList implements Iterable<HeaderLine> {
  #received: ReceivedSection | undefined
  #lines: readonly HeaderLine[] | undefined

  constructor(lines?: Iterable<HeaderLine>) {
    this.#lines = lines === undefined ? NO_LINES : [...lines]
  }

  /** For parsers. */
  static received(section: ReceivedSection): HeaderList {
    const list = new HeaderList()
    list.#received = section
    list.#lines = undefined
    return list
  }

  get lines(): readonly HeaderLine[] {
    return (this.#lines ??= this.#allLines())
  }

  get length(): number {
    return this.#received === undefined ? this.lines.length : this.#received.layout.positions.length >> 2
  }

  /** Of the line at `index`, from 0; '' where there is none. */
  name(index: number): string {
    const received = this.#received
    if (received === undefined) return this.lines[index]?.[0] ?? ''
    const known = received.known[index]
    if (known !== undefined) return known.name
    return received.text.slice(received.layout.positions[index * 4], received.layout.positions[index * 4 + 1])
  }

  /** Of the line at `index`, from 0; '' where there is none. */
  value(index: number): string {
    const received = this.#received
    if (received === undefined) return this.lines[index]?.[1] ?? ''
    const known = received.known[index]?.value
    if (known !== undefined) return known
    const value = received.text.slice(
      received.layout.positions[index * 4 + 2],
      received.layout.positions[index * 4 + 3],
    )
    return received.layout.isFolded ? stripOws(value.replaceAll(/[ \t]*\r?\n[ \t]+/g, ' ')) : value
  }

  /**
   * The field's value: its lines joined with ", ", as RFC 9110 §5.2 combines them; undefined where there is none.
   * Set-Cookie is the one field that cannot be joined: use `getAll`.
   */
  get(name: string): string | undefined {
    const first = this.indexOf(name)
    if (first === -1) return undefined
    return this.indexOf(name, first + 1) === -1 ? this.value(first) : this.getAll(name).join(', ')
  }

  /** The value of each line of that name, in order. */
  getAll(name: string): string[] {
    const values: string[] = []
    for (let at = this.indexOf(name); at !== -1; at = this.indexOf(name, at + 1)) values.push(this.value(at))
    return values
  }

  has(name: string): boolean {
    return this.indexOf(name) !== -1
  }

  /** The first line of that name, from line `from` on; -1 where there is none. */
  indexOf(name: string, from = 0): number {
    if (from >= this.length) return -1
    const wanted = name.toLowerCase()
    const received = this.#received
    if (received === undefined) {
      return this.lines.findIndex(([name], index) => index >= from && name.toLowerCase() === wanted)
    }
    const { text, layout } = received
    const { positions, nameLengths } = layout
    // Often no name is even as long: then no line need be looked at.
    if ((nameLengths & (1 << wanted.length)) === 0) return -1
    for (let at = from * 4; at < positions.length; at += 4) {
      const start = positions[at] as number
      const isAsLong = (positions[at + 1] as number) - start === wanted.length
      if (isAsLong && equalsIgnoringCase(text, start, wanted)) return at >> 2
    }
    return -1
  }

  /** Where the fields are that decide how a message goes on. */
  get framingLines(): FramingLines {
    return this.#received?.layout.framing ?? this.#findFramingLines()
  }

  /** Where the line at `index` begins on the wire; the connection's first byte for a list that was not received. */
  placeOf(index: number): Required<Place> {
    return this.#place((received) => received.layout.positions[index * 4])
  }

  /** Where character `at` of a value stands. */
  placeOfValue(index: number, at = 0): Required<Place> {
    return this.#place((received) => (received.layout.positions[index * 4 + 2] ?? 0) + at)
  }

  /** Where the section begins: a head's start line, the first trailer. */
  get placeOfStart(): Required<Place> {
    return this.#place(() => 0)
  }

  /** Where the section has ended: what is missing from it is missing there. */
  get placeOfEnd(): Required<Place> {
    const last = this.#place((received) => received.text.length - 1)
    return { offset: last.offset + 1, line: last.line }
  }

  /** The field lines byte for byte as they came, white space included; undefined where a repair was needed, or none came. */
  get asReceived(): string | undefined {
    return this.#received?.isExact ? this.#received.text.slice(this.#received.from, -2) : undefined
  }

  [Symbol.iterator](): Iterator<HeaderLine> {
    return this.lines[Symbol.iterator]()
  }

  #allLines(): readonly HeaderLine[] {
    const lines: HeaderLine[] = []
    for (let index = 0; index < this.length; index++) lines.push([this.name(index), this.value(index)])
    return lines
  }

  #findFramingLines(): FramingLines {
    const names = ['host', 'connection', 'content-length', 'transfer-encoding'] as const
    const [host = -1, connection = -1, contentLength = -1, transferEncoding = -1] = names.map((n) => this.indexOf(n))
    const someRepeated = names.some((name) => this.indexOf(name, this.indexOf(name) + 1) > this.indexOf(name))
    return { host, connection, contentLength, transferEncoding, someRepeated }
  }

  #place(position: (received: ReceivedSection) => number | undefined): Required<Place> {
    const received = this.#received
    if (received === undefined) return { offset: 0, line: 1 }
    const at = position(received) ?? 0
    const lineEndings = received.text.slice(0, at).split('\n').length - 1
    return { offset: received.offset + at, line: received.line + lineEndings }
  }
}

const NO_LINES: readonly HeaderLine[] = []

/** `wanted` is in lower case. */
function equalsIgnoringCase(text: string, start: number, wanted: string): boolean {
  for (let at = 0; at < wanted.length; at++) {
    const code = text.charCodeAt(start + at)
    const expected = wanted.charCodeAt(at)
    if (code === expected) continue
    const isUpper = code >= 0x41 && code <= 0x5a
    if (!isUpper || code + 32 !== expected) return false
  }
  return true
}
