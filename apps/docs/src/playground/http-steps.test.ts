import { describe, expect, test } from 'vitest'
import { deliver } from './http-steps.ts'
import { SAMPLES } from './samples.ts'

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('a message in reads of equal size', () => {
  const messages = SAMPLES.flatMap(({ id, protocol, bytes }) => (protocol === 'ntp' ? [] : [{ id, protocol, bytes }]))

  test.each(messages)('$id: heads and ends are the same however it is cut', ({ protocol, bytes }) => {
    const framed = (perRead: number): string[] =>
      deliver(bytes, protocol, perRead)
        .flatMap(({ events }) => events)
        .filter((event) => !event.startsWith('content'))
    for (let perRead = 1; perRead <= bytes.length; perRead++) expect(framed(perRead)).toEqual(framed(bytes.length))
  })

  test('says what the parser waits for', () => {
    const wire = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    const waiting = deliver(encoded(wire), 'response', 1).map((step) => step.waiting)
    expect([waiting[0], waiting[wire.length - 3], waiting[wire.length - 1]]).toEqual(['head', 'length', 'message'])
  })

  test.each([
    ['HTTP/1.0 200 OK\r\n\r\nall', 'close'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na', 'chunked'],
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', 'nothing'],
    ['HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', 'nothing'],
    ['HTTP/1.1 100 Continue\r\n\r\n', 'head'],
    ['nonsense', 'failed'],
  ])('%j: then %s', (wire, waiting) => {
    expect(deliver(encoded(wire), 'response', 1000)[0]?.waiting).toBe(waiting)
  })

  test('a fault ends it, with its code and byte', () => {
    const steps = deliver(encoded('HTTP/1.1 2000 OK\r\n\r\n'), 'response', 4)
    expect(steps.at(-1)).toMatchObject({
      waiting: 'failed',
      events: [expect.stringMatching(/^http\/bad-status-line @ /)],
    })
  })
})
