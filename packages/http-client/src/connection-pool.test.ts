import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { startPeer, type Peer } from '@plainwire/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { listen, type Loopback } from '../test/loopback.ts'
import { get, request } from './client.ts'
import { ConnectionPool } from './connection-pool.ts'

interface Counting extends Loopback {
  /** The requests of each connection, in order. */
  readonly connections: string[][]
  readonly sockets: Socket[]
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** `answer`: for the nth request of the nth connection, from 0; undefined sends nothing. */
async function counting(
  answer: (request: number, connection: number, socket: Socket) => string | undefined = () => OK,
): Promise<Counting> {
  const connections: string[][] = []
  const sockets: Socket[] = []
  const server = await listen((socket) => {
    const requests: string[] = []
    const connection = connections.push(requests) - 1
    sockets.push(socket)
    let text = ''
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        requests.push(text.slice(0, end + 4))
        text = text.slice(end + 4)
        const bytes = answer(requests.length - 1, connection, socket)
        if (bytes !== undefined) socket.write(bytes, 'latin1')
      }
    })
  })
  // Not spread: what server does with `this` is its own.
  return Object.assign(server, { connections, sockets })
}

const lengths = ({ connections }: Counting): number[] => connections.map((requests) => requests.length)

test('a request that waits is the one that was asked for, whatever becomes of its options', async () => {
  await using server = await counting()
  await using pool = new ConnectionPool({ maxPerOrigin: 1 })
  const first = await get(server.url, { pool })
  const options: { pool: ConnectionPool; socketPath?: string } = { pool }
  const second = request(server.url, options)
  options.socketPath = '/nowhere'
  await first.close()
  expect(await (await second).text()).toBe('ok')
})

