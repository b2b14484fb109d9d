// The same exchange by curl and by us, with one server: what both write down about it.

import { readFileSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { request } from '@plainwire/http-client'
import { RequestParser, type RequestHead } from '@plainwire/http-client/parser'
import { formatCurlTrace, formatCurlVerbose } from '@plainwire/http-client/trace'
import { describeWithPeer, startPeer, temporaryDirectory } from '@plainwire/testing'
import { joined } from '../../src/message-body.ts'
import { latin1Bytes, latin1Text } from '../../src/protocol/latin1.ts'
import { listen } from '../loopback.ts'

interface Asked {
  readonly head: RequestHead
  readonly body: Uint8Array
}

/** One block of a trace: what kind, and its bytes with full stops for those that ASCII cannot print. */
interface Shown {
  readonly title: string
  readonly text: string
}

/** The blocks of a `--trace-ascii` text, adjacent data joined. The gap between two offsets tells where a CRLF was. */
function blocksIn(trace: string): Shown[] {
  const blocks: { title: string; size: number; rows: [offset: number, text: string][] }[] = []
  for (const line of trace.split('\n').slice(0, -1)) {
    if (line.startsWith('== Info')) continue
    const title =
      /^([<=]= ?[<>]?.*), (\d+) bytes \(0x([0-9a-f]+)\)$/.exec(line) ??
      /^(=> .*|<= .*), (\d+) bytes \(0x([0-9a-f]+)\)$/.exec(line)
    if (title?.[1] !== undefined) {
      expect(Number.parseInt(title[3] ?? '', 16)).toBe(Number(title[2]))
      blocks.push({ title: title[1], size: Number(title[2]), rows: [] })
    } else {
      const [, offset = '', row = ''] = /^([0-9a-f]{4,}): (.*)$/.exec(line) ?? []
      blocks.at(-1)?.rows.push([Number.parseInt(offset, 16), row])
    }
  }
  const shown: Shown[] = []
  for (const { title, size, rows } of blocks) {
    let text = ''
    for (const [at, [offset, row]] of rows.entries()) {
      const gap = (rows[at + 1]?.[0] ?? size) - offset - row.length
      expect([0, 2]).toContain(gap)
      text += gap === 2 ? `${row}\r\n` : row
    }
    const last = shown.at(-1)
    if (last?.title === title && title.endsWith('data')) shown.splice(-1, 1, { title, text: last.text + text })
    else shown.push({ title, text })
  }
  return shown
}

/** curl before 8 leaves out the empty line after a 1xx head. */
function asOlderCurl(blocks: readonly Shown[]): Shown[] {
  return blocks.filter(
    ({ title, text }, at) => !(title.endsWith('header') && text === '\r\n' && isInformational(blocks, at)),
  )
}

function isInformational(blocks: readonly Shown[], emptyLineAt: number): boolean {
  const before = blocks.slice(0, emptyLineAt).findLast(({ text }) => text.startsWith('HTTP/'))
  return before !== undefined && before.text.startsWith('HTTP/1.1 1')
}

/** Without what each says about itself; the first block of data may be cut elsewhere. */
function verboseLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('*') && line !== '')
    .map((line) => line.replace(/[0-9]+ bytes data/, 'N bytes data'))
}

const LINES = [63, 64, 65, 127, 128, 129].map((length) => `${'x'.repeat(length)}\r\n`).join('')
const EVERY_BYTE = latin1Text(Uint8Array.from({ length: 256 }, (_, index) => index))
const withLength = (body: string, head = 'HTTP/1.1 200 OK'): string =>
  `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`

type Answer = string | ((socket: Socket) => void)

