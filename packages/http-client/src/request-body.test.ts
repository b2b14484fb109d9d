import { describe, expect, test, vi } from 'vitest'
import { afterRequest, listen, listenHttp } from '../test/loopback.ts'
import { get, request, type RequestOptions } from './client.ts'
import { ConnectionPool } from './connection-pool.ts'
import { latin1Bytes } from './protocol/latin1.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield latin1Bytes(text)
}

/** What arrived by the time that `last` did, with the answer in return. */
async function wireOf(options: RequestOptions, last: string): Promise<string> {
  let received = ''
  await using server = await listen((socket) => {
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1')
      if (received.endsWith(last)) socket.end(OK)
    })
  })
  const response = await request(server.url, { method: 'PUT', ...options })
  await response.close()
  return received.slice(received.indexOf('\r\n\r\n') + 4)
}

describe('a streamed body', () => {
  test('in chunks, one for each piece; an empty piece is none', async () => {
    const body = pieces('hello, chunk', '', 'x')
    expect(await wireOf({ version: '1.1', body }, '0\r\n\r\n')).toBe('C\r\nhello, chunk\r\n1\r\nx\r\n0\r\n\r\n')
  })

  test('a web stream', async () => {
    const body = new Blob(['hello']).stream()
    expect(await wireOf({ version: '1.1', body }, '0\r\n\r\n')).toBe('5\r\nhello\r\n0\r\n\r\n')
  })

  test('as it is where its length is given, in HTTP/1.0 too', async () => {
    const headers = { 'Content-Length': '7' }
    expect(await wireOf({ headers, body: pieces('abc', 'defg') }, 'defg')).toBe('abcdefg')
  })

  test('an origin of ours reads it', async () => {
    await using server = await listenHttp(async ({ headers, body }) => ({
      body: `${headers.get('transfer-encoding')} ${await body.text()}`,
    }))
    const response = await request(server.url, { version: '1.1', method: 'POST', body: pieces('a', 'bc') })
    expect(await response.text()).toBe('chunked abc')
  })

  test.each<[what: string, options: RequestOptions, message: string]>([
    [
      'too short',
      { headers: { 'Content-Length': '4' }, body: pieces('abc') },
      'the body has 3 bytes, its Content-Length says 4',
    ],
    [
      'too long',
      { headers: { 'Content-Length': '4' }, body: pieces('abc', 'de') },
      'the body has 5 bytes or more, its Content-Length says 4',
    ],
    [
      'text',
      {
        version: '1.1',
        body: (async function* () {
          yield 'text' as never
        })(),
      },
      'a streamed body must be bytes, got "text"',
    ],
  ])('%s: a TypeError, and the connection is closed', async (_, options, message) => {
    await using server = await listen(() => {})
    await expect(request(server.url, { method: 'PUT', ...options })).rejects.toThrow(new TypeError(message))
    await server.idle()
  })

  test('what it throws comes out untouched', async () => {
    await using server = await listen(() => {})
    const thrown = { my: 'fault' }
    const body = (async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(3)
      throw thrown
    })()
    await expect(request(server.url, { version: '1.1', method: 'PUT', body })).rejects.toBe(thrown)
    await server.idle()
  })

  test('waits for a server that does not read', async () => {
    let taken = 0
    const body = (async function* (): AsyncGenerator<Uint8Array> {
      for (; taken < 64; taken++) yield new Uint8Array(1 << 20)
    })()
    const first = Promise.withResolvers<() => void>()
    await using server = await listen((socket) => {
      socket.pause()
      first.resolve(() => {
        let received = 0
        socket.on('data', (bytes: Buffer) => {
          received += bytes.length
          if (received > 64 << 20) socket.end(OK)
        })
        socket.resume()
      })
    })
    const answer = request(server.url, { method: 'PUT', headers: { 'Content-Length': String(64 << 20) }, body })
    const read = await first.promise
    await using other = await listenHttp({})
    for (let round = 0; round < 20; round++) await (await get(other.url)).text()
    expect(taken).toBeLessThan(32)
    read()
    expect((await answer).statusCode).toBe(200)
    await (await answer).close()
    expect(taken).toBe(64)
  })

  test('a server that answers early ends it, and its connection is not used again', async () => {
    const finished = Promise.withResolvers<void>()
    const body = (async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(65536)
      } finally {
        finished.resolve()
      }
    })()
    await using server = await listen((socket) => void socket.write('HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n'))
    await using pool = new ConnectionPool()
    const response = await request(server.url, { pool, method: 'POST', body })
    expect(response.statusCode).toBe(413)
    await finished.promise
    expect(pool.counts).toMatchObject({ open: 0, resting: 0 })
  })

  test.each<[options: RequestOptions, message: RegExp]>([
    [{ body: pieces('a') }, /HTTP\/1\.0 has no chunks/],
    [
      { version: '1.1', headers: { 'Transfer-Encoding': 'chunked' }, body: pieces('a') },
      /Transfer-Encoding cannot be set/,
    ],
    [{ version: '1.1', headers: { 'Content-Length': '0x1' }, body: pieces('a') }, /bad Content-Length "0x1"/],
    [
      {
        version: '1.1',
        headers: [
          ['Content-Length', '1'],
          ['Content-Length', '1'],
        ],
        body: pieces('a'),
      },
      /bad Content-Length "1, 1"/,
    ],
    [{ version: '1.1', body: 5 as never }, /body must be text, bytes or an async iterable of bytes, got 5/],
    [{ version: '1.0', body: 'a', expectContinue: true }, /HTTP\/1\.0 has no 100 Continue/],
  ])('%j is refused before anything is opened', async (options, message) => {
    const error = await request('http://127.0.0.1:9/', { method: 'PUT', ...options }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toMatch(message)
  })
})

