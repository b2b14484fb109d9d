import { spawn } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { generateLoad, type LoadReport } from './load.ts'

const running: AsyncDisposable[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server[Symbol.asyncDispose]()
})

async function serve(onSocket: (socket: Socket) => void): Promise<{ target: string; open: Set<Socket> }> {
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => {})
    onSocket(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.push({
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  })
  return { target: `127.0.0.1:${(server.address() as { port: number }).port}`, open }
}

async function serveHttp(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.push(server)
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

const echo = (socket: Socket): void => void socket.on('data', (bytes) => socket.write(bytes))

/** Ends a run once something has happened so often, however long that takes. */
function endAfter(count: number): {
  readonly signal: AbortSignal
  readonly durationMs: number
  readonly happened: () => void
} {
  const end = new AbortController()
  return {
    signal: end.signal,
    durationMs: 60_000,
    happened: () => {
      count -= 1
      if (count === 0) end.abort()
    },
  }
}

test('measures an echo server, and leaves nothing behind', async () => {
  const { happened, ...until } = endAfter(100)
  const { target, open } = await serve((socket) => {
    socket.on('data', (bytes) => socket.write(bytes, happened))
  })
  const report = await generateLoad(target, { connections: 8, messageBytes: 100, ...until })
  expect(report.replies).toBeGreaterThan(80)
  expect(report.requests - report.replies).toBeLessThanOrEqual(8)
  expect(report.bytesSent).toBe(report.requests * 100)
  expect(report.bytesReceived).toBeGreaterThanOrEqual(report.replies * 100)
  expect(report.repliesPerSecond).toBeCloseTo((report.replies / report.durationMs) * 1000)
  const { min, p50, p90, p99, p999, max, mean } = report.latency
  expect([min, p50, p90, p99, p999, max].toSorted((a, b) => a - b)).toEqual([min, p50, p90, p99, p999, max])
  expect(mean).toBeGreaterThan(0)
  const { histogram } = report
  expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(report.replies)
  expect(histogram.at(-1)?.upToUs).toBeGreaterThan(Math.round(max * 1000))
  expect(histogram.at(-2)?.upToUs ?? 0).toBeLessThanOrEqual(Math.round(max * 1000))
  expect(report).toMatchObject({ omission: 'no-schedule', unsent: 0, errors: {} })
  expect(report.generator.lateness.max).toBeNaN()
  await vi.waitUntil(() => open.size === 0)
})

test('asks as many at a time as there are connections, and each one thing at a time', async () => {
  const { happened, ...until } = endAfter(4)
  const waiting = new Set<Socket>()
  const { target } = await serve((socket) => {
    socket.on('data', (bytes: Buffer) => {
      expect(bytes).toHaveLength(64)
      expect(waiting).not.toContain(socket)
      waiting.add(socket)
      if (waiting.size < 5) return
      // All five have asked, and nobody asks a second time before it is answered.
      setImmediate(() => {
        happened()
        for (const one of waiting) one.write(bytes)
        waiting.clear()
      })
    })
  })
  const { replies } = await generateLoad(target, { connections: 5, ...until })
  expect(replies).toBe(15)
})

test('with a rate it sends that many, spread over the connections, and says that the rate was the limit', async () => {
  const { happened, ...until } = endAfter(100)
  const asked = new Map<Socket, number>()
  const { target } = await serve((socket) => {
    socket.on('data', (bytes) => {
      asked.set(socket, (asked.get(socket) ?? 0) + 1)
      socket.write(bytes)
      setImmediate(happened)
    })
  })
  const report = await generateLoad(`tcp://${target}`, { connections: 4, rate: 200, ...until })
  const due = Math.floor(report.durationMs / 5) + 1
  expect(Math.abs(report.requests + report.unsent - due)).toBeLessThanOrEqual(1)
  expect(report.durationMs).toBeGreaterThanOrEqual(99 * 5 - 1)
  expect([...asked.values()].every((count) => count >= 20)).toBe(true)
  expect(report.omission).toBe('none')
  expect(report.generator.lateness.max).toBeGreaterThanOrEqual(0)
  expect(report.generator.utilization).toBeGreaterThan(0)
  const { requests, unsent, replies, generator } = report
  const all = requests + unsent
  const kept = all - replies <= Math.max(1, 0.01 * all) ? 'rate' : 'server'
  expect(report.limitedBy).toBe(generator.utilization < 0.85 ? kept : 'generator')
})

test('a server that stalls shows in the latency of all that fell due meanwhile, if there is a rate', async () => {
  const run = async (rate?: number) => {
    const { happened, ...until } = endAfter(60)
    let stalledUntil: number | undefined
    const { target } = await serve((socket) => {
      socket.on('data', (bytes: Buffer) => {
        stalledUntil ??= performance.now() + 300
        const answer = (): void => void socket.write(bytes, happened)
        setTimeout(answer, Math.max(1, stalledUntil - performance.now()))
      })
    })
    return generateLoad(target, { connections: 1, ...until, ...(rate !== undefined && { rate }) })
  }
  const open = await run(100)
  // Of 60 requests 30 fell due while it stalled; six of them had to wait for more than 240 ms.
  expect(open.latency.p90).toBeGreaterThan(150)
  expect(open.latency.max).toBeGreaterThan(250)
  const closed = await run()
  // Not asked meanwhile: one request alone has seen the stall, and the median knows nothing of it.
  expect(closed.latency.max).toBeGreaterThan(250)
  expect(closed.latency.p50).toBeLessThan(closed.latency.max / 2)
})

test('a server that is too slow for the rate is the limit, and what was not sent is told', async () => {
  const { target } = await serve((socket) => {
    socket.on('data', (bytes) => setTimeout(() => socket.write(bytes), 50))
  })
  const report = await generateLoad(target, { connections: 2, durationMs: 400, rate: 1000 })
  expect(report.unsent).toBeGreaterThan(300)
  if (report.generator.utilization < 0.85) expect(report.limitedBy).toBe('server')
})

test('a generator without time to spare says so', async () => {
  const { target } = await serve(echo)
  // The server lives in this very thread, so that together they use all of it.
  const report = await generateLoad(target, { connections: 64, durationMs: 300 })
  expect(report.generator.utilization).toBeGreaterThanOrEqual(0.85)
  expect(report.limitedBy).toBe('generator')
})

test('HTTP: pages over connections that persist, errors by status', async () => {
  let answered = (): void => {}
  const target = await serveHttp((request, response) => {
    expect(request.headers.host).toBe(target.slice('http://'.length))
    if (request.url !== '/page?x=1') response.writeHead(503)
    response.end('a page', () => answered())
  })
  const ask = (path: string): Promise<LoadReport> => {
    const { happened, ...until } = endAfter(20)
    answered = happened
    return generateLoad(`${target}${path}`, { connections: 2, ...until })
  }
  const pages = await ask('/page?x=1')
  expect(pages.replies).toBeGreaterThan(2)
  expect(pages.errors).toEqual({})
  const failing = await ask('/nosuch')
  expect(failing.replies).toBeGreaterThan(2)
  expect(failing.errors).toEqual({ 'http-503': failing.replies })
})

test('HTTP: a server that closes after each page is connected to anew, without an error', async () => {
  let connections = 0
  const { happened, ...until } = endAfter(20)
  const target = await serveHttp((_, response) => response.setHeader('Connection', 'close').end('once', happened))
  ;(running.at(-1) as ReturnType<typeof createHttpServer>).on('connection', () => (connections += 1))
  const report = await generateLoad(target, { connections: 2, ...until })
  expect(report.replies).toBeGreaterThan(2)
  expect(connections).toBeGreaterThanOrEqual(report.replies)
  expect(report.errors).toEqual({})
})

test('connections that break are counted and made anew', async () => {
  let connections = 0
  const { happened, ...until } = endAfter(1)
  const { target } = await serve((socket) => {
    connections += 1
    socket.once('data', (bytes) => {
      if (connections === 1) socket.resetAndDestroy()
      else if (connections === 2) socket.end('short')
      else socket.write(bytes, () => socket.once('data', happened))
    })
  })
  const report = await generateLoad(target, { connections: 1, ...until })
  expect(report.errors).toEqual({ 'connection-reset': 1, 'load/truncated': 1 })
  expect(report.replies).toBe(1)
})

test('a reply that nobody asked for breaks the connection', async () => {
  const { happened, ...until } = endAfter(2)
  const { target } = await serve((socket) => {
    happened() // the second one is after the first has broken
    socket.once('data', (bytes: Buffer) => socket.write(Buffer.concat([bytes, bytes])))
  })
  const report = await generateLoad(target, { connections: 1, ...until })
  expect(report.errors).toHaveProperty('failed')
})

test('rejects if nobody is there; refuses targets and options of nonsense', async () => {
  const { target } = await serve(echo)
  await running.splice(0)[0]?.[Symbol.asyncDispose]()
  await expect(generateLoad(target, { durationMs: 300 })).rejects.toMatchObject({
    code: 'connect-refused',
    message: `connect to ${target}: connection refused (ECONNREFUSED)`,
  })
  for (const wrong of ['udp://127.0.0.1:1', 'unix:/x', 'https://127.0.0.1/']) {
    await expect(generateLoad(wrong)).rejects.toThrow(new TypeError(`target must be tcp:// or http://, got "${wrong}"`))
  }
  await expect(generateLoad('http://[')).rejects.toThrow(new TypeError('target must be a URL, got "http://["'))
  const wrong = { connections: 0, durationMs: 0, messageBytes: 0, rate: 0 }
  for (const [name, value] of Object.entries(wrong)) {
    await expect(generateLoad('127.0.0.1:1', { [name]: value })).rejects.toThrow(new RegExp(`^${name} must be`))
  }
})

test('a signal ends the run early, with what was measured; before it, nothing is begun', async () => {
  const { happened, ...until } = endAfter(3)
  const { target } = await serve((socket) => {
    socket.on('data', (bytes) => {
      happened()
      socket.write(bytes)
    })
  })
  expect((await generateLoad(target, { connections: 1, ...until })).replies).toBe(2)
  const unused = new AbortController()
  const { durationMs } = await generateLoad(target, { connections: 1, durationMs: 20, signal: unused.signal })
  expect(durationMs).toBeGreaterThanOrEqual(19)
  expect(getEventListeners(unused.signal, 'abort')).toEqual([])
  await expect(generateLoad(target, { signal: AbortSignal.abort('why') })).rejects.toBe('why')
})

test('a server that accepts and closes is asked again now and then, not as fast as it can', async () => {
  let accepted = 0
  const { target } = await serve((socket) => {
    accepted += 1
    socket.end()
  })
  await generateLoad(target, { connections: 2, durationMs: 500, rate: 1 })
  expect(accepted).toBeGreaterThan(2)
  expect(accepted).toBeLessThan(60)
})

test.skipIf(process.platform !== 'linux')(
  'a server that never completes a handshake is a fault, not a slow one',
  async () => {
    // Its backlog is full: Linux lets a client more wait than it was told to.
    const bound = spawn(process.execPath, [
      '-e',
      `const server = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      console.log(server.address().port)
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000), 10)
    })`,
    ])
    running.push({ [Symbol.asyncDispose]: async () => void bound.kill('SIGKILL') })
    const [line] = (await once(bound.stdout, 'data')) as [Buffer]
    const port = Number(line)
    await sleep(50)
    const waiting = Array.from({ length: 3 }, () => connect(port, '127.0.0.1').on('error', () => {}))
    await sleep(50)
    const load = generateLoad(`127.0.0.1:${port}`, { connections: 1, durationMs: 300 })
    await expect(load).rejects.toMatchObject({
      code: 'timed-out',
      message: `connect to 127.0.0.1:${port}: timed out after 300 ms`,
    })
    for (const socket of waiting) socket.destroy()
  },
)
