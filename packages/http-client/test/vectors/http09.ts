// HTTP/0.9, RFC 1945 §4.1 and §5.1: asked for, or refused.

import type { Vector } from './vector.ts'

const options = { http09: true }

export const http09Responses: readonly Vector[] = [
  {
    name: 'HTTP/0.9: everything is content',
    options,
    wire: '<html>hello</html>\n',
    expect: ['head HTTP/0.9 200 ', 'content "<html>hello</html>\\n"', 'end'],
  },
  {
    name: 'HTTP/0.9: an answer that begins like a status line, and is none',
    options,
    wire: 'HTTP! what is it?',
    expect: ['head HTTP/0.9 200 ', 'content "HTTP! what is it?"', 'end'],
  },
  {
    name: 'HTTP/0.9: an answer shorter than a status line’s beginning',
    options,
    wire: 'HTT',
    expect: ['head HTTP/0.9 200 ', 'content "HTT"', 'end'],
  },
  { name: 'HTTP/0.9: no answer at all', options, wire: '', expect: [] },
  {
    name: 'HTTP/0.9 allowed, HTTP/1.1 spoken',
    options,
    wire: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
    expect: ['head HTTP/1.1 200 OK | Content-Length: 1', 'content "x"', 'end'],
  },
  {
    name: 'HTTP/0.9 allowed, HTTP/2.0 claimed',
    options,
    wire: 'HTTP/2.0 200 OK\r\n\r\n',
    expect: ['http/bad-version at 5, line 1, RFC 9112 §2.3'],
  },
]

export const http09Requests: readonly Vector[] = [
  {
    name: 'HTTP/0.9: a GET without version, and nothing after it',
    options,
    wire: 'GET /index.html\r\nGET /b\r\n',
    expect: ['head GET /index.html HTTP/0.9', 'end'],
    surplus: 'GET /b\r\n',
  },
  {
    name: 'HTTP/0.9: only GET',
    options,
    wire: 'PUT /\r\n',
    expect: ['http/bad-request-line at 5, line 1, RFC 9112 §3'],
  },
  {
    name: 'HTTP/0.9: a target there must be',
    options,
    wire: 'GET \r\n',
    expect: ['http/bad-request-line at 4, line 1, RFC 9112 §3'],
  },
  {
    name: 'HTTP/0.9: a bare LF is no line ending',
    options,
    wire: 'GET /\n',
    expect: ['http/bad-line-ending at 5, line 1, RFC 9112 §2.2'],
  },
  {
    name: 'HTTP/0.9 allowed, HTTP/1.0 spoken, and 0.9 after it',
    options,
    wire: 'GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b\r\n',
    expect: ['head GET /a HTTP/1.0 | Connection: keep-alive', 'end', 'head GET /b HTTP/0.9', 'end'],
  },
]
