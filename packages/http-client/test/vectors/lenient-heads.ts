// What leniencies repair in the head of a response, and the presets.

import type { Leniency } from '../../src/protocol/leniency.ts'
import { ok } from './ok.ts'
import type { Vector } from './vector.ts'

const only = (...leniency: Leniency[]) => ({ leniency })
const EMPTY = 'Content-Length: 0\r\n\r\n'
const CHUNKED = 'head HTTP/1.1 200 OK | Transfer-Encoding: chunked'

export const lenientHeads: readonly Vector[] = [
  // bare-lf, RFC 9112 §2.2
  {
    name: 'bare-lf: every line of a head',
    options: only('bare-lf'),
    wire: 'HTTP/1.1 200 OK\nA: b\nContent-Length: 1\n\nx',
    expect: [
      'head HTTP/1.1 200 OK | A: b | Content-Length: 1 ! bare-lf at 15, line 1, RFC 9112 §2.2 ! bare-lf at 20, line 2, RFC 9112 §2.2 ! bare-lf at 38, line 3, RFC 9112 §2.2 ! bare-lf at 39, line 4, RFC 9112 §2.2',
      'content "x"',
      'end',
    ],
  },
  {
    name: 'bare-lf: one among CRLFs, and none in the next message',
    options: only('bare-lf'),
    wire: `HTTP/1.1 200 OK\r\nA: b\n${EMPTY}${ok('Content-Length: 0')}`,
    expect: [
      'head HTTP/1.1 200 OK | A: b | Content-Length: 0 ! bare-lf at 21, line 2, RFC 9112 §2.2',
      'end',
      'head HTTP/1.1 200 OK | Content-Length: 0',
      'end',
    ],
  },
  {
    name: 'bare-lf: in trailers, with the end',
    options: only('bare-lf'),
    wire: `${ok('Transfer-Encoding: chunked')}0\r\nA: b\n\n`,
    expect: [CHUNKED, 'end | A: b ! bare-lf at 54, line 5, RFC 9112 §2.2 ! bare-lf at 55, line 6, RFC 9112 §2.2'],
  },
  {
    name: 'bare-lf: never after a chunk size',
    options: { leniency: 'lenient' },
    wire: `${ok('Transfer-Encoding: chunked')}1\na\r\n0\r\n\r\n`,
    expect: [CHUNKED, 'http/bad-line-ending at 48, line 4, RFC 9112 §2.2'],
  },
  {
    name: 'bare-lf: never in a chunk extension (CVE-2025-55315)',
    options: { leniency: 'lenient' },
    wire: `${ok('Transfer-Encoding: chunked')}1;a\nxx\r\na\r\n0\r\n\r\n`,
    expect: [CHUNKED, 'http/bad-line-ending at 50, line 4, RFC 9112 §2.2'],
  },
  {
    name: 'bare-lf: never after a chunk',
    options: { leniency: 'lenient' },
    wire: `${ok('Transfer-Encoding: chunked')}1\r\na\n0\r\n\r\n`,
    expect: [CHUNKED, 'content "a"', 'http/bad-chunk at 51, line 5, RFC 9112 §7.1'],
  },
  {
    name: 'bare-lf: a CR alone ends no line under any leniency',
    options: { leniency: 'lenient' },
    wire: ok('A: b\rc'),
    expect: ['http/bad-line-ending at 21, line 2, RFC 9112 §2.2'],
  },
  {
    name: 'bare-lf: a line over its limit stays refused',
    options: { ...only('bare-lf'), maxLineBytes: 16 },
    wire: 'HTTP/1.1 200 OK\nContent-Length: 1\n\nx',
    expect: ['http/line-too-long at 32, line 2, RFC 9112 §3'],
  },

  // empty-line-before-response
  {
    name: 'empty-line-before-response: two, the second of LF alone',
    options: only('empty-line-before-response', 'bare-lf'),
    wire: `\r\n\nHTTP/1.1 200 OK\r\n${EMPTY}`,
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 0 ! empty-line-before-response at 0, line 1, RFC 9112 §2.2 ! empty-line-before-response at 2, line 2, RFC 9112 §2.2 ! bare-lf at 2, line 2, RFC 9112 §2.2',
      'end',
    ],
  },
  {
    name: 'empty-line-before-response: after a body too',
    options: only('empty-line-before-response'),
    wire: `${ok('Content-Length: 1')}x\r\n${ok('Content-Length: 0')}`,
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 1',
      'content "x"',
      'end',
      'head HTTP/1.1 200 OK | Content-Length: 0 ! empty-line-before-response at 39, line 1, RFC 9112 §2.2',
      'end',
    ],
  },
  {
    name: 'empty-line-before-response: a fault after it is on the second line',
    options: only('empty-line-before-response'),
    wire: '\r\nHTTX',
    expect: ['http/bad-status-line at 5, line 2, RFC 9112 §4'],
  },

  // obs-fold
  {
    name: 'obs-fold: joined with one space, trailing white space taken off',
    options: only('obs-fold'),
    wire: ok('A: b \t', '\t c\t', ' d', 'Content-Length: 0'),
    expect: [
      'head HTTP/1.1 200 OK | A: b c d | Content-Length: 0 ! obs-fold at 25, line 3, RFC 9112 §5.2 ! obs-fold at 31, line 4, RFC 9112 §5.2',
      'end',
    ],
  },
  {
    name: 'obs-fold: a framing field that is folded counts, and warns',
    options: only('obs-fold'),
    wire: ok('Transfer-Encoding:', ' chunked') + '1\r\na\r\n0\r\n\r\n',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: chunked ! obs-fold at 37, line 3, RFC 9112 §5.2',
      'content "a"',
      'end',
    ],
  },
  {
    name: 'obs-fold: a line of white space alone adds nothing',
    options: only('obs-fold'),
    wire: ok('A: b', ' \t', 'Content-Length: 0'),
    expect: ['head HTTP/1.1 200 OK | A: b | Content-Length: 0 ! obs-fold at 23, line 3, RFC 9112 §5.2', 'end'],
  },
  {
    name: 'obs-fold: not before the first header',
    options: { leniency: 'lenient' },
    wire: ok(' A: b'),
    expect: ['http/bad-header at 17, line 2, RFC 9112 §5.2'],
  },
  {
    name: 'obs-fold: a folded Content-Length of two numbers is no number',
    options: only('obs-fold'),
    wire: ok('Content-Length: 1', ' 2') + 'ab',
    expect: ['http/bad-content-length at 34, line 2, RFC 9110 §8.6'],
  },

  // space-before-colon
  {
    name: 'space-before-colon: taken off, and the field counts',
    options: only('space-before-colon'),
    wire: ok('Content-Length \t: 1') + 'x',
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 1 ! space-before-colon at 31, line 2, RFC 9112 §5.1',
      'content "x"',
      'end',
    ],
  },
  {
    name: 'space-before-colon: not inside a name',
    options: only('space-before-colon'),
    wire: ok('A B: c'),
    expect: ['http/bad-header at 18, line 2, RFC 9112 §5.1'],
  },
  {
    name: 'space-before-colon: not instead of a name',
    options: only('space-before-colon'),
    wire: ok('A: b', ': c'),
    expect: ['http/bad-header at 23, line 3, RFC 9110 §5.1'],
  },

  // line-without-colon
  {
    name: 'line-without-colon: dropped',
    options: only('line-without-colon'),
    wire: ok('nonsense here', 'Content-Length: 0'),
    expect: ['head HTTP/1.1 200 OK | Content-Length: 0 ! line-without-colon at 17, line 2, RFC 9112 §5', 'end'],
  },
  {
    name: 'line-without-colon: one after another',
    options: only('line-without-colon'),
    wire: ok('a', '@', 'Content-Length: 0'),
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 0 ! line-without-colon at 17, line 2, RFC 9112 §5 ! line-without-colon at 20, line 3, RFC 9112 §5',
      'end',
    ],
  },
  {
    name: 'line-without-colon: a bad name with a colon stays refused',
    options: only('line-without-colon'),
    wire: ok('A(b): c'),
    expect: ['http/bad-header at 18, line 2, RFC 9110 §5.1'],
  },

  // control-in-value
  {
    name: 'control-in-value: kept, in the reason phrase too',
    options: only('control-in-value'),
    wire: 'HTTP/1.1 200 O\x01K\r\nA: \x7fb\x0bc\r\nContent-Length: 0\r\n\r\n',
    expect: [
      'head HTTP/1.1 200 O\x01K | A: \x7fb\x0bc | Content-Length: 0 ! control-in-value at 14, line 1, RFC 9110 §5.5 ! control-in-value at 21, line 2, RFC 9110 §5.5 ! control-in-value at 23, line 2, RFC 9110 §5.5',
      'end',
    ],
  },
  {
    name: 'control-in-value: NUL stays refused',
    options: { leniency: 'lenient' },
    wire: ok('A: b\0c'),
    expect: ['http/bad-header at 21, line 2, RFC 9110 §5.5'],
  },
  {
    name: 'control-in-value: a vertical tab is no white space before chunked',
    options: { leniency: 'lenient' },
    wire: ok('Transfer-Encoding: \x0bchunked') + 'abc',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: \x0bchunked ! control-in-value at 36, line 2, RFC 9110 §5.5',
      'content "abc"',
      'end',
    ],
  },

  // Start line
  {
    name: 'no-space-after-status: an empty reason phrase',
    options: only('no-space-after-status'),
    wire: `HTTP/1.1 404\r\n${EMPTY}`,
    expect: ['head HTTP/1.1 404  | Content-Length: 0 ! no-space-after-status at 12, line 1, RFC 9112 §4', 'end'],
  },
  {
    name: 'no-space-after-status: junk there stays refused',
    options: { leniency: 'lenient' },
    wire: 'HTTP/1.1 2000 OK\r\n\r\n',
    expect: ['http/bad-status-line at 12, line 1, RFC 9112 §4'],
  },
  {
    name: 'higher-minor-version: HTTP/1.2 is read as HTTP/1.1, and persists',
    options: only('higher-minor-version'),
    wire: `HTTP/1.2 200 OK\r\n${EMPTY}HTTP/1.9 200 OK\r\n${EMPTY}`,
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 0 ! higher-minor-version at 7, line 1, RFC 9110 §2.5',
      'end',
      'head HTTP/1.1 200 OK | Content-Length: 0 ! higher-minor-version at 45, line 1, RFC 9110 §2.5',
      'end',
    ],
  },
  {
    name: 'higher-minor-version: HTTP/1.10 and HTTP/2.0 stay refused',
    options: { leniency: 'lenient' },
    wire: 'HTTP/1.10 200 OK\r\n\r\n',
    expect: ['http/bad-version at 8, line 1, RFC 9112 §2.3'],
  },

  // Presets
  {
    name: 'browser: what browsers repair',
    options: { leniency: 'browser' },
    wire: 'HTTP/1.1 200\nnonsense\nContent-Length: 1\nContent-Length: 1\n\nx',
    expect: [
      'head HTTP/1.1 200  | Content-Length: 1 | Content-Length: 1 ! no-space-after-status at 12, line 1, RFC 9112 §4 ! bare-lf at 12, line 1, RFC 9112 §2.2 ! line-without-colon at 13, line 2, RFC 9112 §5 ! bare-lf at 21, line 2, RFC 9112 §2.2 ! bare-lf at 39, line 3, RFC 9112 §2.2 ! bare-lf at 57, line 4, RFC 9112 §2.2 ! bare-lf at 58, line 5, RFC 9112 §2.2 ! equal-content-lengths at 40, line 4, RFC 9110 §8.6',
      'content "x"',
      'end',
    ],
  },
  {
    name: 'browser: but not Transfer-Encoding in HTTP/1.0',
    options: { leniency: 'browser' },
    wire: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    expect: ['http/bad-transfer-encoding at 17, line 2, RFC 9112 §6.1'],
  },
  {
    name: 'strict is the default, and can be said',
    options: { leniency: 'strict' },
    wire: 'HTTP/1.1 404\r\n\r\n',
    expect: ['http/bad-status-line at 12, line 1, RFC 9112 §4'],
  },
]
