import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProtocolError } from '@plainwire/socket-utils/errors'
import { encodeChunk, encodeLastChunk, encodeRequest, encodeResponse } from './encoder.ts'
import type { HeaderLine } from './headers.ts'
import { latin1Bytes, latin1Text } from './latin1.ts'
import { RequestParser, type RequestEvent } from './request-parser.ts'
import { ResponseParser, type ResponseEvent } from './response-parser.ts'

type AnyParser = RequestParser | ResponseParser
type AnyEvent = RequestEvent | ResponseEvent

const parsers: readonly { kind: string; create: () => AnyParser }[] = [
  { kind: 'ResponseParser', create: () => new ResponseParser() },
  { kind: 'RequestParser', create: () => new RequestParser() },
]

function pull(parser: AnyParser): AnyEvent[] {
  const events: AnyEvent[] = []
  for (let event = parser.next(); event !== undefined; event = parser.next()) events.push(event)
  return events
}

/** Bytes as the network would never send them: cut anywhere, empty pieces included. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

const ANSWER = latin1Bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')

describe('a parser that is reset', () => {
  test('counts offsets from 0, and forgets methods, the peer’s end and what it did not read', () => {
    const parser = new ResponseParser({ method: 'GET' })
    parser.expect('HEAD')
    parser.push(latin1Bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'))
    parser.push(latin1Bytes('and more'))
    parser.end()
    pull(parser)
    parser.reset()
    expect([parser.surplus, parser.head]).toEqual([new Uint8Array(0), undefined])
    parser.push(ANSWER)
    expect(pull(parser).map(({ type }) => type)).toEqual(['head', 'content', 'end'])
    parser.reset()
    parser.push(latin1Bytes('HTTP/1.1 2x'))
    expect(() => parser.next()).toThrow(expect.objectContaining({ offset: 10, line: 1 }))
  })

  test('minds no empty lines that came before, nor what was repaired in them', () => {
    const parser = new RequestParser({ leniency: ['bare-lf'], maxHeadBytes: 30 })
    parser.push(latin1Bytes('\n\n\n\n'))
    expect(parser.next()).toBeUndefined()
    parser.reset()
    parser.push(latin1Bytes('GET / HTTP/1.1\r\nHost: abcd\r\n\r\n'))
    expect(parser.next()).toMatchObject({ type: 'head', warnings: [] })
  })

  test.each([
    ['a head', 'HTTP/1.1 200'],
    ['an announced body', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok'],
    ['a body until close', 'HTTP/1.1 200 OK\r\n\r\nok'],
    ['what follows an informational response', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['a fault', 'nonsense\r\n'],
  ])('must not be in the middle of %s', (_where, wire) => {
    const parser = new ResponseParser()
    parser.push(latin1Bytes(wire))
    try {
      pull(parser)
    } catch {
      // the fault
    }
    expect(() => parser.reset()).toThrow(new TypeError('reset() in the middle of a message'))
  })
})

const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,12}$/)
/** No white space at the ends: a parser takes that off. */
const fieldText = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 20 })
  .map((text) => text.replaceAll('\x7f', '\t').replaceAll(/^[ \t]+|[ \t]+$/g, ''))
const FRAMING = /^(content-length|transfer-encoding|connection|host|trailer)$/i
const headerLines: fc.Arbitrary<HeaderLine[]> = fc.array(
  fc.tuple(
    token.filter((name) => !FRAMING.test(name)),
    fieldText,
  ),
  { maxLength: 6 },
)
const places = fc.array(fc.nat(), { maxLength: 8 })