describe('Expect: 100-continue', () => {
  test('the body goes when the server wants it', async () => {
    let before = ''
    await using server = await listen(
      afterRequest((socket, head) => {
        before = head
        socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')
        setImmediate(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'))
        socket.once('data', (bytes: Buffer) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${bytes.toString()}`))
      }),
    )
    const response = await request(server.url, { version: '1.1', method: 'POST', body: 'hello', expectContinue: true })
    expect(await response.text()).toBe('hello')
    expect(response.informational.map(({ statusCode }) => statusCode)).toEqual([103, 100])
    expect(before).toMatch(/\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n$/)
  })

  test('and not at all when it has answered', async () => {
    let received = ''
    await using server = await listen((socket) => {
      socket.on('data', (bytes: Buffer) => {
        received += bytes.toString('latin1')
        socket.write('HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n')
      })
    })
    await using pool = new ConnectionPool()
    const read = vi.fn<() => Uint8Array>(() => new Uint8Array(1))
    const body = (async function* () {
      yield read()
    })()
    const response = await request(server.url, { pool, method: 'POST', body, expectContinue: true })
    expect(response.statusCode).toBe(417)
    await server.idle()
    expect(received).toMatch(/\r\n\r\n$/)
    expect(read).not.toHaveBeenCalled()
    expect(pool.counts).toMatchObject({ open: 0, resting: 0 })
  })

  test('after a second without a word it goes all the same', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const asked = Promise.withResolvers<void>()
      await using server = await listen(
        afterRequest((socket) => {
          asked.resolve()
          socket.once('data', () => socket.end(OK))
        }),
      )
      const answer = request(server.url, { version: '1.1', method: 'POST', body: 'hello', expectContinue: true })
      await asked.promise
      vi.advanceTimersByTime(999)
      vi.advanceTimersByTime(1)
      expect((await answer).statusCode).toBe(200)
      await (await answer).close()
      expect(vi.getTimerCount(), 'timers, with the one that all deadlines of a length share').toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })

  test('without a body nothing is expected', async () => {
    let head = ''
    await using server = await listen(
      afterRequest((socket, request) => {
        head = request
        socket.end(OK)
      }),
    )
    await (await request(server.url, { version: '1.1', expectContinue: true })).close()
    expect(head).not.toContain('Expect')
  })
})

describe('the body of the response', () => {
  test('as a web stream, read as it is asked for, closed when cancelled', async () => {
    await using server = await listen(afterRequest((socket) => socket.write('HTTP/1.0 200 OK\r\n\r\nabc')))
    const response = await get(server.url)
    const reader = response.stream().getReader()
    expect((await reader.read()).value).toEqual(latin1Bytes('abc'))
    await reader.cancel()
    await server.idle()
  })

  test('as a web stream to its end', async () => {
    await using server = await listenHttp({ body: 'hello' })
    expect(await new Response((await get(server.url)).stream()).text()).toBe('hello')
  })

  test.each([
    ['with its length', (body: Uint8Array) => `Content-Length: ${body.length}\r\n\r\n`],
    ['until close', () => '\r\n'],
  ])('forEach, %s: every byte, in order', async (_, head) => {
    const body = Uint8Array.from({ length: 1_000_003 }, (_, index) => (index * 7 + (index >> 8)) % 251)
    await using server = await listen(
      afterRequest((socket) => {
        socket.write(`HTTP/1.0 200 OK\r\n${head(body)}`)
        socket.end(body)
      }),
    )
    const copies: Uint8Array[] = []
    await (await get(server.url)).body.forEach((piece) => copies.push(new Uint8Array(piece)))
    expect(Buffer.compare(Buffer.concat(copies), body)).toBe(0)
  })

  test('forEach of chunks, cut anywhere, while other connections use the same buffer', async () => {
    const text = Array.from({ length: 3000 }, (_, index) => `line ${index}`).join('\n')
    await using server = await listen(
      afterRequest((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        let wire = ''
        for (let at = 0; at < text.length; at += 13) {
          const piece = text.slice(at, at + 13)
          wire += `${piece.length.toString(16)}${at % 5 === 0 ? ';a="b"' : ''}\r\n${piece}\r\n`
        }
        wire += '0\r\n\r\n'
        const next = (at: number): void => {
          if (at >= wire.length) return void socket.end()
          socket.write(wire.slice(at, at + 997), () => setImmediate(next, at + 997))
        }
        next(0)
      }),
    )
    const read = async (): Promise<string> => {
      let whole = ''
      await (
        await get(server.url, { version: '1.1' })
      ).body.forEach((piece) => {
        whole += Buffer.from(piece).toString('latin1')
      })
      return whole
    }
    for (const whole of await Promise.all([read(), read(), read()])) expect(whole).toBe(text)
  })

  test('what forEach’s function throws ends it', async () => {
    await using server = await listen(afterRequest((socket) => socket.write('HTTP/1.0 200 OK\r\n\r\nabc')))
    const thrown = new Error('enough')
    const response = await get(server.url)
    await expect(
      response.body.forEach(() => {
        throw thrown
      }),
    ).rejects.toBe(thrown)
    await server.idle()
  })

  test('pieces of a loop last: later reads do not change them', async () => {
    await using server = await listen(
      afterRequest((socket) => {
        const pieces = ['HTTP/1.0 200 OK\r\n\r\n', 'aaaa', 'bbbb', 'cccc']
        const next = (): void => {
          const piece = pieces.shift()
          if (piece === undefined) socket.end()
          else socket.write(piece, () => setImmediate(next))
        }
        next()
      }),
    )
    const kept: Uint8Array[] = []
    for await (const piece of (await get(server.url)).body) kept.push(piece)
    expect(Buffer.concat(kept).toString()).toBe('aaaabbbbcccc')
  })
})
