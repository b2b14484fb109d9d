import { once } from 'node:events'
import { Socket } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { outcome, reply, until } from '../test/client.ts'
import { connectionOver, connectionPair as pair } from '../test/pair.ts'

const text = (message: Uint8Array | undefined): string | undefined =>
  message === undefined ? undefined : new TextDecoder().decode(message)

/** Resolves like the promise, or to 'pending' if a few turns of the loop do not settle it. */
async function now<T>(promise: Promise<T>): Promise<T | 'pending'> {
  let turns = 20
  const later = (async () => {
    while (turns-- > 0) await new Promise((resolve) => setImmediate(resolve))
    return 'pending' as const
  })()
  return Promise.race([promise, later])
}

describe('reading', () => {
  test('gives what each read returned as one message, then undefined for good', async () => {
    const { client, connection } = await pair()
    client.write('one')
    expect(text(await connection.read())).toBe('one')
    client.write('second')
    expect(text(await connection.read())).toBe('second')
    client.end()
    expect(await connection.read()).toBeUndefined()
    expect(await connection.read()).toBeUndefined()
  })

  test('loses nothing that came, with its FIN, long before it was asked for', async () => {
    const { client, connection } = await pair()
    client.end('early')
    await once(client, 'finish')
    expect(connection.bytesRead).toBe(0)
    expect(text(await connection.read())).toBe('early')
    expect(await connection.read()).toBeUndefined()
  })

  test('does not start a socket that neither flows nor is paused, as it is after its move to another thread', () => {
    const moved = new Socket()
    expect(moved.readableFlowing).toBeNull()
    connectionOver(moved)
    expect(moved.isPaused()).toBe(true)
    moved.destroy()
  })

  test('holds one message that came in between, and remembers the FIN behind it', async () => {
    const { client, connection, socket } = await pair()
    client.write('asked for')
    await connection.read()
    client.write('not asked for')
    await until(() => connection.bytesRead === 22)
    client.end()
    await once(socket, 'end')
    expect(text(await connection.read())).toBe('not asked for')
    expect(await connection.read()).toBeUndefined()
  })

  test('keeps the messages of a fast sender apart and in order', async () => {
    const { client, connection, socket } = await pair()
    client.write('a')
    await connection.read()
    for (const message of ['b', 'cc', 'ddd']) {
      const before = socket.bytesRead
      client.write(message)
      await until(() => socket.bytesRead === before + message.length)
    }
    const messages = [await connection.read(), await connection.read(), await connection.read()]
    expect(messages.map(text)).toEqual(['b', 'cc', 'ddd'])
  })

  test('slows a client down that sends what nobody reads', async () => {
    const { client, connection } = await pair()
    client.write('x')
    await connection.read()
    client.write(new Uint8Array(64 * 1024 * 1024))
    await until(() => client.writableLength > 0)
    await now(new Promise(() => {}))
    expect(connection.bytesRead).toBeLessThan(1024 * 1024)
    expect(client.writableLength).toBe(64 * 1024 * 1024)
  })

  test('iterates to the FIN; leaving the loop leaves the connection open', async () => {
    const { client, connection } = await pair()
    client.write('first')
    for await (const message of connection) {
      expect(text(message)).toBe('first')
      break
    }
    await connection.write('still open')
    expect(await reply(client)).toBe('still open')
    client.end('last')
    const messages = []
    for await (const message of connection) messages.push(text(message))
    expect(messages).toEqual(['last'])
  })

  test('refuses a second read while one waits, which stays as it is', async () => {
    const { client, connection } = await pair()
    const first = connection.read()
    await expect(connection.read()).rejects.toThrow(new TypeError('read() while an earlier read() still waits'))
    client.write('for the first')
    expect(text(await first)).toBe('for the first')
  })
})

describe('writing', () => {
  test('answers a client that has finished already, and gets its bytes out before the FIN', async () => {
    const { client, connection } = await pair()
    client.end('question')
    await connection.read()
    expect(await connection.read()).toBeUndefined()
    await connection.write('answer in text, ')
    await connection.write(Uint8Array.of(0xc3, 0xa9))
    const end = connection.end()
    expect(await outcome(client)).toEqual({ text: 'answer in text, é', end: 'FIN' })
    await end
    await connection.closed
  })

  test('resolves when the kernel has taken all of it, not before: a slow reader is waited for', async () => {
    const { client, connection, socket } = await pair()
    const megabyte = new Uint8Array(1024 * 1024)
    let pending: Promise<void> | undefined
    let written = 0
    while (pending === undefined && written < 256) {
      const write = connection.write(megabyte)
      if ((await now(write)) === 'pending') pending = write
      written += 1
    }
    expect(written).toBeLessThan(256)
    expect(socket.writableLength).toBeLessThanOrEqual(megabyte.length)
    let got = 0
    client.on('data', (bytes: Buffer) => {
      got += bytes.length
    })
    await pending
    await connection.end()
    await once(client, 'end')
    expect(got).toBe(written * megabyte.length)
    expect(connection.bytesWritten).toBe(got)
  })

  test('refuses what cannot be sent as the mistake it is', async () => {
    const { connection } = await pair()
    await expect(connection.write(5 as unknown as string)).rejects.toThrow(TypeError)
    await connection.end()
    await expect(connection.write('late')).rejects.toThrow(new TypeError('write() after end()'))
    await expect(connection.end()).resolves.toBeUndefined()
    expect(connection.failure).toBeUndefined()
  })

  test('sends small writes at once: Nagle would hold the second one back for 40 ms', async () => {
    const { socket } = await pair()
    const setNoDelay = vi.spyOn(socket, 'setNoDelay')
    connectionOver(socket)
    expect(setNoDelay).toHaveBeenCalledExactlyOnceWith(true)
  })
})

