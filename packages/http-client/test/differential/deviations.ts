// Where a peer reads a message otherwise that we accept as well, and which clause is on our side. Each deviation takes
// itself out of the two readings; what still differs then is a failure of the test.

import type { Message, Reading } from './reading.ts'

export interface Pair {
  readonly wire: string
  readonly ours: Reading & { readonly surplus: number }
  readonly theirs: Reading
}

export interface Deviation {
  readonly peers: readonly string[]
  readonly name: string
  readonly clause: string
  readonly without: (pair: Pair) => Pair
}

const NODE = 'llhttp in Node'
const UNDICI = 'llhttp in undici (wasm)'
const JS = 'http-parser-js'

export const deviations: readonly Deviation[] = [
  {
    peers: [JS],
    name: 'decodes text as ASCII by dropping the high bit, so that 0x8A becomes a line feed and 0xA0 a space',
    clause: 'RFC 9110 §5.5',
    without: (pair) => {
      const { ours, theirs } = beforeFraming(pair, ({ fields }) => fields.some((field) => HIGH_CODING.test(field)))
      const messages = theirs.messages.map((message, at) => withHighText(message, ours.messages[at]))
      return { ...pair, ours, theirs: { ...theirs, messages } }
    },
  },
  {
    peers: [JS],
    name: 'knows chunked alone, not at the end of a list of codings',
    clause: 'RFC 9112 §6.1',
    without: (pair) =>
      beforeFraming(pair, ({ fields }) => fields.some((field) => /^transfer-encoding: .*,[ \t]*chunked$/i.test(field))),
  },
  {
    peers: [NODE, UNDICI],
    name: 'does not know chunked with a tab after it, and reads until the connection closes',
    clause: 'RFC 9112 §5.1',
    without: (pair) => {
      if (!/transfer-encoding:[^\r\n]*chunked *\t/i.test(pair.wire)) return pair
      return beforeFraming(pair, ({ fields }) => fields.some((field) => /^transfer-encoding: .*chunked$/i.test(field)))
    },
  },
  {
    peers: [UNDICI],
    name: 'leaves the white space after a value on it',
    clause: 'RFC 9112 §5.1',
    without: ({ theirs, ...pair }) => ({
      ...pair,
      theirs: { ...theirs, messages: theirs.messages.map(withoutTrailingOws) },
    }),
  },
  {
    peers: [JS, NODE, UNDICI],
    name: 'reads on after the message that ended the connection: http-parser-js always, llhttp where HTTP/1.0 says keep-alive and close',
    clause: 'RFC 9112 §9.3',
    without: (pair) => (pair.ours.surplus > 0 ? cut(pair, pair.ours.messages.length) : pair),
  },
  {
    peers: [JS, NODE, UNDICI],
    name: 'stops after CONNECT whatever the answer; with ours whoever knows the answer stops asking',
    clause: 'RFC 9110 §9.3.6',
    without: (pair) => {
      const { messages } = pair.theirs
      return messages.at(-1)?.startLine.includes(' CONNECT ') ? cut(pair, messages.length) : pair
    },
  },
]

/** The names of the deviations without which the two would not agree; undefined where they do not agree even so. */
export function explain(peer: string, pair: Pair): string[] | undefined {
  const names: string[] = []
  let rest = pair
  for (const { name, without } of deviations.filter(({ peers }) => peers.includes(peer))) {
    if (agree(rest)) break
    const next = without(rest)
    if (JSON.stringify(next) !== JSON.stringify(rest)) names.push(name)
    rest = next
  }
  return agree(rest) ? names : undefined
}

export function agree({ ours, theirs }: Pair): boolean {
  return (
    ours.messages.length === theirs.messages.length &&
    ours.messages.every((message, index) => isSame(message, theirs.messages[index]))
  )
}

function isSame(own: Message, other: Message | undefined): boolean {
  return (
    own.startLine === other?.startLine &&
    own.content === other.content &&
    own.complete === other.complete &&
    areEqual(own.fields, other.fields) &&
    areEqual(own.trailers, other.trailers)
  )
}

function areEqual(own: readonly string[], other: readonly string[]): boolean {
  return own.length === other.length && own.every((text, index) => text === other[index])
}

const HIGH_CODING = /^transfer-encoding: .*[\x80-\xff]/i

/** Without the first message that is framed so, and all after it: where it ends is what the two disagree about. */
function beforeFraming(pair: Pair, isFramedSo: (message: Message) => boolean): Pair {
  const index = pair.ours.messages.findIndex(isFramedSo)
  return index === -1 ? pair : cut(pair, index)
}

function cut({ ours, theirs, wire }: Pair, length: number): Pair {
  const first = <T extends Reading>(reading: T): T => ({ ...reading, messages: reading.messages.slice(0, length) })
  return { wire, ours: first(ours), theirs: first(theirs) }
}

/** With our text wherever that has a byte above 0x7F. */
function withHighText(message: Message, own: Message | undefined): Message {
  const pick = (text: string, ours = ''): string => (/[\x80-\xff]/.test(ours) ? ours : text)
  return {
    ...message,
    startLine: pick(message.startLine, own?.startLine),
    fields: message.fields.map((text, at) => pick(text, own?.fields[at])),
    trailers: message.trailers.map((text, at) => pick(text, own?.trailers[at])),
  }
}

function withoutTrailingOws(message: Message): Message {
  const strip = (field: string): string => field.replace(/(: .*?)[ \t]+$/s, '$1')
  return { ...message, fields: message.fields.map(strip), trailers: message.trailers.map(strip) }
}
