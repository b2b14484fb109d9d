// Header lines and status lines, RFC 9112 §4 and §5.

import { ok } from './ok.ts'
import type { Vector } from './vector.ts'

export const heads: readonly Vector[] = [
  // Header lines, RFC 9112 §5
  {
    name: 'headers keep order, case, duplicates and inner white space',
    wire: ok('b: 1', 'A:2', 'B:\t 3  4 \t', 'Content-Length:0', 'Empty:', 'a: '),
    expect: ['head HTTP/1.1 200 OK | b: 1 | A: 2 | B: 3  4 | Content-Length: 0 | Empty:  | a: ', 'end'],
  },
  {
    name: 'every character of a token in a name',
    wire: ok("!#$%&'*+-.^_`|~09azAZ: x", 'Content-Length: 0'),
    expect: ["head HTTP/1.1 200 OK | !#$%&'*+-.^_`|~09azAZ: x | Content-Length: 0", 'end'],
  },
  {
    name: 'bytes above 0x7F in a value are text: 0x8A is no LF, 0x80 no euro sign',
    wire: ok('A: \x80\x8a\xff', 'Content-Length: 0'),
    expect: ['head HTTP/1.1 200 OK | A: \x80\x8a\xff | Content-Length: 0', 'end'],
  },
  { name: '0xBA is no colon', wire: ok('A\xba b'), expect: ['http/bad-header at 18, line 2, RFC 9110 §5.1'] },
  {
    name: '0xE3 is no "c"',
    wire: ok('\xe3ontent-Length: 5') + 'hello',
    expect: ['http/bad-header at 17, line 2, RFC 9110 §5.1'],
  },
  {
    name: 'space before the colon',
    wire: ok('Transfer-Encoding : chunked'),
    expect: ['http/bad-header at 34, line 2, RFC 9112 §5.1'],
  },
  { name: 'tab before the colon', wire: ok('A\t: b'), expect: ['http/bad-header at 18, line 2, RFC 9112 §5.1'] },
  {
    name: 'folded header line (obs-fold)',
    wire: ok('Transfer-Encoding:', ' chunked'),
    expect: ['http/bad-header at 37, line 3, RFC 9112 §5.2'],
  },
  { name: 'folded with a tab', wire: ok('A: b', '\tc'), expect: ['http/bad-header at 23, line 3, RFC 9112 §5.2'] },
  {
    name: 'space before the first header',
    wire: ok(' A: b'),
    expect: ['http/bad-header at 17, line 2, RFC 9112 §5.2'],
  },
  { name: 'header without a colon', wire: ok('nonsense'), expect: ['http/bad-header at 25, line 2, RFC 9112 §5'] },
  { name: 'empty header name', wire: ok(': b'), expect: ['http/bad-header at 17, line 2, RFC 9110 §5.1'] },
  { name: 'separator in a header name', wire: ok('A(b): c'), expect: ['http/bad-header at 18, line 2, RFC 9110 §5.1'] },
  { name: 'NUL in a value', wire: ok('A: b\0c'), expect: ['http/bad-header at 21, line 2, RFC 9110 §5.5'] },
  { name: 'DEL in a value', wire: ok('A: b\x7fc'), expect: ['http/bad-header at 21, line 2, RFC 9110 §5.5'] },
  {
    name: 'bare LF in the head',
    wire: 'HTTP/1.1 200 OK\nContent-Length: 1\n\na',
    expect: ['http/bad-line-ending at 15, line 1, RFC 9112 §2.2'],
  },
  {
    name: 'bare LF after a header',
    wire: 'HTTP/1.1 200 OK\r\nA: b\n\r\n',
    expect: ['http/bad-line-ending at 21, line 2, RFC 9112 §2.2'],
  },
  { name: 'bare CR in a value', wire: ok('A: b\rc'), expect: ['http/bad-line-ending at 21, line 2, RFC 9112 §2.2'] },
  { name: 'two CRs before the LF', wire: ok('A: b\r'), expect: ['http/bad-line-ending at 21, line 2, RFC 9112 §2.2'] },
  {
    name: 'empty line of LF alone',
    wire: 'HTTP/1.1 200 OK\r\n\n',
    expect: ['http/bad-line-ending at 17, line 2, RFC 9112 §2.2'],
  },

  // Status line, RFC 9112 §4
  {
    name: 'empty reason phrase',
    wire: 'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n',
    expect: ['head HTTP/1.1 200  | Content-Length: 0', 'end'],
  },
  {
    name: 'reason phrase of spaces, tabs and obs-text, kept as it is',
    wire: 'HTTP/1.0 299  Tr\xe8s\tbien \r\n\r\n',
    expect: ['head HTTP/1.0 299  Tr\xe8s\tbien ', 'end'],
  },
  {
    name: 'status code above 599',
    wire: 'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n',
    expect: ['head HTTP/1.1 999 Odd | Content-Length: 0', 'end'],
  },
  {
    name: 'status code 099',
    wire: 'HTTP/1.1 099 No\r\n\r\n',
    expect: ['http/bad-status-line at 9, line 1, RFC 9112 §4'],
  },
  {
    name: 'status code 20',
    wire: 'HTTP/1.1 20 OK\r\n\r\n',
    expect: ['http/bad-status-line at 11, line 1, RFC 9112 §4'],
  },
  {
    name: 'status code 2000',
    wire: 'HTTP/1.1 2000 OK\r\n\r\n',
    expect: ['http/bad-status-line at 12, line 1, RFC 9112 §4'],
  },
  {
    name: 'status code 2x0',
    wire: 'HTTP/1.1 2x0 OK\r\n\r\n',
    expect: ['http/bad-status-line at 10, line 1, RFC 9112 §4'],
  },
  {
    name: 'no space after the status code',
    wire: 'HTTP/1.1 200\r\n\r\n',
    expect: ['http/bad-status-line at 12, line 1, RFC 9112 §4'],
  },
  {
    name: 'two spaces before the status code',
    wire: 'HTTP/1.1  200 OK\r\n\r\n',
    expect: ['http/bad-status-line at 9, line 1, RFC 9112 §4'],
  },
  {
    name: 'tab before the status code',
    wire: 'HTTP/1.1\t200 OK\r\n\r\n',
    expect: ['http/bad-status-line at 8, line 1, RFC 9112 §4'],
  },
  { name: 'no status code', wire: 'HTTP/1.1\r\n\r\n', expect: ['http/bad-status-line at 8, line 1, RFC 9112 §4'] },
  {
    name: 'NUL in the reason phrase',
    wire: 'HTTP/1.1 200 O\0K\r\n\r\n',
    expect: ['http/bad-status-line at 14, line 1, RFC 9110 §5.5'],
  },
  { name: 'HTTP/1.2', wire: 'HTTP/1.2 200 OK\r\n\r\n', expect: ['http/bad-version at 7, line 1, RFC 9112 §2.3'] },
  { name: 'HTTP/1.10', wire: 'HTTP/1.10 200 OK\r\n\r\n', expect: ['http/bad-version at 8, line 1, RFC 9112 §2.3'] },
  { name: 'HTTP/2.0', wire: 'HTTP/2.0 200 OK\r\n\r\n', expect: ['http/bad-version at 5, line 1, RFC 9112 §2.3'] },
  {
    name: 'http/1.1 in lower case',
    wire: 'http/1.1 200 OK\r\n\r\n',
    expect: ['http/bad-status-line at 0, line 1, RFC 9112 §4'],
  },
  {
    name: 'an HTTP/0.9 answer',
    wire: '<html>hello</html>',
    expect: ['http/bad-status-line at 0, line 1, RFC 9112 §4'],
  },
  { name: 'another protocol', wire: 'SSH-2.0-OpenSSH_9.2', expect: ['http/bad-status-line at 0, line 1, RFC 9112 §4'] },
  {
    name: 'Shoutcast, almost HTTP',
    wire: 'ICY 200 OK\r\n\r\n',
    expect: ['http/bad-status-line at 0, line 1, RFC 9112 §4'],
  },
  { name: 'garbage after a good start', wire: 'HTTX', expect: ['http/bad-status-line at 3, line 1, RFC 9112 §4'] },
  {
    name: 'an empty line before a response',
    wire: '\r\nHTTP/1.1 200 OK\r\n\r\n',
    expect: ['http/bad-status-line at 0, line 1, RFC 9112 §4'],
  },
]
