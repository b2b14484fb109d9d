// Written from RFC 9112, 9110 and 1945, and from the history of request smuggling.

import type { Vector } from './vector.ts'

/** A POST with these header lines. */
const post = (...lines: string[]): string => ['POST / HTTP/1.1', 'Host: a', ...lines, '', ''].join('\r\n')

export const requests: readonly Vector[] = [
  {
    name: 'HTTP/1.0 without headers, RFC 1945 §5',
    wire: 'GET /index.html HTTP/1.0\r\n\r\n',
    expect: ['head GET /index.html HTTP/1.0', 'end'],
  },
  {
    name: 'HTTP/1.0 does not persist',
    wire: 'GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n',
    expect: ['head GET / HTTP/1.0', 'end'],
    surplus: 'GET / HTTP/1.0\r\n\r\n',
  },
  {
    name: 'HTTP/1.0 with keep-alive persists',
    wire: 'GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n',
    expect: ['head GET /a HTTP/1.0 | Connection: keep-alive', 'end', 'head GET /b HTTP/1.0', 'end'],
  },
  {
    name: 'two pipelined requests, the first with a body',
    wire: post('Content-Length: 3') + 'abcGET /b HTTP/1.1\r\nhOST: a:8080\r\n\r\n',
    expect: [
      'head POST / HTTP/1.1 | Host: a | Content-Length: 3',
      'content "abc"',
      'end',
      'head GET /b HTTP/1.1 | hOST: a:8080',
      'end',
    ],
  },
  {
    name: 'a CRLF too many after a body, RFC 9112 §2.2',
    wire: post('Content-Length: 3') + 'abc\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: [
      'head POST / HTTP/1.1 | Host: a | Content-Length: 3',
      'content "abc"',
      'end',
      'head GET /b HTTP/1.1 | Host: a',
      'end',
    ],
  },
  {
    name: 'empty lines count as head',
    options: { maxHeadBytes: 20 },
    wire: '\r\n\r\nGET / HTTP/1.0\r\n\r\n',
    expect: ['http/head-too-large at 20, line 4, RFC 9110 §5.4'],
  },
  {
    name: 'Connection: close ends HTTP/1.1',
    wire: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET',
    expect: ['head GET / HTTP/1.1 | Host: a | Connection: close', 'end'],
    surplus: 'GET',
  },
  {
    name: 'chunked',
    wire: post('Transfer-Encoding: chunked') + 'C;a="b"\r\nhello, chunk\r\n0\r\nX-Sum: 1\r\n\r\n',
    expect: ['head POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked', 'content "hello, chunk"', 'end | X-Sum: 1'],
  },
  {
    name: 'a request without a length has no body',
    wire: post() + 'GET /b HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: ['head POST / HTTP/1.1 | Host: a', 'end', 'head GET /b HTTP/1.1 | Host: a', 'end'],
  },
  {
    name: 'the four forms of a request target, RFC 9112 §3.2',
    wire: [
      'GET /a?b=%20|"^ HTTP/1.1',
      'Host: a',
      '',
      'GET http://b/c HTTP/1.1',
      'Host: b',
      '',
      'OPTIONS * HTTP/1.1',
      'Host: c',
      '',
      'CONNECT d:443 HTTP/1.1',
      'Host: d:443',
      '',
      '',
    ].join('\r\n'),
    expect: [
      'head GET /a?b=%20|"^ HTTP/1.1 | Host: a',
      'end',
      'head GET http://b/c HTTP/1.1 | Host: b',
      'end',
      'head OPTIONS * HTTP/1.1 | Host: c',
      'end',
      'head CONNECT d:443 HTTP/1.1 | Host: d:443',
      'end',
    ],
  },
  {
    name: 'any token is a method, and its case stays',
    wire: "M-search!#$%&'*+.^_`|~9 * HTTP/1.0\r\n\r\n",
    expect: ["head M-search!#$%&'*+.^_`|~9 * HTTP/1.0", 'end'],
  },
  ...['a', 'a.b-c_d~e', '127.0.0.1:8080', '[::1]:80', '[fe80::1]', 'a:', '', '%C3%A4'].map((host): Vector => ({
    name: `Host ${JSON.stringify(host)}`,
    wire: `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    expect: [`head GET / HTTP/1.1 | Host: ${host}`, 'end'],
  })),
  ...[
    ['a b', 1],
    ['a/b', 1],
    ['a@b', 1],
    ['a:8x', 3],
    ['a:1:2', 3],
    ['::1', 1],
    ['[::1', 4],
    ['[]', 1],
    ['[::1]x', 5],
    ['[a/b]', 2],
    ['a\xe4', 1],
    ['http://a', 5],
  ].map(([host, at]): Vector => ({
    name: `bad Host ${JSON.stringify(host)}, RFC 9112 §3.2`,
    wire: `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    expect: [`http/bad-host at ${22 + Number(at)}, line 2, RFC 9112 §3.2`],
  })),
  {
    name: 'HTTP/1.1 without Host',
    wire: 'GET / HTTP/1.1\r\n\r\n',
    expect: ['http/bad-host at 18, line 2, RFC 9112 §3.2'],
  },
  {
    name: 'two Hosts, also equal ones, also in HTTP/1.0',
    wire: 'GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n',
    expect: ['http/bad-host at 25, line 3, RFC 9112 §3.2'],
  },

  // Request line, RFC 9112 §3
  { name: 'HTTP/0.9', wire: 'GET /\r\n', expect: ['http/bad-request-line at 5, line 1, RFC 9112 §3'] },
  { name: 'HTTP/0.9 with a bare LF', wire: 'GET /\n', expect: ['http/bad-request-line at 5, line 1, RFC 9112 §3'] },
  { name: 'method alone', wire: 'GET\r\n\r\n', expect: ['http/bad-request-line at 3, line 1, RFC 9112 §3'] },
  {
    name: 'no method',
    wire: ' / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: ['http/bad-request-line at 0, line 1, RFC 9112 §3'],
  },
  {
    name: 'tabs between the parts',
    wire: 'GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n',
    expect: ['http/bad-request-line at 3, line 1, RFC 9112 §3'],
  },
  {
    name: 'two spaces before the target',
    wire: 'GET  / HTTP/1.0\r\n\r\n',
    expect: ['http/bad-request-line at 4, line 1, RFC 9112 §3'],
  },
  {
    name: 'two spaces before the version',
    wire: 'GET /  HTTP/1.0\r\n\r\n',
    expect: ['http/bad-request-line at 6, line 1, RFC 9112 §3'],
  },
  {
    name: 'space after the version',
    wire: 'GET / HTTP/1.0 \r\n\r\n',
    expect: ['http/bad-request-line at 14, line 1, RFC 9112 §3'],
  },
  {
    name: 'space in the target',
    wire: 'GET /a b HTTP/1.0\r\n\r\n',
    expect: ['http/bad-request-line at 7, line 1, RFC 9112 §3'],
  },
  {
    name: 'a method that is no token',
    wire: 'G(T / HTTP/1.0\r\n\r\n',
    expect: ['http/bad-request-line at 1, line 1, RFC 9112 §3'],
  },
  {
    name: 'control character in the target',
    wire: 'GET /\x01 HTTP/1.0\r\n\r\n',
    expect: ['http/bad-request-line at 5, line 1, RFC 9112 §3'],
  },
  {
    name: 'byte above 0x7E in the target',
    wire: 'GET /\xe9 HTTP/1.0\r\n\r\n',
    expect: ['http/bad-request-line at 5, line 1, RFC 9112 §3'],
  },
  {
    name: 'bare CR in the target',
    wire: 'GET /\ra HTTP/1.0\r\n\r\n',
    expect: ['http/bad-request-line at 5, line 1, RFC 9112 §3'],
  },
  {
    name: 'http in lower case',
    wire: 'GET / http/1.1\r\nHost: a\r\n\r\n',
    expect: ['http/bad-request-line at 6, line 1, RFC 9112 §3'],
  },
  {
    name: 'HTTP/1.2',
    wire: 'GET / HTTP/1.2\r\nHost: a\r\n\r\n',
    expect: ['http/bad-version at 13, line 1, RFC 9112 §2.3'],
  },
  { name: 'HTTP/3.0', wire: 'GET / HTTP/3.0\r\n\r\n', expect: ['http/bad-version at 11, line 1, RFC 9112 §2.3'] },
  {
    name: 'the HTTP/2 preface',
    wire: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    expect: ['http/bad-version at 11, line 1, RFC 9112 §2.3'],
  },
  { name: 'HTTP/1', wire: 'GET / HTTP/1\r\n\r\n', expect: ['http/bad-request-line at 12, line 1, RFC 9112 §3'] },
  {
    name: 'a TLS handshake, without any LF',
    wire: '\x16\x03\x01\x02',
    expect: ['http/bad-request-line at 0, line 1, RFC 9112 §3'],
  },
  { name: 'LF first', wire: '\nGET / HTTP/1.0\r\n\r\n', expect: ['http/bad-line-ending at 0, line 1, RFC 9112 §2.2'] },
  { name: 'stopped in the request line', wire: 'GET / HT', expect: ['http/truncated at 8, line 1, RFC 9112 §8'] },
  { name: 'stopped in an empty line', wire: '\r', expect: ['http/truncated at 1, line 1, RFC 9112 §8'] },
  { name: 'nothing but an empty line', wire: '\r\n', expect: [] },

  // Length: everything that could be read in two ways, RFC 9112 §6.3
  {
    name: 'Content-Length beside Transfer-Encoding (CL.TE)',
    wire: post('Content-Length: 6', 'Transfer-Encoding: chunked') + '0\r\n\r\nG',
    expect: ['http/ambiguous-length at 45, line 4, RFC 9112 §6.3'],
  },
  {
    name: 'Transfer-Encoding beside Content-Length (TE.CL)',
    wire: post('Transfer-Encoding: chunked', 'Content-Length: 3') + '1\r\nG\r\n0\r\n\r\n',
    expect: ['http/ambiguous-length at 54, line 4, RFC 9112 §6.3'],
  },
  {
    name: 'Transfer-Encoding that does not end in chunked',
    wire: post('Transfer-Encoding: gzip') + 'x',
    expect: ['http/bad-transfer-encoding at 45, line 3, RFC 9112 §6.3'],
  },
  {
    name: 'Transfer-Encoding: xchunked (TE.TE)',
    wire: post('Transfer-Encoding: xchunked'),
    expect: ['http/bad-transfer-encoding at 45, line 3, RFC 9112 §6.3'],
  },
  {
    name: 'Transfer-Encoding: chunked, identity',
    wire: post('Transfer-Encoding: chunked, identity'),
    expect: ['http/bad-transfer-encoding at 45, line 3, RFC 9112 §6.1'],
  },
  {
    name: 'Transfer-Encoding with a vertical tab before chunked',
    wire: post('Transfer-Encoding: \x0bchunked'),
    expect: ['http/bad-header at 45, line 3, RFC 9110 §5.5'],
  },
  {
    name: 'Transfer-Encoding in HTTP/1.0',
    wire: 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    expect: ['http/bad-transfer-encoding at 17, line 2, RFC 9112 §6.1'],
  },
  {
    name: 'two Content-Lengths',
    wire: post('Content-Length: 3', 'Content-Length: 4') + 'abcd',
    expect: ['http/bad-content-length at 45, line 4, RFC 9112 §6.3'],
  },
  ...['Content-Length: 3', 'Transfer-Encoding: chunked', 'Transfer-Encoding: gzip'].map((line): Vector => ({
    name: `CONNECT with ${line}, RFC 9110 §9.3.6`,
    wire: `CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n${line}\r\n\r\n`,
    expect: ['http/ambiguous-length at 33, line 3, RFC 9110 §9.3.6'],
  })),
  {
    name: 'CONNECT with Content-Length: 0, and the bytes of the tunnel',
    wire: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n\x16\x03',
    expect: ['head CONNECT a:1 HTTP/1.1 | Host: a:1 | Content-Length: 0 | Connection: close', 'end'],
    surplus: '\x16\x03',
  },
  {
    name: 'Content-Length with a sign',
    wire: post('Content-Length: +3') + 'abc',
    expect: ['http/bad-content-length at 42, line 3, RFC 9110 §8.6'],
  },
  {
    name: 'truncated body',
    wire: post('Content-Length: 12') + 'abc',
    expect: [
      'head POST / HTTP/1.1 | Host: a | Content-Length: 12',
      'content "abc"',
      'http/truncated at 51, line 5, RFC 9112 §8',
    ],
  },
  {
    name: 'a request in a chunk that claims to be longer',
    wire: post('Transfer-Encoding: chunked') + '2\r\nxGET / HTTP/1.1\r\n',
    expect: [
      'head POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked',
      'content "xG"',
      'http/bad-chunk at 61, line 6, RFC 9112 §7.1',
    ],
  },
]
