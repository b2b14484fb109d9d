import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { pause } from './pause.ts'

test('a pause ends in time and lets go of its signal', async () => {
  const { signal } = new AbortController()
  await pause(1, signal)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a pause that is aborted before or within rejects with the reason, whatever it is', async () => {
  const controller = new AbortController()
  const pausing = pause(2 ** 31 - 1, controller.signal)
  controller.abort(7)
  await expect(pausing).rejects.toBe(7)
  await expect(pause(2 ** 31 - 1, controller.signal)).rejects.toBe(7)
})
