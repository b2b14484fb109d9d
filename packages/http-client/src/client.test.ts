import { Socket } from 'node:net'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NetworkError, ProtocolError } from '@plainwire/socket-utils'
import { afterRequest, listen, listenWith, type Loopback } from '../test/loopback.ts'
import { ConnectionPool } from './connection-pool.ts'
import { get, request, type RequestOptions } from './client.ts'
import { latin1Text } from './protocol/latin1.ts'
import type { RequestStep } from './request-step.ts'
import type { HttpResponse } from './response.ts'

const OK = 'HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\nhello, world'

/** What the client sent, whole; the answer lets it finish. */
async function bytesOf(options: RequestOptions, path = ''): Promise<string> {
  const sent = Promise.withResolvers<string>()
  await using server = await listen((socket) => {
    let received = ''
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1')
      const length = Number(/^content-length: ([0-9]+)/im.exec(received)?.[1] ?? 0)
      if (received.length < received.indexOf('\r\n\r\n') + 4 + length) return
      sent.resolve(received.replaceAll(`:${server.port}`, ':PORT'))
      socket.end('HTTP/1.0 204 No Content\r\n\r\n')
    })
  })
  const response = await request(`${server.url}${path}`, options)
  await response.close()
  return sent.promise
}

describe('the request on the wire', () => {
  test('HTTP/1.0 with Host and Connection: close, and nothing else', async () => {
    expect(await bytesOf({}, 'a/b?c=d e'.replace(' ', '%20') + '#fragment')).toBe(
      'GET /a/b?c=d%20e HTTP/1.0\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n',
    )
  })

  test('HTTP/1.1 on request', async () => {
    expect(await bytesOf({ version: '1.1', method: 'OPTIONS' })).toBe(
      'OPTIONS / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n',
    )
  })

  test('headers in the order, case and number given; a body with its length in bytes', async () => {
    const headers = [
      ['x-B', '1'],
      ['X-a', '2'],
      ['x-b', '3'],
    ] as const
    expect(await bytesOf({ method: 'POST', headers, body: 'caf\u00e9' })).toBe(
      'POST / HTTP/1.0\r\nHost: 127.0.0.1:PORT\r\nx-B: 1\r\nX-a: 2\r\nx-b: 3\r\nContent-Length: 5\r\nConnection: close\r\n\r\ncaf\xc3\xa9',
    )
  })

  test('a record of headers, and those that replace our own', async () => {
    const headers = { HOST: 'other', 'content-length': '3', connection: 'x' }
    expect(await bytesOf({ method: 'PUT', headers, body: Uint8Array.of(0x61, 0xff, 0x62) })).toBe(
      'PUT / HTTP/1.0\r\nHOST: other\r\ncontent-length: 3\r\nconnection: x\r\n\r\na\xffb',
    )
  })

  test('a POST without a body says so', async () => {
    expect(await bytesOf({ method: 'POST' })).toContain('\r\nContent-Length: 0\r\n')
  })
})