describe('faults', () => {
  test('a reset rejects the read that waits, and everything after it, with one error', async () => {
    const { client, connection } = await pair()
    const read = connection.read()
    client.resetAndDestroy()
    await expect(read).rejects.toMatchObject({
      name: 'NetworkError',
      code: 'connection-reset',
      message: `connection from 127.0.0.1:${connection.remote.port}: connection reset by peer (ECONNRESET)`,
    })
    const { failure } = connection
    await expect(connection.read()).rejects.toBe(failure)
    await expect(connection.write('x')).rejects.toBe(failure)
    await connection.closed
  })

  test('a reset that nobody waits for is told to the next write, and to nobody else', async () => {
    const { client, connection } = await pair()
    client.resetAndDestroy()
    await expect(
      (async () => {
        for (;;) await connection.write('x')
      })(),
    ).rejects.toMatchObject({ code: 'connection-reset' })
  })

  test('what fails with nobody waiting for it does not end the process', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    const { client, connection } = await pair()
    void connection.read()
    client.resetAndDestroy()
    await connection.closed
    void connection.read()
    void connection.write('x')
    void connection.end()
    await now(new Promise(() => {}))
    expect(unhandled).not.toHaveBeenCalled()
  })

  test('a reset after the client had finished is a reset too, though Linux says EPIPE', async () => {
    const { client, connection } = await pair()
    client.end('bye')
    await connection.read()
    expect(await connection.read()).toBeUndefined()
    client.resetAndDestroy()
    await expect(
      (async () => {
        for (;;) await connection.write('x')
      })(),
    ).rejects.toMatchObject({ code: 'connection-reset' })
    expect(await connection.read()).toBeUndefined()
  })

  test('what came before a fault is read before the fault', async () => {
    const { client, connection } = await pair()
    client.write('asked for')
    await connection.read()
    client.write('held')
    await until(() => connection.bytesRead === 13)
    connection.destroy()
    expect(text(await connection.read())).toBe('held')
    await expect(connection.read()).rejects.toMatchObject({ code: 'connection-closed' })
  })

  test('destroy() wakes the read and the write that wait', async () => {
    const { connection, client } = await pair()
    const read = connection.read()
    const write = connection.write(new Uint8Array(64 * 1024 * 1024))
    expect(await now(write)).toBe('pending')
    connection.destroy()
    const message = `connection from 127.0.0.1:${client.localPort}: closed on this side`
    await expect(read).rejects.toMatchObject({ code: 'connection-closed', message })
    await expect(write).rejects.toBe(connection.failure)
    await expect(connection.end()).rejects.toBe(connection.failure)
    await connection.closed
  })

  test('destroy() after both sides have finished is nobody’s fault', async () => {
    const { client, connection } = await pair()
    client.end()
    await connection.read()
    await connection.end()
    await connection.closed
    connection.destroy()
    expect(connection.failure).toBeUndefined()
  })
})

describe('close()', () => {
  test('drops what the client still sends, so that no reset overtakes the reply', async () => {
    const { client, connection } = await pair()
    client.write(new Uint8Array(1024 * 1024))
    await connection.read()
    await connection.write('reply')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const closed = connection.close()
    const got = outcome(client)
    client.write(new Uint8Array(1024 * 1024))
    expect(await got).toEqual({ text: 'reply', end: 'FIN' })
    await closed
    expect(vi.getTimerCount()).toBe(0)
    expect(connection.bytesRead).toBe(2 * 1024 * 1024)
    expect(connection.failure).toBeUndefined()
  })

  test('drops a message that was held', async () => {
    const { client, connection } = await pair()
    client.write('asked for')
    await connection.read()
    client.write('held')
    await until(() => connection.bytesRead === 13)
    client.end()
    await connection.close()
    // Read to its end, rather than cut after two seconds.
    expect(connection.failure).toBeUndefined()
    await expect(connection.read()).rejects.toMatchObject({ code: 'connection-closed' })
  })

  test('wakes a read that the handler left behind', async () => {
    const { client, connection } = await pair()
    const read = connection.read()
    const closed = connection.close()
    await expect(read).rejects.toMatchObject({ code: 'connection-closed' })
    await expect(connection.read()).rejects.toMatchObject({ code: 'connection-closed' })
    client.end()
    await closed
  })

  test('gives up on a client that does not finish', async () => {
    const { client, connection } = await pair()
    await connection.close({ lingerMs: 30 })
    expect(connection.failure?.code).toBe('connection-closed')
    expect(client.destroyed).toBe(false)
  })

  test('does not wait for a connection that is broken', async () => {
    const { client, connection } = await pair()
    const read = connection.read()
    client.resetAndDestroy()
    await expect(read).rejects.toThrow('reset')
    await connection.close({ lingerMs: 2 ** 30 })
  })
})

test('reset() breaks off: ECONNRESET there, connection-closed for whoever waits here', async () => {
  const { client, connection } = await pair()
  const read = connection.read()
  connection.reset()
  await expect(read).rejects.toMatchObject({ code: 'connection-closed' })
  expect((await outcome(client)).end).toBe('ECONNRESET')
  await connection.closed
})

test('knows the client also when it is closed, and its own end if that was asked for before', async () => {
  const { client, connection } = await pair()
  const unasked = (await pair()).connection
  void connection.local
  connection.destroy()
  unasked.destroy()
  await connection.closed
  expect(connection.remote).toEqual({ host: '127.0.0.1', port: client.localPort })
  expect(connection.local).toEqual({ host: '127.0.0.1', port: client.remotePort })
  await unasked.closed
  expect(unasked.local).toEqual({ host: '0.0.0.0', port: 0 })
})
