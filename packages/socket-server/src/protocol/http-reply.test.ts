import { expect, test } from 'vitest'
import { HttpReplyReader } from './http-reply.ts'
import { EchoReplyReader, type OnReply, type ReplyReader } from './reply.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What the replies in `wire` are, however it is cut: `200`, with a `!` where the connection does not go on. */
function replies(make: (onReply: OnReply) => ReplyReader, wire: string): string {
  const bytes = ascii(wire)
  const cuts = [...Array.from({ length: bytes.length + 1 }, (_, at) => [at]), Array.from(bytes.keys())]
  const seen = cuts.map((cuts) => {
    const found: string[] = []
    const reader = make(({ persistent, statusCode = 0 }) => found.push(`${statusCode}${persistent ? '' : '!'}`))
    let from = 0
    try {
      for (const at of [...cuts, bytes.length]) {
        reader.push(bytes.subarray(from, at))
        from = at
      }
      reader.end()
    } catch (error) {
      found.push((error as { code: string }).code)
    }
    return found.join(' ')
  })
  expect(new Set(seen).size).toBe(1)
  return seen[0] ?? ''
}

const http = (wire: string): string => replies((onReply) => new HttpReplyReader(onReply), wire)
const HEAD = 'HTTP/1.1 200 OK\r\n'

test.each([
  ['', ''],
  [`${HEAD}Content-Length: 12\r\n\r\nHTTP/1.1 404${HEAD}content-length:0\r\n\r\n`, '200 200'],
  ['HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', '204 304'],
  [`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${HEAD}Content-Length: 1\r\n\r\nx`, '200'],
  [
    `${HEAD}Transfer-Encoding: chunked\r\n\r\nC;a=b\r\n0\r\n\r\n0123456\r\n0\r\nX: y\r\n\r\n${HEAD}Content-Length: 0\r\n\r\n`,
    '200 200',
  ],
  [`${HEAD}Connection: close\r\nContent-Length: 2\r\n\r\nab`, '200!'],
  [`${HEAD}\r\nuntil the end`, '200!'],
  ['HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab', '200!'],
  ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nab', '200'],
  ['HTTP/1.1 503\r\nContent-Length: 0\r\n\r\n', '503'],
  [`${HEAD}Content-Length: 3\r\n\r\nab`, 'load/truncated'],
  [`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n`, 'load/truncated'],
  ['HTTP/1.1 2', 'load/truncated'],
  ['SSH-2.0-OpenSSH\r\n\r\n', 'load/bad-reply'],
  [`${HEAD}Content-Length: 2x\r\n\r\nab`, 'load/bad-reply'],
  [`${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, 'load/bad-reply'],
])('HTTP, cut anywhere: %j', (wire, expected) => {
  expect(http(wire)).toBe(expected)
})

test('a line without an end is refused', () => {
  const reader = new HttpReplyReader(() => {})
  reader.push(ascii('x'.repeat(65536)))
  expect(() => reader.push(ascii('xx'))).toThrow('a line without end')
})

test('an echo is as many bytes as were sent', () => {
  const echo = (bytes: number, wire: string): string => replies((onReply) => new EchoReplyReader(bytes, onReply), wire)
  expect(echo(3, 'abcdef')).toBe('0 0')
  expect(echo(1, 'abc')).toBe('0 0 0')
  expect(echo(3, 'abcd')).toBe('0 load/truncated')
})
