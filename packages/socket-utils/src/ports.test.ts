import dns from 'node:dns/promises'
import { once } from 'node:events'
import http from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { startPeer, unusedPort } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { freePort, isPortOpen, probePort, reservePort, waitForPort } from './ports.ts'
import { NetworkError } from './protocol/errors.ts'

describe('probePort and isPortOpen', () => {
  test('an open port is open, and its server sees the probe go', async () => {
    await using reserved = await reservePort()
    const gone = Promise.withResolvers<void>()
    reserved.server.on('connection', (socket) => socket.resume().once('close', () => gone.resolve()))
    const { port } = reserved
    expect(await probePort({ host: '127.0.0.1', port })).toEqual({ state: 'open', address: '127.0.0.1', family: 4 })
    await gone.promise
    expect(await isPortOpen({ host: '127.0.0.1', port })).toBe(true)
  })

  test('a closed port is refused, and the error says which', async () => {
    const port = await unusedPort()
    const result = await probePort({ host: '127.0.0.1', port })
    expect(result).toMatchObject({ state: 'refused', error: { code: 'connect-refused' } })
    expect(await isPortOpen({ host: '127.0.0.1', port })).toBe(false)
    expect((await probePort({ port })).state).toBe('refused')
  })

  test('localhost is both loopback addresses', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const reserved = await reservePort({ host }).catch((error: NetworkError) => error.code)
      if (reserved === 'address-unavailable' || reserved === 'unsupported') continue // no IPv6 here
      if (typeof reserved === 'string') throw new Error(reserved)
      expect(await probePort({ port: reserved.port })).toMatchObject({ state: 'open', address: host })
      await reserved[Symbol.asyncDispose]()
    }
  })

  test.runIf(process.platform === 'linux')('an address that cannot be reached is unreachable', async () => {
    // TCP does not speak to the broadcast address; the kernel says so without sending.
    expect((await probePort({ host: '255.255.255.255', port: 9 })).state).toBe('unreachable')
  })

  test('what says nothing about the port is thrown', async () => {
    await expect(isPortOpen({ host: 'nosuch.invalid', port: 9 })).rejects.toMatchObject({ code: 'lookup-failed' })
    await expect(isPortOpen({ port: 0 })).rejects.toThrow(RangeError)
    await expect(isPortOpen({ host: '', port: 9 })).rejects.toThrow(TypeError)
    await expect(isPortOpen({ port: 9, timeoutMs: 0 })).rejects.toThrow(RangeError)
    await expect(isPortOpen({ port: 9, signal: AbortSignal.abort('mine') })).rejects.toBe('mine')
  })
})

