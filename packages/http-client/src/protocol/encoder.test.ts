import { describe, expect, test } from 'vitest'
import { encodeChunk, encodeLastChunk, encodeRequest, encodeResponse } from './encoder.ts'
import { latin1Bytes, latin1Text } from './latin1.ts'

const request = { method: 'GET', requestTarget: '/', version: '1.0', headers: [] } as const
const response = { version: '1.1', statusCode: 200, reasonPhrase: 'OK', headers: [] } as const

describe('heads exactly as given', () => {
  test('a request: case, order, duplicates and inner spaces', () => {
    const head = {
      method: 'gET',
      requestTarget: '/a?b#c',
      version: '1.1',
      headers: [
        ['hOST', 'x'],
        ['b', ' 1  2 '],
        ['B', '\xe9'],
        ['b', ''],
      ],
    } as const
    expect(latin1Text(encodeRequest(head))).toBe(
      'gET /a?b#c HTTP/1.1\r\nhOST: x\r\nb:  1  2 \r\nB: \xe9\r\nb: \r\n\r\n',
    )
  })

  test('a response, also with an empty reason phrase', () => {
    expect(latin1Text(encodeResponse({ ...response, headers: [['A', 'b']] }))).toBe('HTTP/1.1 200 OK\r\nA: b\r\n\r\n')
    expect(latin1Text(encodeResponse({ ...response, version: '1.0', statusCode: 999, reasonPhrase: '' }))).toBe(
      'HTTP/1.0 999 \r\n\r\n',
    )
  })
})

describe('what would split a message is refused, with the value in the message', () => {
  test.each(['', 'GET ', 'GE\nT', 'G\u0152T'])('method %j', (method) => {
    expect(() => encodeRequest({ ...request, method })).toThrow(
      new TypeError(`method must be a token, got ${JSON.stringify(method)}`),
    )
  })

  test.each(['', '/ HTTP/1.1', '/\r\nX: y', '/\0', '/\xe9', '/\u010a'])('request target %j', (requestTarget) => {
    expect(() => encodeRequest({ ...request, requestTarget })).toThrow(TypeError)
  })

  test.each(['', 'A:', 'A b', 'A\r\nB', '\u0131'])('header name %j', (name) => {
    const headers = [[name, 'x']] as const
    expect(() => encodeRequest({ ...request, headers })).toThrow(/^header name must be a token, got "/)
    expect(() => encodeLastChunk(headers)).toThrow(TypeError)
  })

  test.each(['a\r\nB: c', 'a\n', '\r', 'a\0', '\x7f', 'a\u560a', '\u2026'])('header value %j', (value) => {
    const headers = [['A', value]] as const
    expect(() => encodeRequest({ ...request, headers })).toThrow(TypeError)
    expect(() => encodeResponse({ ...response, headers })).toThrow(/^header A must be ISO-8859-1 .* got "/)
  })

  test.each(['OK\r\n', 'O\0K', '\u2713'])('reason phrase %j', (reasonPhrase) => {
    expect(() => encodeResponse({ ...response, reasonPhrase })).toThrow(TypeError)
  })

  test.each([99, 1000, 200.5, NaN, -200])('status code %j', (statusCode) => {
    expect(() => encodeResponse({ ...response, statusCode })).toThrow(
      new RangeError(`status code must be 100 to 999, got ${statusCode}`),
    )
  })

  test('HTTP/0.9: a request is a line, an answer is nothing', () => {
    expect(latin1Text(encodeRequest({ ...request, version: '0.9', requestTarget: '/a' }))).toBe('GET /a\r\n')
    expect(encodeResponse({ ...response, version: '0.9' })).toHaveLength(0)
    expect(() => encodeRequest({ ...request, version: '0.9', method: 'PUT' })).toThrow(
      new TypeError('HTTP/0.9 has no method but GET, got "PUT"'),
    )
    expect(() => encodeRequest({ ...request, version: '0.9', headers: [['A', 'b']] })).toThrow(
      new TypeError('HTTP/0.9 has no headers, got "A: b\\r\\n"'),
    )
    expect(() => encodeResponse({ ...response, version: '0.9', headers: [['A', 'b']] })).toThrow(TypeError)
  })

  test('a version that is none, from a caller without types', () => {
    const head = JSON.parse('{"method":"GET","requestTarget":"/","version":"1.1\\r\\nA: b","headers":[]}')
    expect(() => encodeRequest(head)).toThrow(TypeError)
    expect(() => encodeResponse({ ...response, version: head.version })).toThrow(TypeError)
  })
})

describe('chunks, RFC 9112 §7.1', () => {
  test('a size is hexadecimal', () => {
    expect(latin1Text(encodeChunk(latin1Bytes('hello, chunk')))).toBe('C\r\nhello, chunk\r\n')
  })

  test('an empty chunk would end the body, so it is nothing', () => {
    expect(encodeChunk(new Uint8Array(0))).toHaveLength(0)
  })

  test('the last chunk, with trailers and without', () => {
    expect(latin1Text(encodeLastChunk())).toBe('0\r\n\r\n')
    expect(latin1Text(encodeLastChunk([['Expires', 'now']]))).toBe('0\r\nExpires: now\r\n\r\n')
  })
})
