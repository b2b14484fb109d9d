import { once } from 'node:events'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { ask, connectTo, converse, outcome, until } from '../../test/client.ts'
import { acceptHere } from '../listener.ts'
import { listenTarget } from '../options.ts'
import { Sessions } from '../sessions.ts'
import type { RunningServer } from '../server.ts'
import { canTransferSockets } from '../socket-transfer.ts'
import { type ClientThread, serveInThread } from './client-thread.ts'
import { serveThreadPerClient, type ThreadPerClientOptions } from './thread-per-client.ts'

const obey = new URL('../../test/fixtures/obey.ts', import.meta.url)
const running: RunningServer[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.close({ graceMs: 0 }))))

async function start(options?: ThreadPerClientOptions, moduleUrl: string | URL = obey): Promise<RunningServer> {
  const server = await serveThreadPerClient(moduleUrl, options)
  running.push(server)
  return server
}

describe.runIf(canTransferSockets())('serveThreadPerClient', () => {
  test('gives every client a thread of its own, and tells the main thread which', async () => {
    const threads: ClientThread[] = []
    const server = await start({ onConnection: (client) => threads.push(client) })
    const clients = [await connectTo(server.port), await connectTo(server.port), await connectTo(server.port)]
    const ids = await Promise.all(clients.map((client) => ask(client, 'who')))
    expect(new Set(ids).size).toBe(3)
    expect(ids).not.toContain('0')
    const told = clients.map((client) => threads.find(({ remote }) => remote.port === client.localPort))
    expect(told.map((client) => String(client?.threadId))).toEqual(ids)
    expect(told[0]).toMatchObject({ remote: { host: '127.0.0.1' }, local: { host: '127.0.0.1', port: server.port } })
  })

  test('a handler that loops, throws or exits harms nobody else', async () => {
    // As text: an error that crossed threads is instanceof Error, but its message escapes toEqual.
    const errors: [string, number][] = []
    const server = await start({ onError: (error, { remote }) => errors.push([String(error), remote.port]) })
    const witness = await connectTo(server.port)
    expect(await ask(witness, 'first')).toBe('first')
    const looping = await connectTo(server.port)
    expect(await ask(looping, 'loop')).toBe('looping')
    const throwing = await connectTo(server.port)
    const exiting = await connectTo(server.port)
    const ports = [throwing.localPort, exiting.localPort]
    throwing.write('throw')
    expect((await outcome(throwing)).text).toBe('')
    await until(() => errors.length === 1)
    exiting.write('exit')
    expect((await outcome(exiting)).text).toBe('')
    expect(await ask(witness, 'still here')).toBe('still here')
    await until(() => errors.length === 2)
    expect(errors).toEqual([
      ['RangeError: as told', ports[0]],
      ["Error: the handler's thread ended with exit code 3", ports[1]],
    ])
    witness.end()
    await outcome(witness)
    await until(() => server.info().open === 1)
    const over = outcome(looping)
    await server.close({ graceMs: 20 })
    expect(['FIN', 'ECONNRESET']).toContain((await over).end)
    expect(await server.finished).toEqual({ connections: 4, handlerErrors: 2, resets: 0, cut: 1 })
  })

  test('what a handler left running ends with its thread', async () => {
    const server = await start()
    const client = await connectTo(server.port)
    expect(await ask(client, 'leave something running')).toBe('left')
    client.end()
    await server.close({ graceMs: Infinity })
    expect(await server.finished).toEqual({ connections: 1, handlerErrors: 0, resets: 0, cut: 0 })
  })

  test('a thread stays until its client has finished, so that no reset overtakes the reply', async () => {
    const server = await start()
    const client = await connectTo(server.port)
    expect(await ask(client, 'return')).toBe('returning')
    const closed = once(client, 'close')
    client.resume().end(new Uint8Array(16 * 1024 * 1024))
    expect(await closed).toEqual([false])
    await server.close()
    expect(await server.finished).toEqual({ connections: 1, handlerErrors: 0, resets: 0, cut: 0 })
  })

  test('a thread that ends by itself leaves no timer here', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const server = await start()
    expect(await converse(server.port, 'short')).toBe('short')
    await server.close({ graceMs: Infinity })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a reset by the client is counted, and is no fault of the handler', async () => {
    const errors: unknown[] = []
    const server = await start({ onError: (error) => errors.push(error) })
    const client = await connectTo(server.port)
    expect(await ask(client, 'hello')).toBe('hello')
    client.resetAndDestroy()
    await server.close({ graceMs: Infinity })
    expect(await server.finished).toEqual({ connections: 1, handlerErrors: 0, resets: 1, cut: 0 })
    expect(errors).toEqual([])
  })

  test('never runs more than maxThreads; the next client gets the first thread that is free', async () => {
    const threads: ClientThread[] = []
    const server = await start({ maxThreads: 2, onConnection: (client) => threads.push(client) })
    const first = await connectTo(server.port)
    const second = await connectTo(server.port)
    await Promise.all([ask(first, 'who'), ask(second, 'who')])
    const third = await connectTo(server.port)
    const waiting = ask(third, 'who')
    expect(await ask(first, 'after the third came')).toBe('after the third came')
    expect(threads).toHaveLength(2)
    first.end()
    expect(Number(await waiting)).toBe(threads[2]?.threadId)
    expect(threads).toHaveLength(3)
    second.destroy()
    third.destroy()
  })

  test('a module that fails, or exports no handler, is reported for each client', async () => {
    const errors: unknown[] = []
    const options = { onError: (error: unknown) => errors.push(error) }
    const failing = await start(options, 'data:text/javascript,throw new SyntaxError("at import")')
    expect((await outcome(await connectTo(failing.port))).text).toBe('')
    const empty = await start(options, 'data:text/javascript,export default "hello"')
    expect((await outcome(await connectTo(empty.port))).text).toBe('')
    await until(() => errors.length === 2)
    expect(errors.map(String)).toEqual(['SyntaxError: at import', 'TypeError: handler must be a function, got "hello"'])
  })

  test('an onConnection that throws costs that client', async () => {
    const errors: unknown[] = []
    const server = await start({
      onConnection() {
        throw new RangeError('not you')
      },
      onError: (error) => errors.push(error),
    })
    expect((await outcome(await connectTo(server.port))).text).toBe('')
    await until(() => errors.length === 1)
    expect(errors).toEqual([new RangeError('not you')])
  })

  test('takes the URL of a module as text, too', async () => {
    const server = await start({}, new URL('../echo.ts', import.meta.url).href)
    expect(await converse(server.port, 'text')).toBe('text')
  })

  test('a socket that cannot move costs its client, not the server', async () => {
    const errors: unknown[] = []
    const events = { onError: (error: unknown) => errors.push(error) }
    const sessions = new Sessions()
    const over = vi.fn()
    const isBehindProxy = (): boolean => false
    const listener = await acceptHere({ target: listenTarget({}), maxActive: 1 }, (socket) => {
      socket.once('data', () =>
        serveInThread(socket, { over }, { moduleUrl: obey.href, options: {}, events, sessions, isBehindProxy }),
      )
      socket.resume()
    })
    const client = await connectTo(listener.port)
    client.write('it has read this already')
    expect((await outcome(client)).text).toBe('')
    expect(over).toHaveBeenCalledOnce()
    expect(sessions.summary).toEqual({ connections: 1, handlerErrors: 1, resets: 0, cut: 0 })
    expect(errors).toMatchObject([{ code: 'ERR_WORKER_HANDLE_NOT_TRANSFERABLE' }])
    listener.stop()
  })
})

test('refuses a module that cannot be', async () => {
  await expect(serveThreadPerClient('./echo.js')).rejects.toThrow(
    new TypeError('moduleUrl must be a URL, such as import.meta.url, got "./echo.js"'),
  )
  await expect(serveThreadPerClient(new URL('./nosuch.ts', import.meta.url))).rejects.toThrow(
    /^moduleUrl must be the URL of a module, but there is no file ".+/,
  )
  await expect(serveThreadPerClient(obey, { path: '/tmp/x.sock' })).rejects.toMatchObject({ code: 'unsupported' })
  await expect(serveThreadPerClient(obey, { maxThreads: 0 })).rejects.toThrow(
    new RangeError('maxThreads must be a whole number from 1, got 0'),
  )
})
