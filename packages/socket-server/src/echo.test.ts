import { expect, test } from 'vitest'
import { connectTo, converse, outcome, reply } from '../test/client.ts'
import echoUntilFinished, { echo } from './echo.ts'
import { serveConcurrently } from './strategies/concurrent.ts'

test('sends everything back until the client finishes, RFC 862', async () => {
  await using server = await serveConcurrently(echoUntilFinished)
  const text = 'héllo\0'.repeat(100_000)
  expect(await converse(server.port, text)).toBe(text)
  expect(await converse(server.port, '')).toBe('')
})

test('ends after as many messages as it was told, and shows each before it goes back', async () => {
  const seen: unknown[] = []
  const kept: Uint8Array[] = []
  const onMessage = (message: Uint8Array, { bytesWritten }: { bytesWritten: number }): void => {
    seen.push([new TextDecoder().decode(message), bytesWritten])
    kept.push(message)
  }
  await using server = await serveConcurrently(echo({ messages: 2, onMessage }))
  const client = await connectTo(server.port)
  client.write('one')
  expect(await reply(client)).toBe('one')
  const long = 'three'.repeat(2000)
  client.write(long)
  expect(await outcome(client)).toEqual({ text: long, end: 'FIN' })
  expect(seen).toEqual([
    ['one', 0],
    [long, 3],
  ])
  expect(kept.map(({ length }) => length)).toEqual([3, 10_000])
})

test('with no messages to echo it ends at once', async () => {
  await using server = await serveConcurrently(echo({ messages: 0 }))
  expect(await outcome(await connectTo(server.port))).toEqual({ text: '', end: 'FIN' })
})

test('refuses half a message', () => {
  expect(() => echo({ messages: 0.5 })).toThrow(new RangeError('messages must be a whole number from 0, got 0.5'))
})
