// What a server may make a parser hold.

import { ok } from './ok.ts'
import type { Vector } from './vector.ts'

export const limits: readonly Vector[] = [
  // Limits
  {
    name: 'a header line just within maxLineBytes',
    options: { maxLineBytes: 17 },
    wire: ok('Content-Length: 0'),
    expect: ['head HTTP/1.1 200 OK | Content-Length: 0', 'end'],
  },
  {
    name: 'a header line over maxLineBytes',
    options: { maxLineBytes: 16 },
    wire: ok('Content-Length: 0'),
    expect: ['http/line-too-long at 33, line 2, RFC 9112 §3'],
  },
  {
    name: 'chunk extensions just within maxChunkExtensionBytes',
    options: { maxChunkExtensionBytes: 8 },
    wire: ok('Transfer-Encoding: chunked') + '1;abc\r\na\r\n0;def\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'content "a"', 'end'],
  },
  {
    name: 'chunk extensions over maxChunkExtensionBytes, all chunks together',
    options: { maxChunkExtensionBytes: 7 },
    wire: ok('Transfer-Encoding: chunked') + '1;abc\r\na\r\n0;def\r\n\r\n',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: chunked',
      'content "a"',
      'http/chunk-extensions-too-large at 61, line 6, RFC 9112 §7.1.1',
    ],
  },
  {
    name: 'trailers of exactly maxTrailerBytes',
    options: { maxTrailerBytes: 8 },
    wire: ok('Transfer-Encoding: chunked') + '0\r\nA: b\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'end | A: b'],
  },
  {
    name: 'trailers of one byte more than maxTrailerBytes',
    options: { maxTrailerBytes: 7 },
    wire: ok('Transfer-Encoding: chunked') + '0\r\nA: b\r\n\r\n',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: chunked',
      'http/trailers-too-large at 56, line 6, RFC 9110 §5.4',
    ],
  },
  {
    name: 'a head of exactly maxHeadBytes',
    options: { maxHeadBytes: 38 },
    wire: ok('Content-Length: 0'),
    expect: ['head HTTP/1.1 200 OK | Content-Length: 0', 'end'],
  },
  {
    name: 'a head of one byte more than maxHeadBytes',
    options: { maxHeadBytes: 37 },
    wire: ok('Content-Length: 0'),
    expect: ['http/head-too-large at 36, line 3, RFC 9110 §5.4'],
  },
  {
    name: 'the limit counts one head, not the connection',
    options: { maxHeadBytes: 38 },
    wire: ok('Content-Length: 0') + ok('Content-Length: 0'),
    expect: ['head HTTP/1.1 200 OK | Content-Length: 0', 'end', 'head HTTP/1.1 200 OK | Content-Length: 0', 'end'],
  },
  {
    name: 'a head of maxHeaders lines',
    options: { maxHeaders: 2 },
    wire: ok('A: b', 'Content-Length: 0'),
    expect: ['head HTTP/1.1 200 OK | A: b | Content-Length: 0', 'end'],
  },
  {
    name: 'one header too many',
    options: { maxHeaders: 2 },
    wire: ok('A: b', 'C: d', 'Content-Length: 0'),
    expect: ['http/too-many-headers at 29, line 4, RFC 9110 §5.4'],
  },
  {
    name: 'one trailer too many',
    options: { maxHeaders: 1 },
    wire: ok('Transfer-Encoding: chunked') + '0\r\nA: b\r\nC: d\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'http/too-many-headers at 56, line 6, RFC 9110 §5.4'],
  },
]
