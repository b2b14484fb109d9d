import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dissectBytes } from '@plainwire/socket-utils/hexdump'
import { dissectRequests, dissectResponses } from './dissection.ts'
import { latin1Bytes, latin1Text } from './latin1.ts'

type Labelled = [text: string, label: string]

function labelled(wire: string, spans: readonly { offset: number; length: number; label: string }[]): Labelled[] {
  return spans.map(({ offset, length, label }) => [wire.slice(offset, offset + length), label])
}

const responses = (wire: string, options = {}): Labelled[] =>
  labelled(wire, dissectResponses(latin1Bytes(wire), options))
const requests = (wire: string): Labelled[] => labelled(wire, dissectRequests(latin1Bytes(wire)))

describe('which bytes are what', () => {
  test('a chunked response: status line, each header, each chunk, the trailers', () => {
    const wire =
      'HTTP/1.1 200 OK\r\nServer:  a \r\nTransfer-Encoding: chunked\r\n\r\n' +
      '4\r\nWiki\r\nC;name=value;b\r\npedia, plain\r\n0\r\nExpires: now\r\n\r\n'
    expect(responses(wire)).toEqual([
      ['HTTP/1.1 200 OK\r\n', 'status line "200 OK"'],
      ['Server:  a \r\n', 'header Server'],
      ['Transfer-Encoding: chunked\r\n', 'header Transfer-Encoding'],
      ['\r\n', 'empty line: the head ends'],
      ['4\r\n', 'chunk of 4 bytes'],
      ['Wiki', 'content, 4 bytes'],
      ['\r\n', 'end of the chunk'],
      ['C;name=value;b\r\n', 'chunk of 12 bytes, extended by "name=value;b"'],
      ['pedia, plain', 'content, 12 bytes'],
      ['\r\n', 'end of the chunk'],
      ['0\r\n', 'last chunk'],
      ['Expires: now\r\n', 'trailer Expires'],
      ['\r\n', 'empty line: the body ends'],
    ])
  })

  test('informational, HEAD, a chunk of one byte, another message', () => {
    const wire =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'
    expect(responses(wire, { methods: ['HEAD'] }).map(([, label]) => label)).toEqual([
      'status line "100 Continue"',
      'empty line: the head ends',
      'status line "200 OK"',
      'header Content-Length',
      'empty line: the head ends',
      'status line "200"',
      'header Transfer-Encoding',
      'empty line: the head ends',
      'chunk of 1 byte',
      'content, 1 byte',
      'end of the chunk',
      'last chunk',
      'empty line: the body ends',
    ])
  })

  test('requests: empty lines before, a body, what is behind the last one', () => {
    const wire = '\r\nPOST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabcGET'
    expect(requests(wire)).toEqual([
      ['\r\n', 'empty line before a message'],
      ['POST /a HTTP/1.1\r\n', 'request line "POST /a"'],
      ['Host: b\r\n', 'header Host'],
      ['Content-Length: 3\r\n', 'header Content-Length'],
      ['Connection: close\r\n', 'header Connection'],
      ['\r\n', 'empty line: the head ends'],
      ['abc', 'content, 3 bytes'],
      ['GET', 'behind the last message, 3 bytes'],
    ])
  })

  test('a fault, from its byte to the end', () => {
    expect(responses('HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n')).toEqual([
      ['\0c\r\n\r\n', 'refused: control character in "b\\u0000", at byte 21'],
    ])
  })

  test.each([
    ['zz\r\n', [['zz\r\n', expect.stringMatching(/^refused: bad chunk size "z"/)]]],
    ['4', []],
  ])('what ended the chunk before a line that is refused or cut: %j', (line, spans) => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(responses(`${head}3\r\nabc\r\n${line}`).slice(3)).toEqual([
      ['3\r\n', 'chunk of 3 bytes'],
      ['abc', 'content, 3 bytes'],
      ['\r\n', 'end of the chunk'],
      ...spans,
    ])
  })

  test('repairs: a line that was folded belongs to its header, and LF ends a head', () => {
    expect(responses('HTTP/1.0 200 OK\nA: b\n c\n\nx', { leniency: 'lenient' })).toEqual([
      ['HTTP/1.0 200 OK\n', 'status line "200 OK"'],
      ['A: b\n c\n', 'header A'],
      ['\n', 'empty line: the head ends'],
      ['x', 'content, 1 byte'],
    ])
  })

  test('HTTP/0.9', () => {
    expect(responses('hello', { http09: true })).toEqual([['hello', 'content, 5 bytes']])
    const request = 'GET /a\r\n'
    expect(labelled(request, dissectRequests(latin1Bytes(request), { http09: true }))).toEqual([
      ['GET /a\r\n', 'request line "GET /a"'],
    ])
  })

  test('a head that is not complete has no label', () => {
    expect(responses('HTTP/1.1 200 OK\r\nA: b\r\n')).toEqual([])
  })
})

test('the spans of any bytes fit them', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'HTTP/1.1 200 OK\r\n',
      'Transfer-Encoding: chunked\r\n\r\n',
      'A: b\r\n',
      '\r\n',
      '3\r\nabc\r\n',
      '0\r\n',
    ),
    fc.uint8Array({ maxLength: 5 }).map((bytes) => latin1Text(bytes)),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const bytes = latin1Bytes(pieces.join(''))
      for (const spans of [dissectResponses(bytes, { leniency: 'lenient' }), dissectRequests(bytes)]) {
        const dumped = dissectBytes(bytes, spans).map(({ hex }) => hex.replaceAll(' ', ''))
        expect(dumped.join('')).toHaveLength(bytes.length * 2)
      }
    }),
    { numRuns: 500 },
  )
})
