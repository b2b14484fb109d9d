// Written from RFC 9112, 9110 and 1945; the refusals cover the odd and bad responses that other clients accept.

import type { Vector } from './vector.ts'

/** A complete head with these header lines. */
const ok = (...lines: string[]): string => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n')

export const responses: readonly Vector[] = [
  // Bodies, RFC 9112 §6.3
  {
    name: 'Content-Length, HTTP/1.1',
    wire: ok('Content-Length: 5') + 'hello',
    expect: ['head HTTP/1.1 200 OK | Content-Length: 5', 'content "hello"', 'end'],
  },
  {
    name: 'Content-Length: 0',
    wire: ok('Content-Length: 0'),
    expect: ['head HTTP/1.1 200 OK | Content-Length: 0', 'end'],
  },
  {
    name: 'Content-Length with leading zeros is decimal, not octal',
    wire: ok('Content-Length: 010') + '0123456789',
    expect: ['head HTTP/1.1 200 OK | Content-Length: 010', 'content "0123456789"', 'end'],
  },
  {
    name: 'HTTP/1.0 body until the peer closes, RFC 1945 §7.2.2',
    wire: 'HTTP/1.0 200 OK\r\nServer: a\r\n\r\nuntil close\r\n',
    expect: ['head HTTP/1.0 200 OK | Server: a', 'content "until close\\r\\n"', 'end'],
  },
  {
    name: 'HTTP/1.0 without headers and without body',
    wire: 'HTTP/1.0 404 Not Found\r\n\r\n',
    expect: ['head HTTP/1.0 404 Not Found', 'end'],
  },
  {
    name: 'HTTP/1.1 without length lasts until the peer closes',
    wire: ok('Server: a') + 'HTTP/1.1 200 OK\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Server: a', 'content "HTTP/1.1 200 OK\\r\\n\\r\\n"', 'end'],
  },
  {
    name: 'HTTP/1.0 with Content-Length ends the connection; the rest is surplus',
    wire: 'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabcdef',
    expect: ['head HTTP/1.0 200 OK | Content-Length: 3', 'content "abc"', 'end'],
    surplus: 'def',
  },
  {
    name: 'HTTP/1.0 with keep-alive persists',
    wire:
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na' +
      'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nbc',
    expect: [
      'head HTTP/1.0 200 OK | Connection: keep-alive | Content-Length: 1',
      'content "a"',
      'end',
      'head HTTP/1.0 200 OK | Connection: Keep-Alive | Content-Length: 2',
      'content "bc"',
      'end',
    ],
  },
  {
    name: 'Connection: close ends an HTTP/1.1 connection, RFC 9112 §9.6',
    wire: ok('Connection: x, Close', 'Content-Length: 1') + 'aHTTP/1.1 200 OK\r\n\r\n',
    expect: ['head HTTP/1.1 200 OK | Connection: x, Close | Content-Length: 1', 'content "a"', 'end'],
    surplus: 'HTTP/1.1 200 OK\r\n\r\n',
  },
  {
    name: 'close wins over keep-alive, also on two lines',
    wire: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\nContent-Length: 0\r\n\r\nmore',
    expect: ['head HTTP/1.0 200 OK | Connection: keep-alive | Connection: close | Content-Length: 0', 'end'],
    surplus: 'more',
  },
  {
    name: 'three responses in one segment',
    wire: ok('Content-Length: 2') + 'aaHTTP/1.1 204 No Content\r\n\r\n' + ok('Content-Length: 3') + 'bbb',
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 2',
      'content "aa"',
      'end',
      'head HTTP/1.1 204 No Content',
      'end',
      'head HTTP/1.1 200 OK | Content-Length: 3',
      'content "bbb"',
      'end',
    ],
  },
  {
    name: 'HEAD has no body whatever its headers say',
    methods: ['HEAD', 'GET'],
    wire: ok('Content-Length: 5') + ok('Content-Length: 2') + 'ab',
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 5',
      'end',
      'head HTTP/1.1 200 OK | Content-Length: 2',
      'content "ab"',
      'end',
    ],
  },
  {
    name: 'HEAD of a chunked resource',
    methods: ['HEAD'],
    wire: ok('Transfer-Encoding: chunked'),
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'end'],
  },
  {
    name: '304 has no body, and its length is the one of the 200',
    wire: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1200\r\n\r\n' + ok('Content-Length: 1') + 'x',
    expect: [
      'head HTTP/1.1 304 Not Modified | Content-Length: 1200',
      'end',
      'head HTTP/1.1 200 OK | Content-Length: 1',
      'content "x"',
      'end',
    ],
  },
  {
    name: '204 with a body: what follows must be a response',
    wire: 'HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\nx',
    expect: [
      'head HTTP/1.1 204 No Content | Content-Length: 1',
      'end',
      'http/bad-status-line at 46, line 1, RFC 9112 §4',
    ],
  },
  {
    name: 'informational responses come before the final one',
    wire:
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n' + ok('Content-Length: 1') + 'x',
    expect: [
      'informational HTTP/1.1 100 Continue',
      'informational HTTP/1.1 103 Early Hints | Link: </a.css>',
      'head HTTP/1.1 200 OK | Content-Length: 1',
      'content "x"',
      'end',
    ],
  },
  {
    name: 'an informational response does not use up the method',
    methods: ['HEAD'],
    wire: 'HTTP/1.1 100 Continue\r\n\r\n' + ok('Content-Length: 7'),
    expect: ['informational HTTP/1.1 100 Continue', 'head HTTP/1.1 200 OK | Content-Length: 7', 'end'],
  },
  {
    name: '100 and then nothing',
    wire: 'HTTP/1.1 100 Continue\r\n\r\n',
    expect: ['informational HTTP/1.1 100 Continue', 'http/truncated at 25, line 1, RFC 9112 §8'],
  },
  {
    name: '101 ends HTTP; the surplus is the other protocol',
    wire: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nContent-Length: 4\r\n\r\n\x81\x05hello',
    expect: ['head HTTP/1.1 101 Switching Protocols | Upgrade: websocket | Content-Length: 4', 'end'],
    surplus: '\x81\x05hello',
  },
  {
    name: '2xx to CONNECT is a tunnel, length fields ignored, RFC 9110 §9.3.6',
    methods: ['CONNECT'],
    wire: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n\x16\x03\x01',
    expect: ['head HTTP/1.1 200 OK | Content-Length: 3 | Transfer-Encoding: chunked', 'end'],
    surplus: '\x16\x03\x01',
  },
  {
    name: 'a refused CONNECT has a body',
    methods: ['CONNECT'],
    wire: 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno',
    expect: ['head HTTP/1.1 407 Proxy Authentication Required | Content-Length: 2', 'content "no"', 'end'],
  },
  { name: 'nothing at all', wire: '', expect: [] },

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

  // Stopped in the middle
  {
    name: 'truncated Content-Length body',
    wire: ok('Content-Length: 12') + 'abc',
    expect: ['head HTTP/1.1 200 OK | Content-Length: 12', 'content "abc"', 'http/truncated at 42, line 4, RFC 9112 §8'],
  },
  {
    name: 'truncated between chunks',
    wire: ok('Transfer-Encoding: chunked') + '2\r\nab\r\n',
    expect: [
      'head HTTP/1.1 200 OK | Transfer-Encoding: chunked',
      'content "ab"',
      'http/truncated at 54, line 6, RFC 9112 §8',
    ],
  },
  {
    name: 'truncated after the last chunk, before the empty line',
    wire: ok('Transfer-Encoding: chunked') + '0\r\n',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: chunked', 'http/truncated at 50, line 5, RFC 9112 §8'],
  },
  { name: 'truncated in the status line', wire: 'HTTP/1.1 20', expect: ['http/truncated at 11, line 1, RFC 9112 §8'] },
  {
    name: 'truncated after the status line',
    wire: 'HTTP/1.0 200 OK\r\n',
    expect: ['http/truncated at 17, line 2, RFC 9112 §8'],
  },
  {
    name: 'truncated in the empty line',
    wire: 'HTTP/1.0 200 OK\r\nA: b\r\n\r',
    expect: ['http/truncated at 24, line 3, RFC 9112 §8'],
  },
  {
    name: 'truncated in the second response',
    wire: ok('Content-Length: 1') + 'aHTTP',
    expect: [
      'head HTTP/1.1 200 OK | Content-Length: 1',
      'content "a"',
      'end',
      'http/truncated at 43, line 1, RFC 9112 §8',
    ],
  },

  // Length, RFC 9112 §6.3 and RFC 9110 §8.6
  {
    name: 'Content-Length beside Transfer-Encoding',
    wire: ok('Content-Length: 1', 'Transfer-Encoding: chunked') + '1\r\na\r\n0\r\n\r\n',
    expect: ['http/ambiguous-length at 36, line 3, RFC 9112 §6.3'],
  },
  {
    name: 'Transfer-Encoding beside Content-Length, also to HEAD',
    methods: ['HEAD'],
    wire: ok('Transfer-Encoding: chunked', 'Content-Length: 1'),
    expect: ['http/ambiguous-length at 45, line 3, RFC 9112 §6.3'],
  },
  {
    name: 'two different Content-Length lines',
    wire: ok('Content-Length: 1', 'Content-Length: 2') + 'ab',
    expect: ['http/bad-content-length at 36, line 3, RFC 9112 §6.3'],
  },
  {
    name: 'two equal Content-Length lines',
    wire: ok('Content-Length: 1', 'Content-Length: 1') + 'a',
    expect: ['http/bad-content-length at 36, line 3, RFC 9112 §6.3'],
  },
  ...[
    ['1, 1', 34],
    ['+1', 33],
    ['-1', 33],
    ['0x1', 34],
    ['1e0', 34],
    ['1.0', 34],
    ['1_0', 34],
    ['', 33],
    ['1 1', 34],
    ['\xb9', 33],
    ['9007199254740993', 33],
    ['99999999999999999999999', 33],
  ].map(([value, offset]): Vector => ({
    name: `Content-Length ${JSON.stringify(value)}`,
    wire: ok(`Content-Length: ${value}`) + 'a',
    expect: [`http/bad-content-length at ${offset}, line 2, RFC 9110 §8.6`],
  })),
  {
    name: 'Content-Length with a vertical tab before it',
    wire: ok('Content-Length: \x0b1') + 'a',
    expect: ['http/bad-header at 33, line 2, RFC 9110 §5.5'],
  },
  {
    name: 'Transfer-Encoding in HTTP/1.0, RFC 9112 §6.1',
    wire: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    expect: ['http/bad-transfer-encoding at 17, line 2, RFC 9112 §6.1'],
  },
  {
    name: 'a response whose last coding is not chunked lasts until close',
    wire: ok('Transfer-Encoding: xchunked') + 'abc',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: xchunked', 'content "abc"', 'end'],
  },
  ...['chunked, identity', 'chunked, chunked', 'chunked;a=b', '', 'chunked,', ', chunked', '"chunked", chunked,'].map(
    (value): Vector => ({
      name: `Transfer-Encoding ${JSON.stringify(value)}`,
      wire: ok(`Transfer-Encoding: ${value}`) + '1\r\na\r\n0\r\n\r\n',
      expect: ['http/bad-transfer-encoding at 36, line 2, RFC 9112 §6.1'],
    }),
  ),
  {
    name: 'chunked twice on two lines',
    wire: ok('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + '0\r\n\r\n',
    expect: ['http/bad-transfer-encoding at 36, line 2, RFC 9112 §6.1'],
  },
  {
    name: 'a no-break space before chunked makes another coding',
    wire: ok('Transfer-Encoding: \xa0chunked') + 'abc',
    expect: ['head HTTP/1.1 200 OK | Transfer-Encoding: \xa0chunked', 'content "abc"', 'end'],
  },

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
