import { expect, test } from 'vitest'
import { type Outcome, Sessions } from './sessions.ts'

function session() {
  const done = Promise.withResolvers<Outcome>()
  return { done: done.promise, finish: done.resolve, destroy: () => done.resolve('cut') }
}

test('counts what became of each, and is idle when the last is done', async () => {
  const sessions = new Sessions()
  await sessions.idle()
  const [first, second, third] = [session(), session(), session()]
  for (const each of [first, second, third]) sessions.add(each)
  let idle = false
  const over = sessions.idle().then(() => (idle = true))
  first.finish('reset')
  second.finish('handler-error')
  await Promise.allSettled([first.done, second.done])
  expect(idle).toBe(false)
  third.finish('served')
  await over
  expect(sessions.summary).toEqual({ connections: 3, handlerErrors: 1, resets: 1, cut: 0 })
})

test('waits for one that came while it waited', async () => {
  const sessions = new Sessions()
  const [first, late] = [session(), session()]
  sessions.add(first)
  let idle = false
  const over = sessions.idle().then(() => (idle = true))
  sessions.add(late)
  first.finish('served')
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  expect(idle).toBe(false)
  late.finish('served')
  await over
})

test('after the cut, one that was on its way is destroyed as well', async () => {
  const sessions = new Sessions()
  sessions.add(session())
  sessions.cut()
  sessions.add(session())
  await sessions.idle()
  expect(sessions.summary).toEqual({ connections: 2, handlerErrors: 0, resets: 0, cut: 2 })
})
