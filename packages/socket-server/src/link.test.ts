import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { outcome, reply, until } from '../test/client.ts'
import { linkPair } from '../test/pair.ts'
import type { Handlers } from './handlers.ts'
import type { Link } from './link.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

/** A few turns of the loop. */
async function turns(count = 20): Promise<void> {
  while (count-- > 0) await new Promise((resolve) => setImmediate(resolve))
}

describe('handlers that are declared once', () => {
  test('are called in order: open, data, end, close', async () => {
    const calls: string[] = []
    const handlers: Handlers<string[]> = {
      open(link) {
        link.context = ['mine']
        calls.push('open')
      },
      data: (link, bytes) => calls.push(`data ${text(bytes)} ${link.context.join()}`),
      end(link) {
        calls.push('end')
        link.write('bye')
        link.close()
      },
      close: (_link, { reason, bytesRead, bytesWritten, messages }) =>
        calls.push(`close ${reason} ${bytesRead} ${bytesWritten} ${messages}`),
    }
    const { client } = await linkPair(handlers)
    client.end('hello')
    expect(await outcome(client)).toEqual({ text: 'bye', end: 'FIN' })
    await until(() => calls.length === 4)
    expect(calls).toEqual(['open', 'data hello mine', 'end', 'close eof 5 3 1'])
  })

  test('are called on their object, so that a class can have them', async () => {
    class Counting implements Handlers {
      bytes = 0
      data(_link: Link, bytes: Uint8Array): void {
        this.bytes += bytes.length
      }
    }
    const handlers = new Counting()
    const { client, closing } = await linkPair(handlers)
    client.end('12345')
    await outcome(client)
    expect((await closing).reason).toBe('eof')
    expect(handlers.bytes).toBe(5)
  })

  test('that throw, or reject, cost that client, with handler-error', async () => {
    const faulty: (() => unknown)[] = [
      () => {
        throw new RangeError('no')
      },
      async () => Promise.reject(new RangeError('no')),
    ]
    for (const data of faulty) {
      const { client, closing, faults } = await linkPair({ data: () => data() })
      client.write('x')
      expect((await outcome(client)).text).toBe('')
      expect((await closing).reason).toBe('handler-error')
      expect(faults).toEqual([new RangeError('no')])
    }
  })

  test('are told of a reset, and no fault is made of it', async () => {
    const error = vi.fn()
    const { client, closing, faults, link } = await linkPair({ data() {}, error })
    client.resetAndDestroy()
    expect((await closing).reason).toBe('reset')
    expect(error).toHaveBeenCalledExactlyOnceWith(link, link.failure)
    expect(link.failure?.code).toBe('connection-reset')
    expect(faults).toEqual([])
  })

  test('may throw what broke the connection: that is no fault of theirs', async () => {
    const { client, closing, faults } = await linkPair({
      data() {},
      error(_link, error) {
        throw error
      },
    })
    client.resetAndDestroy()
    expect((await closing).reason).toBe('reset')
    expect(faults).toEqual([])
  })
})

