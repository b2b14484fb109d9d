import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MessageEncoder } from '../src/protocol/encoder.ts'
import { latin1Bytes, latin1Text } from '../src/protocol/latin1.ts'
import type { RequestEvent, RequestParser, ResponseEvent, ResponseParser } from '../src/parser.ts'
import { http09Requests, http09Responses } from './vectors/http09.ts'
import { lenientRequests, lenientResponses } from './vectors/leniencies.ts'
import { readEvents, requestParser, responseParser } from './vectors/read-events.ts'
import { requests } from './vectors/requests.ts'
import { responses } from './vectors/responses.ts'

const kinds = [
  { kind: 'response', vectors: [...responses, ...lenientResponses, ...http09Responses], parserOf: responseParser },
  { kind: 'request', vectors: [...requests, ...lenientRequests, ...http09Requests], parserOf: requestParser },
]

/** The parsers run in a browser: nothing of Node's may be needed, not even by accident. */
const { Buffer: nodeBuffer } = globalThis
beforeAll(() => Reflect.deleteProperty(globalThis, 'Buffer'))
afterAll(() => Reflect.set(globalThis, 'Buffer', nodeBuffer))

test('there are enough of them, each with a name of its own', () => {
  const names = kinds.flatMap(({ kind, vectors }) => vectors.map(({ name }) => `${kind} ${name}`))
  expect(names.length).toBeGreaterThanOrEqual(250)
  expect(new Set(names).size).toBe(names.length)
  expect(globalThis.Buffer).toBeUndefined()
})

describe.each(kinds)('$kind vectors', ({ vectors, parserOf }) => {
  test.each(vectors)('$name', (vector) => {
    const wire = latin1Bytes(vector.wire)
    const read = (...pieces: Uint8Array[]) => readEvents(parserOf(vector), pieces)
    const expected = { lines: vector.expect, surplus: vector.surplus ?? '' }

    expect(read(wire), 'whole').toEqual(expected)
    expect(read(...Array.from(wire, (byte) => Uint8Array.of(byte))), 'byte by byte').toEqual(expected)
    for (let at = 0; at <= wire.length; at++) {
      expect(read(wire.subarray(0, at), wire.subarray(at)), `split at ${at}`).toEqual(expected)
    }
  })

  const complete = vectors.filter(({ expect }) => expect.at(-1)?.startsWith('end'))
  test.each(complete)('$name, with bytes after it', (vector) => {
    const parser = parserOf(vector)
    parser.push(latin1Bytes(`${vector.wire}\x16after`))
    const ends = vector.expect.filter((line) => line.startsWith('end')).length
    const events = pull(parser, ends)
    const untilClose = events.at(-1)?.type === 'content'
    expect(latin1Text(parser.surplus)).toBe(untilClose ? '' : `${vector.surplus ?? ''}\x16after`)
  })

  const unrepaired = complete.filter(({ expect }) => !expect.some((line) => line.includes(' ! ')))
  test.each(unrepaired)('$name: encoded again, the same bytes', (vector) => {
    const parser = parserOf({ ...vector, options: { ...vector.options, chunkLines: true } })
    const encoder = new MessageEncoder()
    const wire = latin1Bytes(vector.wire)
    let encoded = ''
    const encode = (events: (RequestEvent | ResponseEvent)[]): void => {
      for (const event of events) encoded += latin1Text(encoder.encode(event))
    }
    for (let at = 0; at < wire.length; at += 7) {
      parser.push(wire.subarray(at, at + 7))
      encode(pull(parser, Infinity))
    }
    parser.end()
    encode(pull(parser, Infinity))
    const surplus = vector.surplus ?? ''
    // An empty line before a request is no part of it, RFC 9112 §2.2.
    expect(encoded + surplus).toBe(vector.wire.replace(/(^|abc)(\r\n)+(GET|$)/, '$1$3'))
  })
})

test('a parser that has read something else reads each vector as a new one does', () => {
  for (const { vectors, parserOf } of kinds) {
    let used: RequestParser | ResponseParser | undefined
    // Each twice in a row: its head is compared with the one before, and all that others have left behind is there.
    for (const vector of vectors.flatMap((vector) => [vector, vector])) {
      if (vector.options !== undefined) used = undefined
      const parser = used ?? afterTwo(() => parserOf({ ...vector, methods: [] }))
      if ('expect' in parser) for (const method of vector.methods ?? []) parser.expect(method)
      const wire = latin1Bytes(vector.wire)
      const at = wire.length >> 1
      const reading = readEvents(parser, [wire.subarray(0, at), wire.subarray(at)])
      expect(reading, vector.name).toEqual({ lines: vector.expect, surplus: vector.surplus ?? '' })
      used = wasReset(parser) && vector.options === undefined ? parser : undefined
    }
  }
})

/** It has read two messages, and knows their lines; a new one where its limits are too low for that. */
function afterTwo<Parser extends RequestParser | ResponseParser>(create: () => Parser): Parser {
  const parser = create()
  const startLine = 'expect' in parser ? 'HTTP/1.1 200 OK' : 'POST / HTTP/1.1'
  const message = latin1Bytes(`${startLine}\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc`)
  for (let read = 0; read < 2; read++) {
    readEvents(parser, [message])
    if (!wasReset(parser)) return create()
  }
  return parser
}

/** False where the last message is not complete, or was refused. */
function wasReset(parser: RequestParser | ResponseParser): boolean {
  try {
    parser.reset()
    return true
  } catch (error) {
    expect(error).toEqual(new TypeError('reset() in the middle of a message'))
    return false
  }
}

/** Not one event more than the last `end`: a parser that is not asked must not look at what follows. */
function pull(parser: RequestParser | ResponseParser, ends: number): (RequestEvent | ResponseEvent)[] {
  const events: (RequestEvent | ResponseEvent)[] = []
  let left = ends
  while (left > 0) {
    const event = parser.next()
    if (event === undefined) break
    if (event.type === 'end') left--
    events.push(event)
  }
  return events
}
