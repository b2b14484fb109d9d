import { describe, expect, test } from 'vitest'
import { latin1Bytes } from '../src/protocol/latin1.ts'
import { readEvents, requestParser, responseParser } from './vectors/read-events.ts'
import { requests } from './vectors/requests.ts'
import { responses } from './vectors/responses.ts'

describe.each([
  { kind: 'response', vectors: responses, parserOf: responseParser },
  { kind: 'request', vectors: requests, parserOf: requestParser },
])('$kind vectors', ({ vectors, parserOf }) => {
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
    const events = []
    // Not one more: a parser that is not asked must not look at what follows.
    while (events.filter((event) => event.type === 'end').length < endsIn(vector.expect)) {
      const event = parser.next()
      if (event === undefined) break
      events.push(event)
    }
    const untilClose = events.at(-1)?.type === 'content'
    expect(String.fromCharCode(...parser.surplus)).toBe(untilClose ? '' : `${vector.surplus ?? ''}\x16after`)
  })
})

function endsIn(lines: readonly string[]): number {
  return lines.filter((line) => line.startsWith('end')).length
}