describe('writing', () => {
  test('what is written while data is handled leaves in one piece, whatever its kinds', async () => {
    const { client, socket } = await linkPair({
      data(link) {
        link.write('HTTP/1.1 200 OK\r\n')
        link.write(Uint8Array.of(13, 10))
        link.write('héllo')
      },
    })
    const write = vi.spyOn(socket, 'write')
    client.write('x')
    expect(await reply(client)).toBe('HTTP/1.1 200 OK\r\n\r\nhéllo')
    expect(write).toHaveBeenCalledOnce()
  })

  test('so does what is written later in one turn, and flush() is for those who cannot wait', async () => {
    const { client, socket, link } = await linkPair({ data() {} })
    const write = vi.spyOn(socket, 'write')
    link.write('a')
    link.write('b')
    expect(write).not.toHaveBeenCalled()
    expect(link.queuedBytes).toBe(2)
    link.flush()
    expect(write).toHaveBeenCalledOnce()
    link.write('c')
    await turns()
    expect(write).toHaveBeenCalledTimes(2)
    link.close()
    expect(await outcome(client)).toEqual({ text: 'abc', end: 'FIN' })
  })

  test('64 KB do not wait for the end of the turn', async () => {
    const { socket, link } = await linkPair({ data() {} })
    const write = vi.spyOn(socket, 'write')
    link.write(new Uint8Array(65535))
    expect(write).not.toHaveBeenCalled()
    link.write(new Uint8Array(1))
    expect(write).toHaveBeenCalledOnce()
  })

  test('a client that does not read its replies is read no more: under a megabyte waits for it', async () => {
    const { client, link, socket } = await linkPair({
      data(link, bytes) {
        link.write(bytes)
      },
    })
    client.write(new Uint8Array(64 * 1024 * 1024))
    await until(() => socket.isPaused())
    await turns()
    expect(link.queuedBytes).toBeGreaterThan(0)
    expect(link.queuedBytes).toBeLessThan(1024 * 1024)
    // And when it reads, all of it comes.
    let got = 0
    client.on('data', (bytes: Buffer) => (got += bytes.length))
    await until(() => got === 64 * 1024 * 1024)
    client.end()
    await once(client, 'end')
  })

  test('with a drain handler it is told when to stop, and when to go on', async () => {
    const drained = vi.fn()
    const { client, link } = await linkPair({ data() {}, drain: drained })
    let wrote = 0
    while (link.write(new Uint8Array(65536))) wrote += 65536
    expect(wrote).toBeGreaterThan(0)
    await turns()
    expect(drained).not.toHaveBeenCalled()
    client.resume()
    await until(() => drained.mock.calls.length > 0)
    expect(link.queuedBytes).toBe(0)
  })

  test('a handler that never looks at it is stopped at maxQueuedBytes: slow-reader', async () => {
    const { link, closing, socket } = await linkPair({ data() {} }, { maxQueuedBytes: 100_000 })
    let most = 0
    while (!link.destroyed) {
      link.write(new Uint8Array(10_000))
      link.flush()
      most = Math.max(most, socket.writableLength)
    }
    expect((await closing).reason).toBe('slow-reader')
    expect(most).toBeGreaterThan(100_000)
    expect(most).toBeLessThanOrEqual(110_000)
    expect(link.write('more')).toBe(false)
  })

  test('refuses what is no data, and what comes after end()', async () => {
    const { link } = await linkPair({ data() {} })
    expect(() => link.write(5 as never)).toThrow(new TypeError('write() takes bytes or text, got 5'))
    link.end()
    link.end()
    expect(() => link.write('late')).toThrow(new TypeError('write() after end()'))
  })
})

describe('reading', () => {
  test('pause() holds the client back, resume() goes on', async () => {
    const data = vi.fn()
    const { client, link } = await linkPair({ data })
    link.pause()
    client.write('x')
    await turns()
    expect(data).not.toHaveBeenCalled()
    link.resume()
    await until(() => data.mock.calls.length === 1)
    client.write('y')
    await until(() => data.mock.calls.length === 2)
  })

  test('end() leaves it open, close() drops the rest and waits for the client', async () => {
    const data = vi.fn()
    const { client, link, closing } = await linkPair({ data, end() {} })
    link.end()
    client.write('after our FIN')
    await until(() => data.mock.calls.length === 1)
    link.close()
    client.end('dropped')
    expect((await closing).reason).toBe('handler-done')
    expect(data).toHaveBeenCalledOnce()
    expect(link.bytesRead).toBe(20)
  })
})

test('reset() is ECONNRESET to the client, whatever was read and written before; its reason is the handler’s', async () => {
  const { client, link, closing } = await linkPair({ data: (link) => link.write('last words') })
  client.write('x')
  expect(await reply(client)).toBe('last words')
  const { localPort } = client
  link.reset()
  link.reset()
  expect(await outcome(client)).toEqual({ text: '', end: 'ECONNRESET' })
  expect(await closing).toMatchObject({ reason: 'handler-done', bytesRead: 1, bytesWritten: 10 })
  expect(link.remote.port).toBe(localPort)
  expect(link.write('more')).toBe(false)
})

describe('the reason of its end', () => {
  const echo: Handlers = {
    data(link, bytes) {
      link.write(bytes)
    },
  }

  test.each([
    ['eof', (link: Link, end: () => void) => end()],
    ['handler-done', (link: Link) => link.destroy()],
    ['drain', (link: Link) => link.cut('drain')],
  ])('%s', async (reason, act) => {
    const { client, link, closing } = await linkPair(echo)
    client.write('x')
    await reply(client)
    client.on('end', () => client.end())
    act(link, () => client.end())
    expect(await closing).toMatchObject({ reason, bytesRead: 1, bytesWritten: 1, messages: 1 })
  })

  test('a reset before all was sent counts, one after our FIN does not', async () => {
    const before = await linkPair(echo)
    before.link.write(new Uint8Array(32 * 1024 * 1024))
    before.link.close()
    before.client.resetAndDestroy()
    expect((await before.closing).reason).toBe('reset')
    const after = await linkPair(echo)
    after.link.close()
    await once(after.socket, 'finish')
    after.client.resetAndDestroy()
    expect((await after.closing).reason).toBe('handler-done')
  })

  test('the first one counts, and a message says which', async () => {
    const { link, closing } = await linkPair(echo)
    link.cut('idle')
    link.cut('drain')
    link.destroy()
    expect((await closing).reason).toBe('idle')
    expect(link.failure?.message).toMatch(/^connection from 127\.0\.0\.1:\d+: closed on this side \(idle\)$/)
  })
})