describe('waitForPort', () => {
  test('waits until somebody listens', async () => {
    const port = await unusedPort()
    const waiting = waitForPort({ port })
    expect((await probePort({ port })).state).toBe('refused')
    await using server = net.createServer((client) => client.destroy()).listen(port, '127.0.0.1')
    expect(await waiting).toEqual({ state: 'open', address: '127.0.0.1', family: 4 })
    expect(server.listening).toBe(true)
  })

  test('waits until nobody listens any more, on either loopback address', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const reserved = await reservePort({ host }).catch((error: NetworkError) => error.code)
      if (reserved === 'address-unavailable' || reserved === 'unsupported') continue // no IPv6 here
      if (typeof reserved === 'string') throw new Error(reserved)
      const tried = once(reserved.server, 'connection')
      const waiting = waitForPort({ port: reserved.port, for: 'closed' })
      await tried
      await reserved[Symbol.asyncDispose]()
      expect(await waiting).toMatchObject({ state: 'refused', error: { code: 'connect-refused' } })
    }
  })

  test('a port that stays open: the deadline says what was waited for', async () => {
    await using reserved = await reservePort()
    const { host, port } = reserved
    const error = await waitForPort({ host, port, for: 'closed', timeoutMs: 120 }).catch((error: unknown) => error)
    expect(error).toEqual(new NetworkError('timed-out', `wait for 127.0.0.1:${port} to close: timed out after 120 ms`))
    expect((error as Error).cause).toBeUndefined()
  })

  test('a deadline within a try is not a closed port', async () => {
    const { lookup } = dns
    dns.lookup = (() => new Promise(() => {})) as unknown as typeof lookup
    syncBuiltinESMExports()
    try {
      const waiting = waitForPort({ host: 'silent.test', port: 9, for: 'closed', timeoutMs: 50 })
      await expect(waiting).rejects.toThrow('wait for silent.test:9 to close: timed out after 50 ms')
    } finally {
      dns.lookup = lookup
      syncBuiltinESMExports()
    }
  })

  test('tries as often as it is told', async () => {
    await using reserved = await reservePort()
    let tries = 0
    reserved.server.on('connection', (socket) => {
      tries++
      socket.destroy()
    })
    const { host, port } = reserved
    const options = { host, port, for: 'closed', timeoutMs: 300 } as const
    await expect(waitForPort({ ...options, intervalMs: 200_000 })).rejects.toMatchObject({ code: 'timed-out' })
    expect(tries).toBe(1)
    await expect(
      waitForPort({ ...options, timeoutMs: 5_000, intervalMs: 1, signal: until(() => tries > 20) }),
    ).rejects.toBe('enough')
  })

  test('a deadline ends it, with the last try as the cause', async () => {
    const port = await unusedPort()
    await expect(waitForPort({ host: '127.0.0.1', port, timeoutMs: 120 })).rejects.toMatchObject({
      code: 'timed-out',
      message: `wait for 127.0.0.1:${port}: timed out after 120 ms`,
      cause: { code: 'connect-refused' },
    })
  })

  test('goes on while the name is not known, not after a mistake', async () => {
    await expect(waitForPort({ host: 'nosuch.invalid', port: 9, timeoutMs: 500 })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^wait for nosuch\.invalid:9: timed out after 500 ms \(look up "nosuch\.invalid": .*\)$/,
      ),
      cause: { code: 'lookup-failed' },
    })
    await expect(waitForPort({ host: 'nosuch.invalid', port: 9, for: 'closed' })).rejects.toMatchObject({
      code: 'lookup-failed',
    })
    await expect(waitForPort({ port: 70000 })).rejects.toThrow(new RangeError('port must be 1 to 65535, got 70000'))
    await expect(waitForPort({ port: 9, for: 'shut' as 'open' })).rejects.toThrow(
      new TypeError(`for must be 'open' or 'closed', got "shut"`),
    )
    for (const intervalMs of [0, -1, NaN, Infinity, '5' as unknown as number]) {
      await expect(waitForPort({ port: 9, intervalMs })).rejects.toThrow(/^intervalMs must be 1 to 3600000, got /)
    }
  })

  test('the caller’s abort ends it at once, between two tries as well', async () => {
    const port = await unusedPort()
    await expect(waitForPort({ port, signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

describe('reservePort and freePort', () => {
  test('the port is taken from the moment on that it is known', async () => {
    await using reserved = await reservePort()
    expect(reserved.host).toBe('127.0.0.1')
    const error = await reservePort({ port: reserved.port }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({
      code: 'address-in-use',
      message: `listen on 127.0.0.1:${reserved.port}: address already in use (EADDRINUSE)`,
    })
  })

  test.each([
    [{ port: 70_000 }, new RangeError('port must be 0 to 65535, got 70000')],
    [{ port: NaN }, new RangeError('port must be 0 to 65535, got NaN')],
    [{ port: '80' }, new RangeError('port must be 0 to 65535, got "80"')],
    [{ host: 5 }, new TypeError('host must be a string, got 5')],
  ])('%o cannot be', async (options, fault) => {
    await expect(reservePort(options as { port: number })).rejects.toEqual(fault)
  })

  test('who comes before there is a listener is disconnected, who comes after is served', async () => {
    await using reserved = await reservePort()
    const early = net.connect(reserved.port, '127.0.0.1').resume()
    await once(early, 'close')
    reserved.server.on('connection', (socket) => socket.end('served'))
    const served = net.connect({ port: reserved.port, host: '127.0.0.1' })
    expect(String((await once(served, 'data'))[0])).toBe('served')
    served.destroy()
  })

  test('another server can take it over', async () => {
    const { server, port } = await reservePort()
    await using origin = http.createServer((_request, response) => response.end('moin')).listen(server)
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect(await response.text()).toBe('moin')
    origin.closeAllConnections()
  })

  test('disposing gives it back', async () => {
    const { port, [Symbol.asyncDispose]: giveBack } = await reservePort()
    await giveBack()
    expect((await probePort({ host: '127.0.0.1', port })).state).toBe('refused')
  })

  test('freePort is free', async () => {
    const port = await freePort()
    await using reserved = await reservePort({ port })
    expect(reserved.port).toBe(port)
  })

  test('1,000 reservations in 4 processes: no port twice', async () => {
    const program = `
      import { reservePort } from ${JSON.stringify(new URL('ports.ts', import.meta.url).href)}
      const reserved = await Promise.all(Array.from({ length: 250 }, () => reservePort()))
      console.log('ports', reserved.map(({ port }) => port).join(' '))
    `
    const peers = Array.from({ length: 4 }, () =>
      startPeer(process.execPath, ['--input-type=module', '--eval', program]),
    )
    try {
      // The servers keep each process, and so its ports, alive until all four have answered.
      const lines = await Promise.all(peers.map((peer) => peer.line(/^ports (.*)$/)))
      const ports = lines.flatMap(([, list = '']) => list.split(' '))
      expect(ports).toHaveLength(1000)
      expect(new Set(ports).size).toBe(1000)
    } finally {
      for (const peer of peers) await peer[Symbol.asyncDispose]()
    }
  })
})

/** Aborts with `enough` once the condition holds. */
function until(condition: () => boolean): AbortSignal {
  const controller = new AbortController()
  const timer = setInterval(() => {
    if (!condition()) return
    clearInterval(timer)
    controller.abort('enough')
  }, 5)
  return controller.signal
}