describe('the response', () => {
  test('head, text, addresses and counts', async () => {
    await using server = await listenWith(OK)
    const response = await get(server.url)
    expect(response).toMatchObject({ version: '1.0', statusCode: 200, reasonPhrase: 'OK', informational: [] })
    expect([...response.headers]).toEqual([['Content-Length', '12']])
    expect(await response.text()).toBe('hello, world')
    expect(response.exchange).toMatchObject({ address: '127.0.0.1', port: server.port, localAddress: '127.0.0.1' })
    expect(response.exchange.addresses).toEqual([{ address: '127.0.0.1', family: 4 }])
    expect(response.exchange).toMatchObject({ bytesReceived: OK.length, sent: [], received: [] })
  })

  test('one byte at a time', async () => {
    await using server = await listen(
      afterRequest((socket) => {
        const bytes = `HTTP/1.1 100 Continue\r\n\r\n${OK}`.split('')
        const next = (): void => {
          const byte = bytes.shift()
          if (byte === undefined) socket.end()
          else socket.write(byte, () => setImmediate(next))
        }
        next()
      }),
    )
    const response = await get(server.url)
    expect(await response.text()).toBe('hello, world')
    expect(response.informational).toMatchObject([{ statusCode: 100 }])
  })

  test('HTTP/1.0 body until the server closes, longer than any buffer, kept in order', async () => {
    const body = Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * 7 + (index >> 8)) % 251)
    await using server = await listen(
      afterRequest((socket) => {
        socket.write('HTTP/1.0 200 OK\r\n\r\n')
        socket.end(body)
      }),
    )
    const response = await get(server.url)
    expect(Buffer.compare(await response.bytes(), body)).toBe(0)
  })

  test('chunked, with trailers', async () => {
    await using server = await listenWith(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nC\r\nhello, chunk\r\n0\r\nX-Sum: 12\r\n\r\n',
    )
    const response = await get(server.url, { version: '1.1' })
    expect(response.trailers.lines).toEqual([])
    expect(await response.text()).toBe('hello, chunk')
    expect(response.trailers.get('x-sum')).toBe('12')
  })

  test('a redirect is a response like any other', async () => {
    await using server = await listenWith('HTTP/1.0 302 Found\r\nLocation: http://elsewhere.invalid/\r\n\r\n')
    const response = await get(server.url)
    expect([response.statusCode, response.headers.get('location')]).toEqual([302, 'http://elsewhere.invalid/'])
    await response.close()
  })

  test('HEAD: no body, and the connection is closed before anybody asks', async () => {
    await using server = await listen(
      afterRequest((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n')),
    )
    const response = await request(server.url, { method: 'HEAD' })
    await server.idle()
    expect(await response.bytes()).toHaveLength(0)
    expect(response.timings.total).toBeGreaterThan(0)
  })

  test('a server that answers while it refuses to read the request', async () => {
    const refusing = Promise.withResolvers<Socket>()
    await using server = await listen((socket) => {
      socket.pause()
      socket.write('HTTP/1.0 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno')
      refusing.resolve(socket)
    })
    // More than the buffers of both kernels hold.
    const response = await request(server.url, { method: 'POST', body: new Uint8Array(32 << 20) })
    expect([response.statusCode, await response.text()]).toEqual([413, 'no'])
    // It notices that the client has gone by reading alone.
    void (await refusing.promise).resume()
  })
})

describe('the body is read as it is asked for', () => {
  test('a loop gives plain bytes, and leaving it closes the connection', async () => {
    await using server = await listen(afterRequest((socket) => socket.write('HTTP/1.0 200 OK\r\n\r\nabc')))
    const response = await get(server.url)
    for await (const bytes of response.body) {
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
      expect(latin1Text(bytes)).toBe('abc')
      break
    }
    await server.idle()
    await expect(response.text()).rejects.toThrow(new TypeError('the body was read already'))
  })

  test('a server that sends more than is read has to wait', async () => {
    const body = new Uint8Array(64 << 20)
    let finished = false
    await using server = await listen(
      afterRequest((socket, request) => {
        if (request.startsWith('GET /small')) {
          socket.end(OK)
        } else {
          socket.write('HTTP/1.0 200 OK\r\n\r\n')
          socket.end(body, () => (finished = true))
        }
      }),
    )
    const response = await get(server.url)
    for (let round = 0; round < 20; round++) await (await get(`${server.url}small`)).text()
    expect(finished).toBe(false)
    expect(response.exchange.bytesReceived).toBeLessThan(1 << 20)
    expect(await response.bytes()).toHaveLength(body.length)
  })

  test('close() lets go of a body that nobody wants, and may be called again', async () => {
    await using server = await listen(afterRequest((socket) => socket.write('HTTP/1.0 200 OK\r\n\r\nabc')))
    {
      await using response = await get(server.url)
      expect(response.statusCode).toBe(200)
    }
    await server.idle()
    const response = await get(server.url)
    await response.close()
    await response.close()
    await server.idle()
  })

  test('reading after close() is an error, not an empty body', async () => {
    await using server = await listen(afterRequest((socket) => socket.write('HTTP/1.0 200 OK\r\n\r\n')))
    const response = await get(server.url)
    await response.close()
    await expect(response.text()).rejects.toMatchObject({ code: 'connection-closed' })
  })
})