describe.each(parsers)('$kind given any bytes', ({ create }) => {
  // Pieces of real messages reach deeper states than random bytes alone.
  const fragment = fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.0 304 \r\n',
    'HTTP/1.1 100 C\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\n',
    'POST /x HTTP/1.0\r\n',
    'Transfer-Encoding: chunked\r\n\r\n',
    'Content-Length: 12\r\n\r\n',
    '\r\n',
    'C;a="b"\r\n',
    '-5\r\n',
    '0\r\n',
    'A: b\r\n',
    '\n',
    '\r',
  )
  const piece = fc.oneof(fragment.map(latin1Bytes), fc.uint8Array({ maxLength: 30 }))

  test('gives events, undefined or a ProtocolError with an offset within them, and no other throw', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const parser = create()
        const total = pieces.reduce((sum, { length }) => sum + length, 0)
        try {
          for (const bytes of pieces) {
            parser.push(bytes)
            pull(parser)
          }
          parser.end()
          pull(parser)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
          expect((error as { offset: number }).offset).toBeLessThanOrEqual(total)
          expect(() => parser.next(), 'the same error at every later call').toThrow(error)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('parse ∘ encode is identity', () => {
  test('requests', () => {
    const target = fc.stringMatching(/^[!-~]{1,30}$/)
    const version = fc.constantFrom<'1.0' | '1.1'>('1.0', '1.1')
    fc.assert(
      fc.property(token, target, version, headerLines, places, (method, requestTarget, version, lines, places) => {
        const head = { method, requestTarget, version, headers: [['Host', 'a:80'], ...lines] as HeaderLine[] }
        const parser = new RequestParser()
        const events: AnyEvent[] = []
        for (const bytes of cut(encodeRequest(head), places)) {
          parser.push(bytes)
          events.push(...pull(parser))
        }
        expect(events.map(({ type }) => type)).toEqual(['head', 'end'])
        const [parsed] = events as [Extract<RequestEvent, { type: 'head' }>]
        expect({ ...parsed.head, headers: [...parsed.head.headers] }).toEqual(head)
        expect(encodeRequest(parsed.head)).toEqual(encodeRequest(head))
      }),
    )
  })

  test('responses, with a chunked body and trailers', () => {
    const statusCode = fc.integer({ min: 205, max: 999 }).filter((statusCode) => statusCode !== 304)
    const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 })
    fc.assert(
      fc.property(
        statusCode,
        fieldText,
        headerLines,
        chunks,
        headerLines,
        places,
        (statusCode, reasonPhrase, ...rest) => {
          const [lines, chunks, trailers, places] = rest
          const headers: HeaderLine[] = [...lines, ['Transfer-Encoding', 'chunked']]
          const head = { version: '1.1', statusCode, reasonPhrase, headers } as const
          const wire = Uint8Array.from(
            [encodeResponse(head), ...chunks.map((chunk) => encodeChunk(chunk)), encodeLastChunk(trailers)].flatMap(
              (bytes) => [...bytes],
            ),
          )
          const parser = new ResponseParser()
          const content: number[] = []
          const others: AnyEvent[] = []
          for (const bytes of cut(wire, places)) {
            parser.push(bytes)
            for (const event of pull(parser)) {
              if (event.type === 'content') content.push(...event.bytes)
              else others.push(event)
            }
          }
          expect(content).toEqual(chunks.flatMap((chunk) => [...chunk]))
          const [parsed, end] = others as [
            Extract<ResponseEvent, { type: 'head' }>,
            Extract<ResponseEvent, { type: 'end' }>,
          ]
          expect({ ...parsed.head, headers: [...parsed.head.headers] }).toEqual(head)
          expect([...end.trailers]).toEqual(trailers)
          expect(others).toHaveLength(2)
        },
      ),
    )
  })
})

describe('the ends of a connection', () => {
  test('end() finds the truncation by itself, and next() says it again', () => {
    const parser = new ResponseParser()
    parser.push(latin1Bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na'))
    pull(parser)
    expect(() => parser.end()).toThrow('connection closed in the middle of the body, at byte 39')
    expect(() => parser.next()).toThrow(expect.objectContaining({ code: 'http/truncated' }))
  })

  test('events that were not asked for before end() still come', () => {
    const parser = new ResponseParser()
    parser.push(latin1Bytes('HTTP/1.0 200 OK\r\n\r\nab'))
    parser.end()
    parser.end()
    expect(pull(parser).map(({ type }) => type)).toEqual(['head', 'content', 'end'])
    expect(parser.next()).toBeUndefined()
    expect(() => parser.push(latin1Bytes('c'))).toThrow(TypeError)
  })

  test('the surplus is empty in the middle of a message, and what is left between two', () => {
    const parser = new ResponseParser()
    parser.push(latin1Bytes('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 \r\n\r\nHTTP'))
    parser.next()
    expect(parser.surplus).toHaveLength(0)
    parser.next()
    expect(parser.surplus).toHaveLength(0)
    expect(parser.next()).toMatchObject({ type: 'end' })
    expect(parser.surplus).toEqual(latin1Bytes('HTTP'))
  })
})

describe('the two forms of reading', () => {
  const wire = latin1Bytes(
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n',
  )

  test('steps say what events say', () => {
    const parser = new ResponseParser()
    parser.push(wire)
    expect(parser.advance()).toBe('informational')
    expect(parser.head?.statusCode).toBe(100)
    expect(parser.advance()).toBe('head')
    expect(parser.head?.statusCode).toBe(200)
    expect(parser.framing).toEqual({ kind: 'chunked' })
    expect(parser.advance()).toBe('content')
    expect(latin1Text(parser.content)).toBe('abc')
    expect(latin1Text(parser.contentSource.subarray(parser.contentStart, parser.contentEnd))).toBe('abc')
    expect(parser.chunkLine).toBeUndefined()
    expect(parser.advance()).toBe('end')
    expect([...parser.trailers]).toEqual([['A', 'b']])
    expect(parser.warnings).toEqual([])
    expect(parser.advance()).toBeUndefined()
  })

  test('a head event says where its content will end, and chunks what their lines were', () => {
    const parser = new ResponseParser({ chunkLines: true })
    parser.push(wire)
    expect(pull(parser)).toMatchObject([
      { type: 'informational' },
      { type: 'head', framing: { kind: 'chunked' }, warnings: [] },
      { type: 'content', chunkLine: '3\r\n' },
      { type: 'end', chunkLine: '0\r\n' },
    ])
  })

  test('the decoder that is handed in makes all text, heads and trailers', () => {
    const decoded: string[] = []
    const decode = (bytes: Uint8Array, start: number, end: number): string => {
      decoded.push(latin1Text(bytes, start, end))
      return latin1Text(bytes, start, end).toUpperCase()
    }
    const parser = new ResponseParser({ decode })
    parser.push(latin1Bytes('HTTP/1.1 200 ok\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: b\r\n\r\n'))
    const [head, end] = pull(parser) as [
      Extract<ResponseEvent, { type: 'head' }>,
      Extract<ResponseEvent, { type: 'end' }>,
    ]
    expect(head.head.reasonPhrase).toBe('OK')
    expect([...end.trailers]).toEqual([['A', 'B']])
    expect(decoded).toEqual(['HTTP/1.1 200 ok\r\ntransfer-encoding: chunked\r\n\r\n', 'a: b\r\n\r\n'])
  })

  test('one message after the other on a connection: each has its own headers', () => {
    const parser = new ResponseParser()
    for (let number = 0; number < 9; number++) {
      const same = 'Server: a\r\nContent-Length: 0\r\n'
      parser.push(latin1Bytes(`HTTP/1.1 200 OK\r\nX-Number: ${number}\r\n${same}X-Half: ${number >> 1}\r\n\r\n`))
    }
    const heads = pull(parser).filter((event) => event.type === 'head')
    expect(heads.map(({ head }) => head.headers.lines)).toEqual(
      Array.from({ length: 9 }, (_, number) => [
        ['X-Number', String(number)],
        ['Server', 'a'],
        ['Content-Length', '0'],
        ['X-Half', String(number >> 1)],
      ]),
    )
  })
})

describe('who is something else is known by its first bytes, without a line ending', () => {
  test.each(['SSH-2.0-OpenSSH', 'HTTX', 'HTTP/2'])('%s, byte by byte', (text) => {
    const parser = new ResponseParser()
    expect(() => {
      for (const byte of latin1Bytes(text)) {
        parser.push(Uint8Array.of(byte))
        parser.next()
      }
    }).toThrow(ProtocolError)
  })
})

describe('the caller’s mistakes', () => {
  test.each([0, -1, 1.5, NaN, Infinity])('a limit of %j', (maxLineBytes) => {
    expect(() => new RequestParser({ maxLineBytes })).toThrow(
      new RangeError(`maxLineBytes must be a whole number from 1, got ${maxLineBytes}`),
    )
    expect(() => new ResponseParser({ maxHeadBytes: maxLineBytes })).toThrow(/^maxHeadBytes/)
    expect(() => new ResponseParser({ maxHeaders: maxLineBytes })).toThrow(/^maxHeaders/)
  })

  test('a leniency that there is not, from a caller without types', () => {
    const options = JSON.parse('{"leniency":["bare-lf","bare-cr"]}')
    expect(() => new ResponseParser(options)).toThrow(new TypeError('no leniency is called "bare-cr"'))
    expect(() => new RequestParser(JSON.parse('{"leniency":"loose"}'))).toThrow(TypeError)
  })

  test('a method that is no token', () => {
    expect(() => new ResponseParser({ method: 'HE AD' })).toThrow(new TypeError('method must be a token, got "HE AD"'))
  })
})
