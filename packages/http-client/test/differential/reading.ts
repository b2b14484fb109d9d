// What somebody made of the bytes of one connection, in a form that can be compared.

import { ProtocolError } from '@plainwire/socket-utils/errors'
import { RequestParser, ResponseParser, type HttpProtocolError } from '../../src/parser.ts'
import type { MessageKind, MessageSink, ParserPeer } from '../parser-peers.ts'

export interface Message {
  readonly startLine: string
  /** `name: value` in wire order. */
  readonly fields: readonly string[]
  content: string
  readonly trailers: string[]
  complete: boolean
}

export interface Reading {
  readonly messages: readonly Message[]
  /** Nothing was refused, the end of the connection included. */
  readonly accepted: boolean
}

/** More calls than any message here can lead to: http-parser-js goes on for ever after a chunk of size -5. */
const ENDLESS = 2000

class Collector implements MessageSink {
  readonly messages: Message[] = []
  #calls = 0

  head(version: string, first: number | string, second: string): void {
    const startLine = `${version} ${first} ${second}`
    this.messages.push({ startLine, fields: [], content: '', trailers: [], complete: false })
  }

  field(name: string, value: string): void {
    ;(this.#last.fields as string[]).push(`${name}: ${value}`)
  }

  content(bytes: Uint8Array): void {
    if (++this.#calls > ENDLESS) throw new Error('no end')
    this.#last.content += String.fromCharCode(...bytes)
  }

  trailer(name: string, value: string): void {
    this.#last.trailers.push(`${name}: ${value}`)
  }

  end(): void {
    this.#last.complete = true
  }

  get #last(): Message {
    const message = this.messages.at(-1)
    if (message === undefined) throw new Error('a part of no message')
    return message
  }
}

export function peerReading(peer: ParserPeer, kind: MessageKind, wire: Buffer): Reading {
  const sink = new Collector()
  const connection = peer.connect(kind, sink)
  try {
    connection.push(wire)
    connection.end()
    return { messages: sink.messages, accepted: true }
  } catch {
    return { messages: sink.messages, accepted: false }
  } finally {
    connection.close()
  }
}

export interface OwnReading extends Reading {
  readonly surplus: number
  /** Code and place of what was refused. */
  readonly fault: string | undefined
}

export function ownReading(kind: MessageKind, pieces: readonly Uint8Array[]): OwnReading {
  const sink = new Collector()
  const parser = kind === 'request' ? new RequestParser() : new ResponseParser()
  const pull = (): void => {
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event.type === 'content') sink.content(event.bytes)
      else if (event.type === 'end') {
        for (const [name, value] of event.trailers) sink.trailer(name, value)
        sink.end()
      } else {
        const { head } = event
        if ('method' in head) sink.head(head.version, head.method, head.requestTarget)
        else sink.head(head.version, head.statusCode, head.reasonPhrase)
        for (const [name, value] of head.headers) sink.field(name, value)
        if (event.type === 'informational') sink.end()
      }
    }
  }
  let fault: string | undefined
  try {
    for (const piece of pieces) {
      parser.push(piece)
      pull()
    }
    parser.end()
    pull()
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const { code, offset, line, clause } = error as HttpProtocolError
    fault = `${code} at ${offset}, line ${line}, ${clause}`
  }
  return { messages: sink.messages, accepted: fault === undefined, surplus: parser.surplus.length, fault }
}