describe('a server that misbehaves', () => {
  test('and sends nothing but informational responses is not listened to for ever', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\n\r\n'
    const fine = 'HTTP/1.1 204 No Content\r\n\r\n'
    await using patient = await listenWith(early.repeat(100) + fine)
    expect((await get(patient.url, { version: '1.1' })).informational).toHaveLength(100)
    await using endless = await listenWith(early.repeat(101) + fine)
    await expect(get(endless.url, { version: '1.1' })).rejects.toMatchObject({
      code: 'http/head-too-large',
      message: expect.stringContaining('more than 100 informational responses'),
    })
  })

  const failing: [what: string, act: (socket: Socket) => void, code: string, message: RegExp][] = [
    ['closes without an answer', (socket) => socket.end(), 'connection-closed', /^GET http:\/\/.*: empty reply/],
    ['resets', (socket) => socket.resetAndDestroy(), 'connection-reset', /^GET http:\/\/.*connection reset by peer/],
    [
      'sends garbage',
      (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
      'http/bad-status-line',
      /not HTTP: it begins "S"/,
    ],
    ['stops in the head', (socket) => socket.end('HTTP/1.1 200 OK\r\nA: b'), 'http/truncated', /middle of the head/],
    ['stops after 100', (socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\n'), 'http/truncated', /at byte 25$/],
    [
      'sends two lengths',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'),
      'http/ambiguous-length',
      /Content-Length "1" beside Transfer-Encoding "chunked"/,
    ],
    [
      'applies a coding that was not asked for',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'),
      'http/bad-transfer-encoding',
      /transfer coding "gzip"/,
    ],
  ]

  test.each(failing)('%s', async (_, act, code, message) => {
    await using server = await listen(afterRequest(act))
    const error = await get(server.url).catch((error: unknown) => error)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(error).toBeInstanceOf(code.startsWith('http/') ? ProtocolError : NetworkError)
    await server.idle()
  })

  const failingLater: [what: string, act: (socket: Socket) => void, code: string][] = [
    ['stops in a body with a length', (socket) => socket.end(OK.slice(0, -1)), 'http/truncated'],
    [
      'stops in a chunked body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nC\r\nhello'),
      'http/truncated',
    ],
    [
      'sends a bad chunk',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n'),
      'http/bad-chunk',
    ],
  ]

  test.each(failingLater)('%s', async (_, act, code) => {
    await using server = await listen(afterRequest(act))
    const response = await get(server.url)
    await expect(response.bytes()).rejects.toMatchObject({ code, message: expect.stringMatching(/^GET http:\/\//) })
    await server.idle()
  })

  test('resets in the body', async () => {
    const head = Promise.withResolvers<void>()
    await using server = await listen(
      afterRequest((socket) => {
        socket.write('HTTP/1.0 200 OK\r\n\r\nabc')
        void head.promise.then(() => socket.resetAndDestroy())
      }),
    )
    const response = await get(server.url)
    head.resolve()
    await expect(response.bytes()).rejects.toMatchObject({ name: 'NetworkError', code: 'connection-reset' })
  })

  test('closes before it has read anything: one of two network errors, never a hang', async () => {
    await using server = await listen((socket) => void socket.destroy())
    const error = await get(server.url).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(NetworkError)
    expect(['connection-closed', 'connection-reset']).toContain((error as NetworkError).code)
  })

  test('is not there', async () => {
    const server = await listen(() => {})
    await server[Symbol.asyncDispose]()
    await expect(get(server.url)).rejects.toMatchObject({ code: 'connect-refused' })
  })
})

describe('leniency', () => {
  const LF_ALONE = 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'

  test('by the letter, unless told otherwise; what was repaired is told', async () => {
    await using server = await listenWith(LF_ALONE)
    await expect(get(server.url)).rejects.toMatchObject({
      code: 'http/bad-line-ending',
      offset: 15,
      clause: 'RFC 9112 §2.2',
    })
    const response = await get(server.url, { leniency: ['bare-lf'] })
    expect(await response.text()).toBe('ok')
    expect(response.warnings[0]).toMatchObject({ code: 'bare-lf', offset: 15, line: 1 })
    const unknown: RequestOptions = JSON.parse('{"leniency":["hope"]}')
    await expect(get(server.url, unknown)).rejects.toThrow(TypeError)
  })

  test('a connection on which something was repaired is not used again', async () => {
    await using server = await listen((socket) => void socket.on('data', () => socket.write(LF_ALONE)))
    await using pool = new ConnectionPool()
    await (await get(server.url, { pool, leniency: 'browser' })).text()
    expect(pool.counts.open).toBe(0)
  })

  test('HTTP/0.9, all body', async () => {
    await using server = await listenWith('<p>hello')
    await expect(get(server.url)).rejects.toMatchObject({ code: 'http/bad-status-line' })
    expect(await (await get(server.url, { http09: true })).text()).toBe('<p>hello')
  })
})

describe('limits', () => {
  test('a body that says it is too long is refused with its head', async () => {
    await using server = await listen(afterRequest((socket) => socket.write(OK)))
    await expect(get(server.url, { maxBodyBytes: 11 })).rejects.toMatchObject({ code: 'http/body-too-large' })
    await server.idle()
    expect(await (await get(server.url, { maxBodyBytes: 12 })).text()).toBe('hello, world')
  })

  test('a body that does not say is refused when it is', async () => {
    await using server = await listen(afterRequest((socket) => socket.write('HTTP/1.0 200 OK\r\n\r\nhello, world')))
    const response = await get(server.url, { maxBodyBytes: 11 })
    await expect(response.text()).rejects.toMatchObject({ code: 'http/body-too-large' })
    await server.idle()
  })

  test('the length of a HEAD is no body', async () => {
    await using server = await listenWith('HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\n')
    expect(await request(server.url, { method: 'HEAD', maxBodyBytes: 0 })).toMatchObject({ statusCode: 200 })
  })

  test('limits of the head reach the parser', async () => {
    await using server = await listenWith(OK)
    await expect(get(server.url, { limits: { maxLineBytes: 17 } })).rejects.toMatchObject({
      code: 'http/line-too-long',
    })
  })
})

describe('watching', () => {
  test('every byte with its time, and the steps in their order', async () => {
    await using server = await listenWith(OK)
    const steps: RequestStep[] = []
    const response = await get(server.url, { trace: true, onStep: (step) => steps.push(step) })
    await response.text()
    expect(steps.map(({ step }) => step)).toEqual(['resolve', 'attempt', 'connect', 'send', 'receive'])
    const { exchange, timings } = response
    const text = (traced: typeof exchange.sent): string => traced.map(({ bytes }) => latin1Text(bytes)).join('')
    expect(text(exchange.sent)).toBe(`GET / HTTP/1.0\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`)
    expect(text(exchange.received)).toBe(OK)
    expect(exchange.bytesSent).toBe(text(exchange.sent).length)
    const times = [...exchange.sent, ...exchange.received].map(({ atUs }) => atUs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.every((atUs) => Number.isInteger(atUs) && atUs > 0 && atUs / 1000 <= timings.total!)).toBe(true)
  })

  test('timings add up to no more than the whole, in milliseconds to the microsecond', async () => {
    await using server = await listenWith(OK)
    const response = await get(server.url)
    expect(response.timings.total).toBeUndefined()
    await response.text()
    const { lookup, connect, send, firstByte, total } = response.timings
    const phases = [lookup, connect, send, firstByte].map((phase) => phase!)
    for (const phase of phases) expect(phase * 1000).toBeCloseTo(Math.round(phase * 1000), 6)
    expect(phases.every((phase) => phase >= 0)).toBe(true)
    expect(phases.reduce((sum, phase) => sum + phase, 0)).toBeLessThanOrEqual(total! + 0.004)
  })

  test.each(['resolve', 'connect', 'send', 'receive'])('what onStep throws at %s ends the exchange', async (at) => {
    await using server = await listen(afterRequest((socket) => socket.write(OK)))
    const thrown = new Error('enough')
    const onStep = ({ step }: RequestStep): void => {
      if (step === at) throw thrown
    }
    await expect(get(server.url, { onStep })).rejects.toBe(thrown)
    await server.idle()
  })
})

describe('ending early', () => {
  const connecting = vi.spyOn(Socket.prototype, 'connect')
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    connecting.mockClear()
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  afterAll(() => connecting.mockRestore())

  const clients = (): Socket[] => connecting.mock.contexts as Socket[]

  /** `timers`: one that all deadlines of a length share goes on until it is due. */
  async function leavesNothing(server: Loopback, timers = 1): Promise<void> {
    await server.idle()
    expect(clients().filter((socket) => !socket.destroyed)).toEqual([])
    expect(vi.getTimerCount()).toBe(timers)
  }

  test.each(['resolve', 'attempt', 'connect', 'send', 'receive'])('aborted at %s', async (at) => {
    await using server = await listen(afterRequest((socket) => socket.write('HTTP/1.0 200 OK\r\n\r\nabc')))
    const controller = new AbortController()
    const reason = { my: 'reason' }
    const answer = get(server.url, {
      signal: controller.signal,
      onStep: ({ step }) => step === at && controller.abort(reason),
    }).then((response) => response.text())
    await expect(answer).rejects.toBe(reason)
    await leavesNothing(server)
  })

  test('the descriptor is released by the time that it rejects, or that close() resolves', async () => {
    await using silent = await listen(afterRequest((socket) => socket.end()))
    await expect(get(silent.url)).rejects.toMatchObject({ code: 'connection-closed' })
    expect(clients().map(({ closed }) => closed)).toEqual([true])
    await using server = await listen(afterRequest((socket) => socket.write('HTTP/1.0 200 OK\r\n\r\n')))
    await (await get(server.url)).close()
    expect(clients().map(({ closed }) => closed)).toEqual([true, true])
  })

  test('aborted before it began, and during the look-up', async () => {
    await using server = await listen(() => {})
    const reason = new Error('never mind')
    await expect(get(server.url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const answer = get(server.url, { signal: controller.signal })
    controller.abort(reason)
    await expect(answer).rejects.toBe(reason)
    await leavesNothing(server)
  })

  test('aborted in the middle of the head, and of the body', async () => {
    for (const part of ['HTTP/1.0 200 OK\r\nA', 'HTTP/1.0 200 OK\r\n\r\nabc']) {
      const controller = new AbortController()
      await using server = await listen(afterRequest((socket) => socket.write(part, () => controller.abort(part))))
      const answer = get(server.url, { signal: controller.signal }).then((response) => response.text())
      await expect(answer).rejects.toBe(part)
      await leavesNothing(server)
    }
  })

  test('a signal that outlives the exchange keeps nothing of it', async () => {
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    await using server = await listenWith(OK)
    await (await get(server.url, { signal })).text()
    const listeners = (spy: typeof added): Set<unknown> => new Set(spy.mock.calls.map(([, listener]) => listener))
    expect(listeners(added).size).toBeGreaterThan(0)
    expect(listeners(removed)).toEqual(listeners(added))
  })

  test('a server that never answers: the deadline says what it waited for', async () => {
    const asked = Promise.withResolvers<void>()
    const sent = Promise.withResolvers<void>()
    await using server = await listen(afterRequest(() => asked.resolve()))
    const answer = get(server.url, { onStep: ({ step }) => step === 'send' && sent.resolve() })
    const failure = expect(answer).rejects.toMatchObject({
      code: 'timed-out',
      message: `GET ${server.url}: timed out after 30000 ms while waiting for the first byte`,
    })
    await Promise.all([asked.promise, sent.promise])
    vi.advanceTimersByTime(29_999)
    vi.advanceTimersByTime(1)
    await failure
    await leavesNothing(server, 0)
  })

  test('a body that is never read is ended by the deadline, and says so when it is read then', async () => {
    await using server = await listen(afterRequest((socket) => socket.write('HTTP/1.0 200 OK\r\n\r\nabc')))
    const response: HttpResponse = await get(server.url, { timeoutMs: 7000 })
    vi.advanceTimersByTime(7000)
    await server.idle()
    await expect(response.text()).rejects.toMatchObject({
      code: 'timed-out',
      message: `GET ${server.url}: timed out after 7000 ms while receiving the response`,
    })
  })

  test('a finished exchange', async () => {
    await using server = await listenWith(OK)
    await (await get(server.url)).text()
    await leavesNothing(server)
  })
})

describe('the caller’s mistakes show before anything is opened', () => {
  test.each([
    ['example.com/', TypeError, '"example.com/" is no URL: write http://host/path'],
    ['localhost:8080', TypeError, '"localhost:8080" is no http: URL: write http://host/path'],
    ['', TypeError, '"" is no URL: write http://host/path'],
    ['http://', TypeError, '"http://" is no URL: write http://host/path'],
    ['http://a b/', TypeError, '"http://a b/" is no URL: write http://host/path'],
    ['http://a/\nb', TypeError, '"http://a/\\nb" is no URL: write http://host/path'],
    ['ftp://a/', TypeError, '"ftp://a/" is no http: URL: write http://host/path'],
    ['http://a:70000/', RangeError, 'port must be 1 to 65535, got 70000'],
    ['http://a:0/', RangeError, 'port must be 1 to 65535, got 0'],
    ['ftp://me:secret@a/b', TypeError, '"ftp://…@a/b" is no http: URL: write http://host/path'],
    ['http://a%3Ab:c@d/', TypeError, 'user name must have no colon, got "a:b"'],
    ['http://%ff@d/', TypeError, 'the user name or password in the URL is no percent-encoded UTF-8'],
  ])('%s', async (url, type, message) => {
    const error = await get(url).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(type)
    expect((error as Error).message).toBe(message)
  })

  test.each<[options: RequestOptions, type: ErrorConstructor, message: RegExp]>([
    [{ method: 'GE T' }, TypeError, /"GE T"/],
    [{ method: 'CONNECT' }, TypeError, /CONNECT/],
    [{ headers: { 'A\r\nB': 'c' } }, TypeError, /"A\\r\\nB"/],
    [{ headers: [['A', 'b\nc']] }, TypeError, /"b\\nc"/],
    [{ headers: { 'Content-Length': '5' }, body: 'four' }, TypeError, /"5" does not fit the body of 4 bytes/],
    [{ headers: { 'Content-Length': '5' } }, TypeError, /body of 0 bytes/],
    [
      {
        headers: [
          ['Content-Length', '1'],
          ['content-length', '1'],
        ],
        body: 'a',
      },
      TypeError,
      /"1, 1"/,
    ],
    [{ headers: { 'Transfer-Encoding': 'chunked' }, body: '' }, TypeError, /Transfer-Encoding/],
    [{ timeoutMs: 0 }, RangeError, /timeoutMs .* got 0$/],
    [{ timeoutMs: NaN }, RangeError, /timeoutMs .* got NaN$/],
    [{ timeoutMs: 2 ** 31 }, RangeError, /timeoutMs .* got 2147483648$/],
    [{ maxBodyBytes: -1 }, RangeError, /maxBodyBytes .* got -1$/],
    [{ limits: { maxHeaders: 0 } }, RangeError, /maxHeaders .* got 0$/],
  ])('%j', async (options, type, message) => {
    const error = await request('http://127.0.0.1:9/', options).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(type)
    expect((error as Error).message).toMatch(message)
  })

  test('a URL object', async () => {
    await using server = await listenWith(OK)
    const response = await get(new URL('x', server.url))
    expect(await response.text()).toBe('hello, world')
  })

  test('an IPv6 address is connected to without its brackets', async () => {
    await expect(get('http://[::1]:1/')).rejects.toThrow(/\[::1\]:1: /)
  })
})
