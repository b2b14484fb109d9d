import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MessageEncoder } from './encoder.ts'
import { HeaderList } from './headers.ts'
import { latin1Bytes, latin1Text } from './latin1.ts'
import { RequestParser, type RequestEvent } from './request-parser.ts'
import { ResponseParser, type ResponseEvent } from './response-parser.ts'

type AnyEvent = RequestEvent | ResponseEvent

function encoded(parser: RequestParser | ResponseParser, pieces: readonly Uint8Array[]): string {
  const encoder = new MessageEncoder()
  let text = ''
  const pull = (): void => {
    for (let event: AnyEvent | undefined = parser.next(); event !== undefined; event = parser.next()) {
      text += latin1Text(encoder.encode(event))
    }
  }
  for (const piece of pieces) {
    parser.push(piece)
    pull()
  }
  parser.end()
  pull()
  return text
}

const ows = fc.stringMatching(/^[ \t]{0,3}$/)
const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,9}$/)
const text = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 20 })
  .map((value) => value.replaceAll('\x7f', '\t'))
const FRAMING = /^(content-length|transfer-encoding|connection|host|trailer)$/i
const fieldLine = fc
  .tuple(
    token.filter((name) => !FRAMING.test(name)),
    ows,
    text,
    ows,
  )
  .map(([name, before, value, after]) => `${name}:${before}${value}${after}\r\n`)
const fieldLines = fc.array(fieldLine, { maxLength: 5 }).map((lines) => lines.join(''))
const extension = fc.oneof(
  fc.constant(''),
  fc.tuple(ows, token, token).map(([space, name, value]) => `${space};${name}${space}=${space}${value}`),
  token.map((name) => `;${name}="a;\\"\xe4"`),
)
const chunk = fc
  .tuple(fc.stringMatching(/^[ -~\r\n]{1,20}$/), extension, fc.nat({ max: 3 }), fc.boolean())
  .map(([content, extension, zeros, upper]) => {
    const size = '0'.repeat(zeros) + content.length.toString(16)
    return `${upper ? size.toUpperCase() : size}${extension}\r\n${content}\r\n`
  })
const chunkedBody = fc
  .tuple(fc.array(chunk, { maxLength: 4 }), fc.nat({ max: 3 }), extension, fieldLines)
  .map(
    ([chunks, zeros, extension, trailers]) => `${chunks.join('')}0${'0'.repeat(zeros)}${extension}\r\n${trailers}\r\n`,
  )
const cuts = fc.array(fc.nat(), { maxLength: 6 })

function cut(wire: string, places: readonly number[]): Uint8Array[] {
  const bytes = latin1Bytes(wire)
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

describe('encode ∘ parse is identity, byte for byte', () => {
  test('requests, with white space, chunk sizes and extensions as they came', () => {
    fc.assert(
      fc.property(token, fieldLines, chunkedBody, ows, cuts, (method, lines, body, space, places) => {
        fc.pre(method !== 'CONNECT')
        const wire =
          `${method} /a HTTP/1.1\r\n${lines}Host:${space}b\r\nTransfer-Encoding:${space}chunked\r\n\r\n${body}` +
          `GET /c HTTP/1.0\r\n${lines}\r\n`
        expect(encoded(new RequestParser({ chunkLines: true }), cut(wire, places))).toBe(wire)
      }),
    )
  })

  test('responses, interim ones first, of known length or until the connection closes', () => {
    fc.assert(
      fc.property(text, fieldLines, chunkedBody, text, cuts, (reason, lines, body, last, places) => {
        const wire =
          `HTTP/1.1 103 ${reason}\r\n${lines}\r\nHTTP/1.1 299 \r\n${lines}transfer-encoding: CHUNKED\r\n\r\n${body}` +
          `HTTP/1.1 200 ${reason}\r\ncontent-length:  3\r\n\r\nabcHTTP/1.0 200 OK\r\n${lines}\r\n${last}`
        expect(encoded(new ResponseParser({ chunkLines: true }), cut(wire, places))).toBe(wire)
      }),
    )
  })
})

describe('events from elsewhere', () => {
  const head = {
    type: 'head',
    head: {
      version: '1.1',
      statusCode: 200,
      reasonPhrase: '',
      headers: new HeaderList([['Transfer-Encoding', 'chunked']]),
    },
    framing: { kind: 'chunked' },
    warnings: [],
  } as const
  const content = (text: string, chunkLine?: string): AnyEvent => ({
    type: 'content',
    bytes: latin1Bytes(text),
    ...(chunkLine === undefined ? {} : { chunkLine }),
  })
  const end = { type: 'end', trailers: new HeaderList([['A', 'b']]), warnings: [] } as const
  const encode = (...events: AnyEvent[]): string => {
    const encoder = new MessageEncoder()
    return events.map((event) => latin1Text(encoder.encode(event))).join('')
  }
  const START = 'HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n'

  test('without lines of their own chunks are made, and trailers follow', () => {
    expect(encode(head, content('twelve bytes'), content(''), end)).toBe(
      `${START}C\r\ntwelve bytes\r\n0\r\nA: b\r\n\r\n`,
    )
  })

  test('a chunk in pieces', () => {
    expect(encode(head, content('ab', '3;x\r\n'), content('c'), { ...end, chunkLine: '00\r\n' })).toBe(
      `${START}3;x\r\nabc\r\n00\r\nA: b\r\n\r\n`,
    )
  })

  test.each(['3', '3\r\n\r\n', 'x\r\n', '3\r\nab', '-1\r\n', ''])('a chunk line %j', (line) => {
    expect(() => encode(head, content('abc', line))).toThrow(/chunk/)
  })

  test('a chunk shorter or longer than its line says, a last one that is not empty', () => {
    const shorter = (): string => encode(head, content('ab', '3\r\n'), end)
    expect(shorter).toThrow(new RangeError('a chunk lacks 1 bytes of what its line said'))
    expect(() => encode(head, content('abcd', '3\r\n'), content('x', '1\r\n'))).toThrow(RangeError)
    expect(() => encode(head, { ...end, chunkLine: '1\r\n' })).toThrow(
      new RangeError('the last chunk must be empty, got "1\\r\\n"'),
    )
  })
})
