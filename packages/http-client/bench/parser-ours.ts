// Our parser in its forms: with all strings made, with none asked for, and without an object per event; with the decoder
// that a Node driver hands in, and without.

import { RequestParser, ResponseParser, type HeaderList, type Latin1Decoder } from '@plainwire/http-client/parser'
import type { MessageKind, MessageSink, ParserPeer, PeerConnection } from '../test/parser-peers.ts'

/** Buffer's methods take any Uint8Array; this one is left out of Node's types. */
interface Slicing {
  latin1Slice: (this: Uint8Array, start: number, end: number) => string
}
const buffers = Buffer.prototype as unknown as Slicing
const decode: Latin1Decoder = (bytes, start, end) => buffers.latin1Slice.call(bytes, start, end)

type AnyParser = RequestParser | ResponseParser
type Head = NonNullable<AnyParser['head']>
type Read = (parser: AnyParser, sink: MessageSink) => void

function startLine(head: Head, sink: MessageSink): void {
  if ('method' in head) sink.head(head.version, head.method, head.requestTarget)
  else sink.head(head.version, head.statusCode, head.reasonPhrase)
}

function wholeHead(head: Head, sink: MessageSink): void {
  startLine(head, sink)
  const { headers } = head
  for (let index = 0; index < headers.length; index++) sink.field(headers.name(index), headers.value(index))
}

function trailers(list: HeaderList, sink: MessageSink): void {
  for (let index = 0; index < list.length; index++) sink.trailer(list.name(index), list.value(index))
  sink.end()
}

const readEvents =
  (head: (head: Head, sink: MessageSink) => void): Read =>
  (parser, sink) => {
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event.type === 'content') sink.content(event.bytes)
      else if (event.type === 'end') trailers(event.trailers, sink)
      else head(event.head, sink)
    }
  }

const readSteps: Read = (parser, sink) => {
  for (let step = parser.advance(); step !== undefined; step = parser.advance()) {
    if (step === 'content') sink.contentRange?.(parser.contentStart, parser.contentEnd)
    else if (step === 'end') trailers(parser.trailers, sink)
    else wholeHead(parser.head as Head, sink)
  }
}

function contender(name: string, read: Read, options: { readonly decode?: Latin1Decoder }): ParserPeer {
  return {
    name,
    connect: (kind: MessageKind, sink: MessageSink): PeerConnection => {
      const parser = kind === 'request' ? new RequestParser(options) : new ResponseParser(options)
      return {
        push: (bytes) => {
          parser.push(bytes)
          read(parser, sink)
        },
        end: () => {
          parser.end()
          read(parser, sink)
        },
        close: () => {},
      }
    },
  }
}

export const ours: readonly ParserPeer[] = [
  contender('ours, Node’s decoder', readEvents(wholeHead), { decode }),
  contender('ours, no decoder handed in', readEvents(wholeHead), {}),
]

/** Not the same work as the peers': for comparing with ourselves. */
export const variants: readonly ParserPeer[] = [
  contender('ours, no object per event', readSteps, { decode }),
  contender('ours, no header asked for', readEvents(startLine), { decode }),
]
