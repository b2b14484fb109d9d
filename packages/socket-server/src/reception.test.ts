import { expect, test, vi } from 'vitest'
import { socketPair } from '../test/pair.ts'
import type { Place } from './arrival.ts'
import { type LimitOptions, readLimits, Reception } from './reception.ts'
import { Sessions } from './sessions.ts'

function reception(connections = Infinity, others: LimitOptions = {}) {
  const sessions = new Sessions()
  const places: Place[] = []
  const serve = vi.fn((_socket: unknown, place: Place) => void places.push(place))
  const limits = readLimits({ connections, ...others })
  const desk = new Reception({ limits, freedWhen: 'over', serve }, sessions)
  return { limits, sessions, places, serve, desk, released: vi.fn() }
}

test('gives a place back once its client is over, and the next in line gets it', async () => {
  const { sessions, places, serve, desk, released } = reception(1)
  const sockets = [(await socketPair()).socket, (await socketPair()).socket, (await socketPair()).socket] as const
  for (const socket of sockets) desk.receive(socket, released)
  expect(serve.mock.calls.map(([socket]) => socket)).toEqual([sockets[0]])
  expect(sessions.counts.waiting).toBe(2)
  places[0]?.over?.()
  expect(serve.mock.calls.map(([socket]) => socket)).toEqual([sockets[0], sockets[1]])
  expect(released).toHaveBeenCalledOnce()
  expect(sessions.counts.waiting).toBe(1)
})

test('turns away who comes after the cut, and who waits at that moment', async () => {
  const { sessions, serve, desk, released } = reception(1)
  const [served, waiting, late] = [await socketPair(), await socketPair(), await socketPair()]
  desk.receive(served.socket, released)
  desk.receive(waiting.socket, released)
  sessions.cut()
  expect(waiting.socket.destroyed).toBe(true)
  desk.receive(late.socket, released)
  expect(late.socket.destroyed).toBe(true)
  expect(serve).toHaveBeenCalledOnce()
  expect(sessions.counts).toMatchObject({ waiting: 0, closed: { drain: 2 } })
  expect(released).toHaveBeenCalledTimes(2)
})

test('who is refused for want of a place does not stay in the count of his address', async () => {
  const { limits, sessions, places, desk, released } = reception(1, { overflow: 'refuse', perAddress: 2 })
  for (let i = 0; i < 3; i++) desk.receive((await socketPair()).socket, released)
  expect(sessions.counts.closed.limit).toBe(2)
  places[0]?.over?.()
  expect(limits.admission.addresses).toBe(0)
})

test('suspended, it lets everybody wait whom it would have served', async () => {
  const { sessions, serve, desk, released } = reception()
  desk.suspend()
  desk.receive((await socketPair()).socket, released)
  expect(serve).not.toHaveBeenCalled()
  expect(sessions.counts.waiting).toBe(1)
  desk.resume()
  expect(serve).toHaveBeenCalledOnce()
  expect(sessions.counts.waiting).toBe(0)
})
