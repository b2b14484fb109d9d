// HTTP messages taken apart: for programs their parts, for people lines.

import { type HeaderLine, RequestParser, ResponseParser } from '@plainwire/http-client/parser'
import { WireError } from '@plainwire/socket-utils/errors'
import { say } from '../language.ts'

interface Message {
  readonly startLine: string
  readonly head: object
  readonly headers: readonly HeaderLine[]
  readonly pieces: Uint8Array[]
  trailers: readonly HeaderLine[]
  complete: boolean
}

export interface Dissected {
  readonly document: object
  readonly lines: readonly string[]
  /** What ended it, where it is not the end of the bytes. */
  readonly fault: WireError | undefined
}

export function httpDocument(bytes: Uint8Array): Dissected {
  const messages: Message[] = []
  let fault: WireError | undefined
  try {
    readMessages(bytes, messages)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    fault = error
  }
  const document = { protocol: 'http', bytes: bytes.length, messages: messages.map(documentOf) }
  return { document, lines: messages.flatMap(linesOf), fault }
}

function readMessages(bytes: Uint8Array, messages: Message[]): void {
  const isResponse = /^(?:\r?\n)*HTTP\//.test(String.fromCharCode(...bytes.subarray(0, 64)))
  const parser = isResponse ? new ResponseParser() : new RequestParser()
  parser.push(bytes)
  for (let ended = false; ;) {
    const event = parser.next()
    if (event === undefined) {
      if (ended) return
      parser.end()
      ended = true
    } else if (event.type === 'head' || event.type === 'informational') {
      messages.push({ ...startOf(event.head), pieces: [], trailers: [], complete: event.type !== 'head' })
    } else {
      const message = messages.at(-1)
      if (message === undefined) return
      if (event.type === 'content') message.pieces.push(event.bytes)
      if (event.type === 'end') Object.assign(message, { trailers: [...event.trailers], complete: true })
    }
  }
}

type Head = { readonly version: string; readonly headers: Iterable<HeaderLine> } & (
  | { readonly method: string; readonly requestTarget: string }
  | { readonly statusCode: number; readonly reasonPhrase: string }
)

function startOf(head: Head): Pick<Message, 'startLine' | 'head' | 'headers'> {
  const { version, headers } = head
  const shown = { headers: [...headers] }
  if ('method' in head) {
    const { method, requestTarget } = head
    const startLine = `${method} ${requestTarget} HTTP/${version}`
    return { startLine, head: { type: 'request', method, requestTarget, version }, ...shown }
  }
  const { statusCode, reasonPhrase } = head
  const startLine = `HTTP/${version} ${statusCode} ${reasonPhrase}`.trimEnd()
  return { startLine, head: { type: 'response', version, statusCode, reasonPhrase }, ...shown }
}

function documentOf({ head, headers, pieces, trailers, complete }: Message): object {
  const body = Buffer.concat(pieces)
  return { ...head, headers, bodyBytes: body.length, bodyBase64: body.toString('base64'), trailers, complete }
}

function linesOf({ startLine, headers, pieces, trailers, complete }: Message): string[] {
  const body = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const length = say({ en: `${body} bytes of content`, es: `${body} bytes de contenido` })
  const end = complete ? '' : say({ en: ', and then it breaks off', es: ', y ahí se interrumpe' })
  return [
    startLine,
    ...headers.map(([name, value]) => `  ${name}: ${value}`),
    `  (${length}${end})`,
    ...trailers.map(([name, value]) => `  ${name}: ${value}`),
    '',
  ]
}
