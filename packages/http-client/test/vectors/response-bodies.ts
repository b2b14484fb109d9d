// Where the content of a response ends, RFC 9112 §6.3, and what is refused since it could end in two places.

import { ok } from './ok.ts'
import type { Vector } from './vector.ts'

export const bodies: readonly Vector[] = [
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
]