const exchanges: readonly [what: string, args: readonly string[], answer: Answer][] = [
  ['a body with its length', [], withLength('hello, world\n')],
  ['HTTP/1.0, a body until the server closes', ['--http1.0'], 'HTTP/1.0 200 OK\r\n\r\nhello\r\nworld'],
  ['chunks', [], 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nC\r\nhello, chunk\r\n0\r\n\r\n'],
  [
    'chunks with extensions and trailers',
    [],
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nC;a="b c"\r\nhello, chunk\r\n00\r\nX-Sum: 1\r\n\r\n',
  ],
  ['HEAD', ['--head'], 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n'],
  ['204', [], 'HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n'],
  ['304', [], 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'],
  ['404 with a body', [], withLength('<p>no\n', 'HTTP/1.1 404 Not Found')],
  ['a redirect that is not followed', [], withLength('', 'HTTP/1.1 302 Found\r\nLocation: /b')],
  ['an empty reason phrase', [], withLength('a', 'HTTP/1.1 299 ')],
  ['every byte', [], withLength(EVERY_BYTE)],
  ['lines as long as a row, and a little longer', [], withLength(LINES)],
  ['LF alone', [], withLength('a\nb\n\nc')],
  ['CRLF first, CR last', [], withLength('\r\n\r\na\r')],
  ['an empty body', [], withLength('')],
  ['a header longer than a row', [], withLength('a', `HTTP/1.1 200 OK\r\nX-Long: ${'y'.repeat(150)}`)],
  ['bytes above 0x7f in a header', [], withLength('a', 'HTTP/1.1 200 OK\r\nX-Name: caf\xe9 \xff')],
  ['headers with odd spaces', [], withLength('a', 'HTTP/1.1 200 OK\r\nA:b\r\nC:  \t d \t\r\nE:')],
  ['200 kB', [], withLength('0123456789abcdef\r\n'.repeat(11_111))],
  [
    'one byte at a time',
    [],
    (socket) => {
      const bytes = withLength('hello\r\nworld').split('')
      const next = (): void => {
        const byte = bytes.shift()
        if (byte === undefined) socket.end()
        else socket.write(byte, () => setImmediate(next))
      }
      next()
    },
  ],
  ['103 before 200', [], `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${withLength('a')}`],
  ['a POST', ['--data-binary', 'a=b&c=d'], withLength('ok')],
  ['a POST in HTTP/1.0', ['--http1.0', '--data-binary', 'a=b'], withLength('ok', 'HTTP/1.0 200 OK')],
  ['a POST of every byte', ['--data-binary', '@FILE'], withLength('ok')],
  ['a POST of nothing', ['--data-binary', ''], withLength('ok')],
  [
    'a PUT in one chunk',
    ['--request', 'PUT', '--header', 'Transfer-Encoding: chunked', '--data-binary', 'hello'],
    withLength('ok'),
  ],
  ['DELETE with a query', ['--request', 'DELETE', '--get', '--data', 'a=b'], withLength('ok')],
  ['a POST after 100 Continue', ['--header', 'Expect: 100-continue', '--data-binary', 'hello'], withLength('ok')],
  ['credentials', ['--user', 'Aladdin:open sesame'], withLength('ok')],
]

describeWithPeer('curl', 'an exchange in the words of curl', (curl) => {
  test.each(exchanges)('%s', async (_, args, answer) => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'body')
    writeFileSync(file, latin1Bytes(EVERY_BYTE))
    const asked: Asked[] = []
    await using server = await listen((socket) => {
      serve(socket, (request) => {
        asked.push(request)
        if (typeof answer === 'string') socket.end(answer, 'latin1')
        else answer(socket)
      })
    })
    const traced = join(directory.path, 'trace')
    const asIs = [
      '-q',
      '--silent',
      '--noproxy',
      '*',
      '--max-time',
      '15',
      '--header',
      'Connection: close',
      '--output',
      '/dev/null',
    ]
    const run = async (how: readonly string[]): Promise<string> => {
      const mine = args.map((arg) => arg.replace('FILE', file))
      await using peer = startPeer(curl, [...asIs, ...how, ...mine, `${server.url}a`])
      await peer.exited
      return peer.output()
    }
    await run(['--trace-ascii', traced])
    const verbose = await run(['--verbose'])

    const [{ head, body }] = asked as [Asked]
    const chunked = head.headers.has('transfer-encoding')
    const response = await request(`${server.url}${head.requestTarget.slice(1)}`, {
      method: head.method,
      version: head.version === '1.0' ? '1.0' : '1.1',
      headers: [...head.headers].filter(([name]) => name !== 'Transfer-Encoding'),
      ...(chunked ? { body: piece(body) } : body.length > 0 && { body }),
      trace: true,
    })
    await response.bytes()
    const ours = formatCurlTrace(response.exchange)
    const theirs = blocksIn(readFileSync(traced, 'latin1'))
    expect(theirs.length).toBeGreaterThan(3)
    const mine = blocksIn(ours)
    const sorted = chunked ? [mine, theirs].map(withSortedHeaders) : [mine, theirs]
    // A CRLF whose halves came apart is two full stops.
    const [one = [], other = []] = sorted.map((blocks) =>
      typeof answer === 'string' ? blocks : blocks.map(withoutCrlf),
    )
    expect(asOlderCurl(one)).toEqual(asOlderCurl(other))
    expect(ours).toContain(`== Info: Connected to 127.0.0.1:${server.port} (127.0.0.1) port ${server.port}\n`)

    if (typeof answer !== 'string') return // curl itself loses count of its lines
    const informational = verbose.includes('HTTP/1.1 1')
    const shown = verboseLines(formatCurlVerbose(response.exchange)).filter(
      (line, at, lines) =>
        !(informational && line === '< \r' && at < lines.findLastIndex((line) => line.startsWith('< HTTP'))),
    )
    const byLine = chunked ? shown.toSorted() : shown
    expect(byLine.map(printable)).toEqual(
      (chunked ? verboseLines(verbose).toSorted() : verboseLines(verbose)).map(printable),
    )
  })
})

/** startPeer reads lines, and text in UTF-8. */
function printable(line: string): string {
  return line.replace(/\r$/, '').replaceAll(/[^ -~]+/g, '?')
}

/** curl sends Transfer-Encoding where it was given, we after all that was. */
function withSortedHeaders(blocks: readonly Shown[]): Shown[] {
  return blocks.map(({ title, text }) =>
    title === '=> Send header' ? { title, text: text.split('\r\n').toSorted().join('\r\n') } : { title, text },
  )
}

function withoutCrlf({ title, text }: Shown): Shown {
  return { title, text: text.replaceAll('\r\n', '..') }
}

async function* piece(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body
}

/** Reads one request, and lets it go on where it waits for 100 Continue. */
function serve(socket: Socket, onRequest: (asked: Asked) => void): void {
  const parser = new RequestParser()
  const pieces: Uint8Array[] = []
  let head: RequestHead | undefined
  socket.on('data', (bytes: Buffer) => {
    parser.push(new Uint8Array(bytes))
    for (let event = parser.next(); event; event = parser.next()) {
      if (event.type === 'head') {
        head = event.head
        if (head.headers.has('expect')) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      }
      if (event.type === 'content') pieces.push(event.bytes)
      if (event.type === 'end' && head) onRequest({ head, body: joined(pieces) })
    }
  })
}

describe('blocksIn, which reads both', () => {
  test('joins data, keeps CRLF', () => {
    expect(blocksIn('<= Recv data, 3 bytes (0x3)\n0000: a\n<= Recv data, 2 bytes (0x2)\n0000: .c\n')).toEqual([
      { title: '<= Recv data', text: 'a\r\n.c' },
    ])
  })
})
