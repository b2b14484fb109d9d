// What leniencies repair in what says where the content of a response ends.

import type { Leniency } from '../../src/protocol/leniency.ts'
import { ok } from './ok.ts'
import type { Vector } from './vector.ts'

const only = (...leniency: Leniency[]) => ({ leniency })
const CHUNKED = 'head HTTP/1.1 200 OK | Transfer-Encoding: chunked'

export const lenientFraming: readonly Vector[] = [
  // Framing: each repair warns, and the connection ends with the message
  {
    name: 'equal-content-lengths: on two lines',
    options: only('equal-content-lengths'),
    wire: ok('Content-Length: 1', 'content-length: 01') + 'aHTTP',
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 1 | content-length: 01 ! equal-content-lengths at 36, line 3, RFC 9110 §8.6',
      'content "a"',
      'end',
    ],
    surplus: 'HTTP',
  },
  {
    name: 'equal-content-lengths: in a list',
    options: only('equal-content-lengths'),
    wire: ok('Content-Length: 1 ,1,\t1') + 'a',
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 1 ,1,\t1 ! equal-content-lengths at 33, line 2, RFC 9110 §8.6',
      'content "a"',
      'end',
    ],
  },
  {
    name: 'equal-content-lengths: unequal ones stay refused',
    options: { leniency: 'lenient' },
    wire: ok('Content-Length: 1', 'Content-Length: 2') + 'ab',
    expect: ['http/bad-content-length at 36, line 3, RFC 9112 §6.3'],
  },
  {
    name: 'equal-content-lengths: an unequal member of a list stays refused',
    options: { leniency: 'lenient' },
    wire: ok('Content-Length: 1, 2') + 'ab',
    expect: ['http/bad-content-length at 34, line 2, RFC 9110 §8.6'],
  },
  {
    name: 'equal-content-lengths: equal junk stays refused',
    options: { leniency: 'lenient' },
    wire: ok('Content-Length: +1', 'Content-Length: +1') + 'a',
    expect: ['http/bad-content-length at 37, line 3, RFC 9112 §6.3'],
  },
  {
    name: 'length-beside-coding: chunked wins, the rest is surplus',
    options: only('length-beside-coding'),
    wire: ok('Content-Length: 9', 'Transfer-Encoding: chunked') + '1\r\na\r\n0\r\n\r\nHTTP',
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 9 | Transfer-Encoding: chunked ! length-beside-coding at 17, line 2, RFC 9112 §6.3',
      'content "a"',
      'end',
    ],
    surplus: 'HTTP',
  },
  {
    name: 'coding-in-http10: chunked counts, the rest is surplus though it says keep-alive',
    options: only('coding-in-http10'),
    wire: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nHTTP',
    expect: [
      'head HTTP/1.0 200 OK | Connection: keep-alive | Transfer-Encoding: chunked ! coding-in-http10 at 41, line 3, RFC 9112 §6.1',
      'content "a"',
      'end',
    ],
    surplus: 'HTTP',
  },
  {
    name: 'chunked twice stays refused under any leniency',
    options: { leniency: 'lenient' },
    wire: ok('Transfer-Encoding: chunked, chunked') + '0\r\n\r\n',
    expect: ['http/bad-transfer-encoding at 36, line 2, RFC 9112 §6.1'],
  },

  // Chunks
  {
    name: 'space-after-chunk-size: before CRLF, also after an extension',
    options: only('space-after-chunk-size'),
    wire: `${ok('Transfer-Encoding: chunked')}1 \t\r\na\r\n1;b \r\nc\r\n0;d=e \r\n\r\n`,
    expect: [
      CHUNKED,
      'content "ac"',
      'end ! space-after-chunk-size at 50, line 4, RFC 9112 §7.1.1 ! space-after-chunk-size at 59, line 6, RFC 9112 §7.1.1 ! space-after-chunk-size at 70, line 8, RFC 9112 §7.1.1',
    ],
  },
  {
    name: 'space-after-chunk-size: not before the size',
    options: { leniency: 'lenient' },
    wire: `${ok('Transfer-Encoding: chunked')} 1\r\na\r\n0\r\n\r\n`,
    expect: [CHUNKED, 'http/bad-chunk at 47, line 4, RFC 9112 §7.1'],
  },
  ...['0x1', '-5', '+1', '', 'zz'].map((size): Vector => ({
    name: `chunk size ${JSON.stringify(size)} stays refused under any leniency`,
    options: { leniency: 'lenient' },
    wire: `${ok('Transfer-Encoding: chunked')}${size}\r\nabc\r\n0\r\n\r\n`,
    expect: [CHUNKED, `http/bad-chunk at ${size === '0x1' ? 48 : 47}, line 4, RFC 9112 §7.1`],
  })),
]
