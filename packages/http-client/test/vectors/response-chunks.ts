// Chunked content, RFC 9112 §7.1.

import { ok } from './ok.ts'
import type { Vector } from './vector.ts'

export const chunks: readonly Vector[] = [
  // Chunked, RFC 9112 §7.1
  {
    name: 'chunks with an extension and a trailer',
    wire: ok('Transfer-Encoding: chunked') + '4\r\nWiki\r\nC;name=value\r\npedia, plain\r\n0\r\nExpires: now\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'content "Wikipedia, plain"', 'end | Expires: now'],
  },
  {
    name: 'sizes in either case and with leading zeros; CHUNKED in any case',
    wire: ok('transfer-encoding: ChunKed') + '00b\r\nhello world\r\nB\r\n, my friend\r\n000\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | transfer-encoding: ChunKed', 'content "hello world, my friend"', 'end'],
  },
  {
    name: 'content that looks like chunks and line endings',
    wire: ok('Transfer-Encoding: chunked') + 'A\r\n\r\n0\r\n\r\n\r\n\n\r\n0\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'content "\\r\\n0\\r\\n\\r\\n\\r\\n\\n"', 'end'],
  },
  {
    name: 'extensions: bad white space, no value, quoted string with escapes',
    wire: ok('Transfer-Encoding: chunked') + '3 ; a\t=\tb;c;d="x;\\"\xe9"\r\nabc\r\n0\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'content "abc"', 'end'],
  },
  {
    name: 'an extension on the last chunk',
    wire: ok('Transfer-Encoding: chunked') + '0;last\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'end'],
  },
  {
    name: 'a coding before chunked stays on the content',
    wire: ok('Transfer-Encoding: gzip', 'Transfer-Encoding: chunked') + '2\r\n\x1f\x8b\r\n0\r\n\r\n',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: gzip | Transfer-Encoding: chunked',
      'content "\\u001f\x8b"',
      'end',
    ],
  },
  {
    name: 'a chunked response, then another',
    wire: ok('Transfer-Encoding: chunked') + '1\r\na\r\n0\r\n\r\n' + ok('Content-Length: 1') + 'b',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: chunked',
      'content "a"',
      'end',
      'head HTTP/1.1 200 OK | Content-Length: 1',
      'content "b"',
      'end',
    ],
  },
  {
    name: 'trailers keep order, case and duplicates',
    wire: ok('Transfer-Encoding: chunked') + '0\r\nB: 1\r\na:  2 \r\nB: 3\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'end | B: 1 | a: 2 | B: 3'],
  },
  ...[
    ['"0x1"', '0x1', 48],
    ['"-5", on which http-parser-js never ends', '-5', 47],
    ['"+1"', '+1', 47],
    ['"1 " with a space after it', '1 ', 49],
    ['" 1" with a space before it', ' 1', 47],
    ['empty', '', 47],
    ['"zz"', 'zz', 47],
    ['"1_0"', '1_0', 48],
    ['of 17 digits', '10000000000000001', 61],
    ['of 17 zeros', '00000000000000000', 63],
    ['of 2^53', '20000000000000', 60],
    ['with an empty extension', '1;', 49],
    ['with an extension without a name', '1;=x', 49],
    ['with an extension without its value', '1;a=', 51],
    ['with a space after its extension', '1;a ', 51],
    ['with a space after the extension’s value', '1;a=b ', 53],
    ['with junk after an extension', '1;a=b c', 53],
    ['with junk after an extension’s name', '1;a b', 51],
    ['with junk after a quoted string', '1;a="b"c', 54],
    ['with two values', '1;a=b=c', 52],
    ['with an open quoted string', '1;a="b', 53],
    ['with a quoted string that ends in its escape', '1;a="b\\', 54],
    ['with NUL in a quoted string', '1;a="\0"', 52],
    ['with NUL behind a backslash', '1;a="\\\0"', 53],
    ['with an escape outside of quotes', '1;a=\\b', 51],
  ].map(([what, size, offset]): Vector => ({
    name: `chunk size ${what}`,
    wire: ok('Transfer-Encoding: chunked') + `${size}\r\nabc\r\n0\r\n\r\n`,
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', `http/bad-chunk at ${offset}, line 4, RFC 9112 §7.1`],
  })),
  {
    name: 'the largest chunk size there can be, cut off',
    wire: ok('Transfer-Encoding: chunked') + '1FFFFFFFFFFFFF\r\nabc',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: chunked',
      'content "abc"',
      'http/truncated at 66, line 5, RFC 9112 §8',
    ],
  },
  {
    name: 'bare LF after a chunk size',
    wire: ok('Transfer-Encoding: chunked') + '1\na\r\n0\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'http/bad-line-ending at 48, line 4, RFC 9112 §2.2'],
  },
  {
    name: 'bare LF in a chunk extension (CVE-2025-55315)',
    wire: ok('Transfer-Encoding: chunked') + '1;a\nxx\r\na\r\n0\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'http/bad-line-ending at 50, line 4, RFC 9112 §2.2'],
  },
  {
    name: 'bare CR in a chunk extension',
    wire: ok('Transfer-Encoding: chunked') + '1;a\rxx\r\na\r\n0\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'http/bad-line-ending at 50, line 4, RFC 9112 §2.2'],
  },
  {
    name: 'a chunk longer than its size',
    wire: ok('Transfer-Encoding: chunked') + '1\r\nab\r\n0\r\n\r\n',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: chunked',
      'content "a"',
      'http/bad-chunk at 51, line 5, RFC 9112 §7.1',
    ],
  },
  {
    name: 'two bytes that are no CRLF after a chunk (CVE-2025-43859)',
    wire: ok('Transfer-Encoding: chunked') + '1\r\na\rX0\r\n\r\n',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: chunked',
      'content "a"',
      'http/bad-chunk at 52, line 5, RFC 9112 §7.1',
    ],
  },
  {
    name: 'bare LF after a chunk',
    wire: ok('Transfer-Encoding: chunked') + '1\r\na\n0\r\n\r\n',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: chunked',
      'content "a"',
      'http/bad-chunk at 51, line 5, RFC 9112 §7.1',
    ],
  },
  ...['Content-Length: 1', 'transfer-encoding: chunked', 'Host: a', 'Trailer: b', 'Connection: close'].map(
    (line): Vector => ({
      name: `trailer ${line}, RFC 9110 §6.5.1`,
      wire: ok('Transfer-Encoding: chunked') + `0\r\n${line}\r\n\r\n`,
      expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'http/bad-trailer at 50, line 5, RFC 9110 §6.5.1'],
    }),
  ),
  {
    name: 'a trailer without a colon',
    wire: ok('Transfer-Encoding: chunked') + '0\r\nnonsense\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'http/bad-header at 58, line 5, RFC 9112 §5'],
  },
]