describe('a connection is used again', () => {
  test('in HTTP/1.1, which says nothing about it', async () => {
    await using server = await counting()
    await using pool = new ConnectionPool()
    const responses = []
    for (let count = 0; count < 3; count++) {
      const response = await get(server.url, { pool })
      expect(await response.text()).toBe('ok')
      responses.push(response)
    }
    expect(lengths(server)).toEqual([3])
    expect(server.connections[0]?.[2]).toBe(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`)
    expect(pool.counts).toMatchObject({ open: 1, resting: 1 })
    expect(responses.map(({ exchange }) => exchange.reused)).toEqual([false, true, true])
    const [first, , third] = responses
    expect(third?.exchange.localPort).toBe(first?.exchange.localPort)
    expect([first?.timings.connect !== undefined, third?.timings.connect, third?.exchange.addresses]).toEqual([
      true,
      undefined,
      [],
    ])
    expect(third?.timings.total).toBeGreaterThan(0)
  })

  test('and each response is read by its own request’s rules, with offsets of its own', async () => {
    const bad = 'HTTP/1.1 200 OK\r\nContent-Length: 0\nX: 1\r\n\r\n'
    await using server = await counting((request) => (request === 0 ? OK : bad))
    await using pool = new ConnectionPool()
    await (await get(server.url, { pool })).text()
    await expect(get(server.url, { pool })).rejects.toMatchObject({ code: 'http/bad-line-ending', offset: 34, line: 2 })
    await (await get(server.url, { pool })).text()
    const repaired = await get(server.url, { pool, leniency: 'lenient' })
    expect(repaired.warnings).toMatchObject([{ code: 'bare-lf', offset: 34, line: 2 }])
    expect(lengths(server)).toEqual([2, 2])
  })

  test('also for a HEAD between two GETs, whose length announces no body', async () => {
    await using server = await counting((request) => (request === 1 ? OK.slice(0, -2) : OK))
    await using pool = new ConnectionPool()
    const texts = []
    for (const method of ['GET', 'HEAD', 'GET']) {
      texts.push(await (await request(server.url, { pool, method })).text())
    }
    expect(texts).toEqual(['ok', '', 'ok'])
    expect(lengths(server)).toEqual([3])
  })

  test('in HTTP/1.0 where both sides say keep-alive', async () => {
    await using server = await counting(
      () => 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok',
    )
    await using pool = new ConnectionPool()
    for (let count = 0; count < 2; count++) await (await get(server.url, { pool, version: '1.0' })).text()
    expect(lengths(server)).toEqual([2])
    expect(server.connections[0]?.[0]).toMatch(/ HTTP\/1\.0\r\n[^]*\r\nConnection: keep-alive\r\n\r\n$/)
  })

  test('after HEAD, 204 and an empty body, before anybody asks for it', async () => {
    await using server = await counting(
      (n) => ['HTTP/1.1 204 No\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'][n],
    )
    await using pool = new ConnectionPool()
    await get(server.url, { pool })
    await request(server.url, { pool, method: 'HEAD' })
    expect(lengths(server)).toEqual([2])
    expect(pool.counts).toMatchObject({ open: 1, resting: 1 })
  })

  test('the one that rested last, first', async () => {
    await using server = await counting()
    await using pool = new ConnectionPool()
    const both = await Promise.all([get(server.url, { pool }), get(server.url, { pool })])
    for (const response of both) await response.text()
    const next = await get(server.url, { pool })
    await next.text()
    expect(next.exchange.localPort).toBe(both[1]?.exchange.localPort)
  })
})

describe('a connection is not used again', () => {
  const cases: [what: string, answer: string, options?: object][] = [
    ['the server says close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
    ['HTTP/1.0 says nothing', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['bytes follow that nobody asked for', `${OK}HTTP/1.1 200 OK\r\n`],
    ['we said close ourselves', OK, { headers: { Connection: 'close' } }],
  ]
  test.each(cases)('%s', async (_, answer, options) => {
    await using server = await counting(() => answer)
    await using pool = new ConnectionPool()
    for (let count = 0; count < 2; count++)
      expect(await (await get(server.url, { pool, ...options })).text()).toBe('ok')
    expect(lengths(server)).toEqual([1, 1])
    expect(pool.counts).toMatchObject({ open: 0, resting: 0 })
  })

  test('the body was not read to its end', async () => {
    await using server = await counting(() => 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok')
    await using pool = new ConnectionPool()
    const response = await get(server.url, { pool })
    expect(pool.counts).toMatchObject({ open: 1, resting: 0 })
    await response.close()
    await server.idle()
    expect(pool.counts).toMatchObject({ open: 0, resting: 0 })
  })

  test('closing a response that was read does not touch the next one on its connection', async () => {
    await using server = await counting((n) => (n === 0 ? OK : 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok'))
    await using pool = new ConnectionPool()
    const first = await get(server.url, { pool })
    await first.text()
    const second = await get(server.url, { pool })
    await first.close()
    server.sockets[0]?.write('ay')
    expect(await second.text()).toBe('okay')
  })

  test.each([
    ['the server finishes', (socket: Socket) => socket.end()],
    ['the server resets', (socket: Socket) => socket.resetAndDestroy()],
    ['bytes come while it rests', (socket: Socket) => socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n')],
  ])('%s', async (_, act) => {
    await using server = await counting()
    await using pool = new ConnectionPool()
    await (await get(server.url, { pool })).text()
    const [socket] = server.sockets
    if (!socket) throw new Error('nobody came')
    act(socket)
    await vi.waitFor(() => expect(pool.counts).toMatchObject({ open: 0, resting: 0 }))
    await (await get(server.url, { pool })).text()
    expect(lengths(server)).toEqual([1, 1])
  })

  test('other settings mean other connections', async () => {
    await using server = await counting()
    await using pool = new ConnectionPool()
    for (const options of [{}, { family: 4 as const }, { proxy: server.url }]) {
      await (await get(server.url, { pool, ...options })).text()
    }
    expect(lengths(server)).toEqual([1, 1, 1])
  })
})

describe('a connection that the server closes just as it is used', () => {
  const closesSecond = (): Promise<Counting> =>
    counting((n, connection, socket) => {
      if (n === 0 || connection > 0) return OK
      socket.destroy()
      return undefined
    })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s is sent again on a new one', async (method) => {
    await using server = await closesSecond()
    await using pool = new ConnectionPool()
    await (await get(server.url, { pool })).text()
    const response = await request(server.url, { pool, method })
    await response.close()
    expect(response.exchange).toMatchObject({ reused: false, bytesReceived: 40 })
    expect(lengths(server)).toEqual([2, 1])
  })

  test.each([
    ['POST', { method: 'POST' }],
    ['a streamed PUT', { method: 'PUT', headers: { 'Content-Length': '0' }, body: (async function* () {})() }],
  ])('%s is not', async (_, options) => {
    await using server = await closesSecond()
    await using pool = new ConnectionPool()
    await (await get(server.url, { pool })).text()
    await expect(request(server.url, { pool, ...options })).rejects.toMatchObject({ name: 'NetworkError' })
    expect(lengths(server)).toEqual([2])
  })

  test('once: a server that closes new ones, too, is not asked for ever', async () => {
    await using server = await counting((n, connection, socket) => {
      if (n + connection === 0) return OK
      socket.destroy()
      return undefined
    })
    await using pool = new ConnectionPool()
    await (await get(server.url, { pool })).text()
    await expect(get(server.url, { pool })).rejects.toMatchObject({ name: 'NetworkError' })
    expect(lengths(server)).toEqual([2, 1])
  })

  test('after a part of the answer nothing is sent again', async () => {
    await using server = await counting((n, _, socket) => {
      if (n === 0) return OK
      socket.end('HTTP/1.1 200')
      return undefined
    })
    await using pool = new ConnectionPool()
    await (await get(server.url, { pool })).text()
    await expect(get(server.url, { pool })).rejects.toMatchObject({ code: 'http/truncated' })
    expect(lengths(server)).toEqual([2])
  })

  test('the other resting ones are not trusted: the new one is new', async () => {
    await using server = await counting((n, connection, socket) => {
      if (n === 0 || connection > 1) return OK
      socket.destroy()
      return undefined
    })
    await using pool = new ConnectionPool({ maxPerOrigin: 2 })
    const both = await Promise.all([get(server.url, { pool }), get(server.url, { pool })])
    for (const response of both) await response.text()
    expect(await (await get(server.url, { pool })).text()).toBe('ok')
    expect(lengths(server)).toEqual([1, 2, 1])
  })
})

describe('limits', () => {
  test('one more than the origin may have waits for the first to be read, and gets its connection', async () => {
    await using server = await counting()
    await using pool = new ConnectionPool({ maxPerOrigin: 1 })
    const first = await get(server.url, { pool })
    const order: string[] = []
    const others = ['second', 'third'].map(async (name) => {
      const response = await get(server.url, { pool })
      order.push(name)
      await response.text()
    })
    await new Promise(setImmediate)
    expect(order).toEqual([])
    await first.text()
    await Promise.all(others)
    expect(order).toEqual(['second', 'third'])
    expect(lengths(server)).toEqual([3])
  })

  test('a connection that closes makes room for another', async () => {
    await using server = await counting(() => 'HTTP/1.0 200 OK\r\n\r\nok')
    await using pool = new ConnectionPool({ maxPerOrigin: 1 })
    const first = await get(server.url, { pool })
    const second = get(server.url, { pool }).then((response) => response.close())
    await first.close()
    await second
    expect(lengths(server)).toEqual([1, 1])
  })

  test('where nobody listens the place is free again', async () => {
    const gone = await listen(() => {})
    await gone[Symbol.asyncDispose]()
    await using pool = new ConnectionPool({ maxPerOrigin: 1 })
    for (let count = 0; count < 3; count++)
      await expect(get(gone.url, { pool })).rejects.toMatchObject({ code: 'connect-refused' })
    expect(pool.counts).toMatchObject({ open: 0, resting: 0 })
  })

  test('in all: a resting one of another origin gives way, the longest first', async () => {
    await using one = await counting()
    await using other = await counting()
    await using third = await counting()
    await using pool = new ConnectionPool({ maxConnections: 2 })
    for (const { url } of [one, other, third]) await (await get(url, { pool })).text()
    await one.idle()
    expect(pool.counts).toMatchObject({ open: 2, resting: 2 })
    await (await get(other.url, { pool })).text()
    expect(lengths(other)).toEqual([2])
  })

  test('in all: who waits for another origin gets its turn when one comes to rest', async () => {
    await using one = await counting()
    await using other = await counting()
    await using pool = new ConnectionPool({ maxConnections: 1, idleTimeoutMs: 60_000 })
    const first = await get(one.url, { pool })
    const second = get(other.url, { pool }).then((response) => response.text())
    await first.text()
    expect(await second).toBe('ok')
  })

  test('the deadline and the signal go on while it waits', async () => {
    await using server = await counting(() => 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok')
    await using pool = new ConnectionPool({ maxPerOrigin: 1 })
    const first = await get(server.url, { pool })
    const controller = new AbortController()
    const waiting = get(server.url, { pool, signal: controller.signal })
    controller.abort('enough')
    await expect(waiting).rejects.toBe('enough')
    await first.close()
    expect(pool.counts).toMatchObject({ open: 0, resting: 0 })
  })

  test.each([{ maxPerOrigin: 0 }, { maxConnections: NaN }, { idleTimeoutMs: 0 }, { idleTimeoutMs: 2 ** 31 }])(
    '%j',
    (options) => {
      expect(() => new ConnectionPool(options)).toThrow(RangeError)
    },
  )
})

test('of an origin that has no connection any more nothing is kept', async () => {
  await using server = await counting(() => 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok')
  await using pool = new ConnectionPool()
  const responses = await Promise.all([get(server.url, { pool }), get(server.url, { pool, family: 4 })])
  expect(pool.counts.origins).toBe(2)
  for (const response of responses) await response.text()
  expect(pool.counts.origins).toBe(0)
})

test('a connection at rest lets the process end, one in use does not', async () => {
  await using server = await counting((n) => (n === 0 ? OK : undefined))
  const program = `
    import { ConnectionPool, get } from '@plainwire/http-client'
    const pool = new ConnectionPool({ idleTimeoutMs: 100_000 })
    console.log(await (await get(process.env.URL, { pool })).text())
    if (process.env.AGAIN) get(process.env.URL, { pool, timeoutMs: 60_000 }).catch(() => {})`
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const run = (env: NodeJS.ProcessEnv): Peer =>
    startPeer(process.execPath, ['--input-type=module', '--eval', program], { cwd, env: { URL: server.url, ...env } })
  await using resting = run({})
  expect(await resting.exited).toBe(0)
  expect(resting.output()).toBe('ok')
  await using busy = run({ AGAIN: 'yes' })
  await busy.line(/^ok$/)
  await vi.waitFor(() => expect(lengths(server)).toEqual([1, 2]))
  expect(busy.process.exitCode).toBe(null)
})

describe('at rest', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('closed when its time is up, and not before', async () => {
    await using server = await counting()
    await using pool = new ConnectionPool({ idleTimeoutMs: 1000 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const [first, second] = await Promise.all([get(server.url, { pool }), get(server.url, { pool })])
    await first?.text()
    vi.advanceTimersByTime(600)
    await second?.text()
    vi.advanceTimersByTime(399)
    expect(pool.counts.resting).toBe(2)
    vi.advanceTimersByTime(1)
    expect(pool.counts).toMatchObject({ open: 1, resting: 1 })
    vi.advanceTimersByTime(600)
    expect(pool.counts).toMatchObject({ open: 0, resting: 0 })
    expect(vi.getTimerCount(), 'timers, with the one that all deadlines of a length share').toBe(1)
    await server.idle()
  })

  test('close() lets exchanges end, and takes no more', async () => {
    await using server = await counting((n) => (n === 0 ? 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok' : OK))
    const pool = new ConnectionPool({ maxPerOrigin: 1 })
    const response = await get(server.url, { pool })
    const waiting = get(server.url, { pool })
    let closed = false
    const closing = pool.close().then(() => (closed = true))
    await expect(waiting).rejects.toMatchObject({
      code: 'connection-closed',
      message: expect.stringMatching(/pool is closed$/),
    })
    await expect(get(server.url, { pool })).rejects.toMatchObject({ code: 'connection-closed' })
    expect(closed).toBe(false)
    server.sockets[0]?.write('ay')
    expect(await response.text()).toBe('okay')
    await closing
    await server.idle()
  })
})
