import { expect, test, vi } from 'vitest'
import { closingFor } from '../test/closing.ts'
import type { CloseReason } from './closing.ts'
import { type Session, Sessions } from './sessions.ts'

function fakeSession(sessions: Sessions) {
  const finish = (reason: CloseReason): void => sessions.remove(session, closingFor(reason))
  const session = { drain: vi.fn(), cut: vi.fn(finish), finish }
  return session satisfies Session
}

test('counts what became of each, and is idle when the last is done', async () => {
  const sessions = new Sessions()
  await sessions.idle()
  const [first, second, third] = [fakeSession(sessions), fakeSession(sessions), fakeSession(sessions)]
  for (const each of [first, second, third]) sessions.add(each)
  let idle = false
  const over = sessions.idle().then(() => (idle = true))
  first.finish('reset')
  second.finish('handler-error')
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  expect(idle).toBe(false)
  sessions.remove(third, closingFor('eof', { bytesRead: 5, bytesWritten: 7, messages: 2 }))
  await over
  expect(sessions.summary).toEqual({ connections: 3, handlerErrors: 1, resets: 1, cut: 0 })
  const { accepted, open, waiting, peak, closed, bytesRead, bytesWritten, messages } = sessions.counts
  expect({ accepted, open, waiting, peak }).toEqual({ accepted: 3, open: 0, waiting: 0, peak: 3 })
  expect({ bytesRead, bytesWritten, messages }).toEqual({ bytesRead: 5, bytesWritten: 7, messages: 2 })
  expect(closed).toMatchObject({ reset: 1, 'handler-error': 1, eof: 1, drain: 0 })
})

test('waits for one that came while it waited, and for one that has no place yet', async () => {
  const sessions = new Sessions()
  const [first, late, waiting] = [fakeSession(sessions), fakeSession(sessions), fakeSession(sessions)]
  sessions.add(first)
  sessions.hold(waiting)
  let idle = false
  const over = sessions.idle().then(() => (idle = true))
  sessions.add(late)
  first.finish('eof')
  late.finish('eof')
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  expect(idle).toBe(false)
  expect(sessions.counts).toMatchObject({ accepted: 2, waiting: 1 })
  sessions.letGo(waiting)
  await over
})

test('drains each once, those that come later too', () => {
  const sessions = new Sessions()
  const [first, late] = [fakeSession(sessions), fakeSession(sessions)]
  sessions.add(first)
  sessions.drain()
  sessions.drain()
  sessions.add(late)
  expect(first.drain).toHaveBeenCalledOnce()
  expect(late.drain).toHaveBeenCalledOnce()
})

test('after the cut, one that was on its way is cut as well', async () => {
  const sessions = new Sessions()
  const held = { drain: vi.fn(), cut: vi.fn(() => sessions.letGo(held)) }
  const lateHeld = { drain: vi.fn(), cut: vi.fn(() => sessions.letGo(lateHeld)) }
  sessions.add(fakeSession(sessions))
  sessions.hold(held)
  sessions.cut()
  sessions.cut()
  sessions.add(fakeSession(sessions))
  sessions.hold(lateHeld)
  await sessions.idle()
  expect(held.cut).toHaveBeenCalledExactlyOnceWith('drain')
  expect(lateHeld.cut).toHaveBeenCalledExactlyOnceWith('drain')
  expect(sessions.summary).toEqual({ connections: 2, handlerErrors: 0, resets: 0, cut: 2 })
})
