import { getEventListeners } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import type { CloseReason } from './closing.ts'
import type { Listener } from './listener.ts'
import { runningServer } from './server.ts'
import { closingFor } from '../test/closing.ts'
import { Sessions } from './sessions.ts'

afterEach(() => void vi.useRealTimers())

/** A listener that accepts nobody, and one client being served. */
function parts() {
  const stopped = Promise.withResolvers<void>()
  const stop = vi.fn(() => stopped.resolve())
  const listener: Listener = {
    host: '127.0.0.1',
    port: 8888,
    backlog: 17,
    stop,
    stopped: stopped.promise,
    suspend: vi.fn(() => true),
    resume: vi.fn(),
  }
  const sessions = new Sessions()
  const finish = (reason: CloseReason): void => sessions.remove(client, closingFor(reason))
  const client = { finish, drain: vi.fn(), cut: vi.fn(finish) }
  sessions.add(client)
  return { listener, stop, sessions, client }
}

test('the grace is what was asked for, 5 seconds unless told otherwise', async () => {
  vi.useFakeTimers()
  for (const [options, graceMs] of [
    [undefined, 5000],
    [{ graceMs: 700 }, 700],
  ] as const) {
    const { listener, stop, sessions, client } = parts()
    const closed = runningServer({ listeners: [listener], sessions }, undefined).close(options)
    expect(stop).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(graceMs - 1)
    expect(client.cut).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(client.cut).toHaveBeenCalledOnce()
    await closed
  }
})

test('with an infinite grace a client is never cut', async () => {
  vi.useFakeTimers()
  const { listener, sessions, client } = parts()
  const closed = runningServer({ listeners: [listener], sessions }, undefined).close({ graceMs: Infinity })
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(2 ** 32)
  expect(client.cut).not.toHaveBeenCalled()
  client.finish('handler-done')
  await closed
})

test('a close that came to its end leaves no timer and no listener on a signal', async () => {
  vi.useFakeTimers()
  const { listener, sessions, client } = parts()
  const life = new AbortController()
  const grace = new AbortController()
  const server = runningServer({ listeners: [listener], sessions }, life.signal)
  const closed = server.close({ signal: grace.signal })
  expect(vi.getTimerCount()).toBe(1)
  expect([life, grace].map(({ signal }) => getEventListeners(signal, 'abort').length)).toEqual([1, 1])
  client.finish('handler-done')
  await closed
  expect(vi.getTimerCount()).toBe(0)
  expect([life, grace].map(({ signal }) => getEventListeners(signal, 'abort').length)).toEqual([0, 0])
})

test('finished waits for the last client, whatever stopped the listener', async () => {
  const { listener, sessions, client } = parts()
  const server = runningServer({ listeners: [listener], sessions }, undefined)
  let finished = false
  const over = server.finished.then((summary) => {
    finished = true
    return summary
  })
  listener.stop()
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  expect(finished).toBe(false)
  client.finish('reset')
  expect(await over).toEqual({ connections: 1, handlerErrors: 0, resets: 1, cut: 0 })
})

test('a listener that breaks down rejects finished, and only for those who ask', async () => {
  const { listener, sessions, client } = parts()
  const broken = Promise.reject(new Error('no more'))
  const server = runningServer({ listeners: [{ ...listener, stopped: broken }], sessions }, undefined)
  client.finish('handler-done')
  await new Promise((resolve) => setImmediate(resolve)) // an unhandled rejection would fail the run
  await expect(server.finished).rejects.toThrow('no more')
})
