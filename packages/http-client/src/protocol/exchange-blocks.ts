// The bytes of an exchange as a person looks at them: what was sent and what came, in the order of time, heads told
// from content. By the wire alone: also an exchange that broke off, or that a parser refused, can be looked at.

import { latin1Text } from './latin1.ts'
import type { TimedBytes } from './timed-bytes.ts'

/** What an exchange with `trace: true` kept. */
export interface ExchangeBytes {
  readonly sent: readonly TimedBytes[]
  readonly received: readonly TimedBytes[]
}

/** A part of an exchange: a head, a line of one, or a piece of content as the network cut it. */
export interface Block {
  readonly direction: 'sent' | 'received'
  /** Of a request the whole head, of a response one line of it with its line ending; or content, framing included. */
  readonly kind: 'head' | 'content'
  readonly bytes: Uint8Array
  readonly atUs: number
}

const NOTHING = new Uint8Array(0)
const LF = 0x0a
const CR = 0x0d

/** In the order of time; what was not complete when the exchange ended is there too. */
export function blocksOf({ sent, received }: ExchangeBytes): Block[] {
  const blocks = [
    ...joinedHead(directed('sent', sent, () => false)),
    ...directed('received', received, isInformational, !isSimple(sent, received)),
  ]
  // Stable: of what happened in the same microsecond, the request comes first.
  return blocks.sort((one, other) => one.atUs - other.atUs)
}

/** `again`: whether another head follows that of this start line. */
function directed(
  direction: Block['direction'],
  pieces: readonly TimedBytes[],
  again: (startLine: Uint8Array) => boolean,
  hasHead = true,
): Block[] {
  const blocks: Block[] = []
  let inHead = hasHead
  let startLine: Uint8Array | undefined
  let pending: Uint8Array = new Uint8Array(0)
  for (const { bytes, atUs } of pieces) {
    let rest = pending.length > 0 ? joined(pending, bytes) : bytes
    pending = new Uint8Array(0)
    while (inHead && rest.length > 0) {
      const end = rest.indexOf(LF) + 1
      if (end === 0) {
        pending = rest
        rest = rest.subarray(rest.length)
        break
      }
      const line = rest.subarray(0, end)
      rest = rest.subarray(end)
      blocks.push({ direction, kind: 'head', bytes: line, atUs })
      const empty = end === 1 || (end === 2 && line[0] === CR)
      if (!empty) startLine ??= line
      if (!empty || startLine === undefined) continue
      inHead = again(startLine)
      startLine = undefined
    }
    if (rest.length > 0) blocks.push({ direction, kind: 'content', bytes: rest, atUs })
  }
  if (pending.length > 0) blocks.push({ direction, kind: 'head', bytes: pending, atUs: pieces.at(-1)?.atUs ?? 0 })
  return blocks
}

/** Whether a request in HTTP/0.9, which names no version, was answered in kind: with content and no head. */
function isSimple(sent: ExchangeBytes['sent'], received: ExchangeBytes['received']): boolean {
  const [request, response] = [sent, received].map((pieces) =>
    latin1Text(pieces[0]?.bytes.subarray(0, 8192) ?? NOTHING),
  )
  return /^GET \S+\r\n$/.test(request ?? '') && !response?.startsWith('HTTP/')
}

/** `HTTP/1.1 1xx`, but for 101: after that comes another protocol. */
function isInformational(startLine: Uint8Array): boolean {
  return startLine[9] === 0x31 && !(startLine[10] === 0x30 && startLine[11] === 0x31)
}

function joinedHead(blocks: readonly Block[]): Block[] {
  const lines = blocks.filter(({ kind }) => kind === 'head')
  const [first] = lines
  if (!first) return [...blocks]
  const bytes = lines.reduce((head, line) => joined(head, line.bytes), new Uint8Array(0))
  return [{ ...first, bytes }, ...blocks.filter(({ kind }) => kind === 'content')]
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
