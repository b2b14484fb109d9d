// A message as a network may deliver it: in reads of some size, with the events that the parser gives after each.

import {
  type HttpProtocolError,
  persists,
  RequestParser,
  type RequestEvent,
  ResponseParser,
  type ResponseEvent,
} from '@plainwire/http-client/parser'
import type { HttpSide } from './http-fields.ts'

/** What the parser cannot go on without. */
export type Waiting = 'message' | 'head' | 'length' | 'chunked' | 'close' | 'nothing' | 'failed'

export interface Step {
  /** Bytes that have come so far. */
  readonly received: number
  /** What the parser had to say about those of this read. */
  readonly events: readonly string[]
  readonly waiting: Waiting
}

/** The last step is the end of the connection. */
export function deliver(bytes: Uint8Array, side: HttpSide, bytesPerRead: number): Step[] {
  const parser = side === 'request' ? new RequestParser() : new ResponseParser()
  const steps: Step[] = []
  let expectation = BETWEEN_MESSAGES
  const step = (received: number, feed: () => void): void => {
    const events: string[] = []
    try {
      feed()
      for (let event = parser.next(); event !== undefined; event = parser.next()) {
        events.push(describe(event))
        expectation = expectationAfter(event, expectation)
      }
      const isInHead = expectation.waiting === 'message' && parser.surplus.length > 0
      steps.push({ received, events, waiting: isInHead ? 'head' : expectation.waiting })
    } catch (error) {
      const { code, offset } = error as HttpProtocolError
      steps.push({ received, events: [...events, `${code} @ ${offset}`], waiting: 'failed' })
    }
  }
  for (let start = 0; start < bytes.length && steps.at(-1)?.waiting !== 'failed'; start += bytesPerRead) {
    const end = Math.min(start + bytesPerRead, bytes.length)
    step(end, () => parser.push(bytes.subarray(start, end)))
  }
  if (steps.at(-1)?.waiting !== 'failed') step(bytes.length, () => parser.end())
  return steps
}

interface Expectation {
  readonly waiting: Waiting
  /** Whether another message may come on this connection. */
  readonly persists: boolean
}

const BETWEEN_MESSAGES: Expectation = { waiting: 'message', persists: true }

function expectationAfter(event: RequestEvent | ResponseEvent, before: Expectation): Expectation {
  switch (event.type) {
    case 'informational':
      return { ...before, waiting: 'head' }
    case 'head': {
      const { kind } = event.framing
      const mayPersist = kind !== 'close' && kind !== 'tunnel' && persists(event.head)
      return { waiting: kind === 'none' || kind === 'tunnel' ? 'nothing' : kind, persists: mayPersist }
    }
    case 'content':
      return before
    case 'end':
      return { ...before, waiting: before.persists ? 'message' : 'nothing' }
  }
}

function describe(event: RequestEvent | ResponseEvent): string {
  switch (event.type) {
    case 'informational':
    case 'head': {
      const { head } = event
      const line = 'method' in head ? `${head.method} ${head.requestTarget}` : `${head.statusCode} ${head.reasonPhrase}`
      const framing = 'framing' in event ? `, ${event.framing.kind}` : ''
      return `${event.type}: ${line}${framing}`
    }
    case 'content':
      return `content: ${event.bytes.length} B ${JSON.stringify(new TextDecoder().decode(event.bytes.slice(0, 24)))}`
    case 'end':
      return `end${event.trailers.length === 0 ? '' : `: ${[...event.trailers].map(([name]) => name).join(', ')}`}`
  }
}
