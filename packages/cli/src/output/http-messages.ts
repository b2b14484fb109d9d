// HTTP messages taken apart: for programs their parts, for people lines.

import { dissectRequests, dissectResponses } from '@plainwire/http-client/dissect'
import { type HeaderLine, RequestParser, ResponseParser } from '@plainwire/http-client/parser'
import { WireError } from '@plainwire/socket-utils/errors'
import { shownLabel } from './labels.ts'

interface Message {
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
  return { document, lines: linesOf(bytes), fault }
}

function readMessages(bytes: Uint8Array, messages: Message[]): void {
  const parser = isResponse(bytes) ? new ResponseParser() : new RequestParser()
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

function startOf(head: Head): Pick<Message, 'head' | 'headers'> {
  const { version, headers } = head
  const shown = { headers: [...headers] }
  if ('method' in head) {
    const { method, requestTarget } = head
    return { head: { type: 'request', method, requestTarget, version }, ...shown }
  }
  const { statusCode, reasonPhrase } = head
  return { head: { type: 'response', version, statusCode, reasonPhrase }, ...shown }
}

function documentOf({ head, headers, pieces, trailers, complete }: Message): object {
  const body = Buffer.concat(pieces)
  return { ...head, headers, bodyBytes: body.length, bodyBase64: body.toString('base64'), trailers, complete }
}

const SHOWN_BYTES = 36

/** Each run of bytes as text, with what it is if that is known; of long content the beginning. */
function linesOf(bytes: Uint8Array): string[] {
  const spans = isResponse(bytes) ? dissectResponses(bytes) : dissectRequests(bytes)
  const digits = Math.max(4, bytes.length.toString(16).length)
  const row = (offset: number, length: number, label: string): string => {
    const cut = bytes.subarray(offset, offset + Math.min(length, SHOWN_BYTES))
    const text = printable(cut) + (length > SHOWN_BYTES ? ' …' : '')
    return `${offset.toString(16).padStart(digits, '0')}  ${text.padEnd(SHOWN_BYTES + 2)}  ${label}`.trimEnd()
  }
  const lines: string[] = []
  let end = 0
  for (const { offset, length, label } of spans) {
    if (offset > end) lines.push(row(end, offset - end, ''))
    lines.push(row(offset, length, shownLabel(label)))
    end = offset + length
  }
  return end < bytes.length ? [...lines, row(end, bytes.length - end, '')] : lines
}

/** Letters outside ASCII and line endings as C writes them, so that each byte can be seen. */
function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (byte === 0x0d) return '\\r'
    if (byte === 0x0a) return '\\n'
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  }).join('')
}

function isResponse(bytes: Uint8Array): boolean {
  return /^(?:\r?\n)*HTTP\//.test(String.fromCharCode(...bytes.subarray(0, 64)))
}