describe('drain()', () => {
  test('an idle one gets its FIN at once', async () => {
    const { client, link, closing } = await linkPair({ data: (link) => link.write('ok') })
    client.write('x')
    await reply(client)
    link.drain()
    expect(await outcome(client)).toEqual({ text: '', end: 'FIN' })
    expect((await closing).reason).toBe('drain')
  })

  test('what had been sent is answered first', async () => {
    const { client, link } = await linkPair({
      data(link, bytes) {
        link.write(bytes)
      },
    })
    client.write('x')
    await reply(client)
    client.write('under way')
    link.drain()
    expect(await outcome(client)).toEqual({ text: 'under way', end: 'FIN' })
  })

  test('one that has not taken its replies gets them first, and what it sent is read', async () => {
    const { client, link, socket } = await linkPair({
      data(link, bytes) {
        link.write(bytes)
      },
    })
    client.write(new Uint8Array(16 * 1024 * 1024))
    await until(() => socket.isPaused())
    link.drain()
    await turns()
    let got = 0
    client.on('data', (bytes: Buffer) => (got += bytes.length))
    await once(client, 'end')
    expect(got).toBe(16 * 1024 * 1024)
  })

  test('who has only just come may still say something, and need not wait then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { client, link } = await linkPair({
      data(link, bytes) {
        link.write(bytes)
      },
    })
    link.drain()
    await turns()
    expect(link.destroyed).toBe(false)
    client.write('hello')
    expect(await outcome(client)).toEqual({ text: 'hello', end: 'FIN' })
  })

  test('a handler of its own says goodbye in its own words', async () => {
    const { client, link } = await linkPair({
      data() {},
      shutdown(link) {
        link.write('421 closing\r\n')
        link.close({ reason: 'drain' })
      },
    })
    link.drain()
    link.drain()
    expect(await outcome(client)).toEqual({ text: '421 closing\r\n', end: 'FIN' })
  })

  test('what is still being answered by an async handler, or was paused for, is waited for', async () => {
    for (const data of [
      async (link: Link, bytes: Uint8Array) => {
        await sleep(50)
        link.write(bytes)
      },
      (link: Link, bytes: Uint8Array) => {
        link.pause()
        setTimeout(() => {
          link.write(bytes)
          link.resume()
        }, 50)
      },
    ]) {
      const { client, link, faults, closing } = await linkPair({ data })
      client.write('first')
      expect(await reply(client)).toBe('first')
      client.write('second')
      await until(() => link.messages === 2)
      link.drain()
      expect(await outcome(client)).toEqual({ text: 'second', end: 'FIN' })
      expect((await closing).reason).toBe('drain')
      expect(faults).toEqual([])
    }
  })
})

test('a client that has finished gets the reply of an async handler', async () => {
  const { client, closing } = await linkPair({
    async data(link, bytes) {
      await sleep(20)
      link.write(bytes)
    },
  })
  client.end('later')
  expect(await outcome(client)).toEqual({ text: 'later', end: 'FIN' })
  expect((await closing).reason).toBe('eof')
})

describe('after end() the client reads all that was written, and', () => {
  const large = new Uint8Array(8 * 1024 * 1024)

  test('what it sends is still read', async () => {
    const { client, link, closing } = await linkPair({
      data(link) {
        if (link.messages > 1) return
        link.write(large)
        link.end()
      },
    })
    client.write('x')
    await once(client.resume(), 'end')
    client.write('more')
    await until(() => link.bytesRead === 5)
    client.end()
    await closing
  })

  test('who waits for the drain is told', async () => {
    const drained = vi.fn()
    const { client, link } = await linkPair({ data() {}, drain: drained })
    expect(link.write(large)).toBe(false)
    link.end()
    await once(client.resume(), 'end')
    await until(() => drained.mock.calls.length === 1)
  })
})

test('close() waits for as long as it is told, for no time of nonsense', async () => {
  const { client, link, timers } = await linkPair({ data: (link) => link.write('no') })
  for (const lingerMs of [NaN, -1]) {
    expect(() => link.close({ lingerMs })).toThrow(new RangeError(`lingerMs must be 0 or more, got ${lingerMs}`))
  }
  link.close({ lingerMs: Infinity })
  expect(timers.length).toBe(0)
  client.write('dropped')
  await until(() => link.bytesRead === 7)
  expect(link.messages).toBe(0)
})
