import { describe, expect, test } from 'vitest'
import { latin1Bytes } from './latin1.ts'
import { ResponseParser } from './response-parser.ts'
import { StartLineMemory } from './start-line-memory.ts'

describe('the memory of the start line before', () => {
  const lines = (...codes: readonly number[]): string =>
    codes.map((code) => `HTTP/1.1 ${code} ${code === 204 ? 'No Content' : 'OK'}\r\nContent-Length: 0\r\n\r\n`).join('')
  const read = (bytes: Uint8Array, cut: number): unknown[] => {
    const parser = new ResponseParser()
    const heads: unknown[] = []
    for (let at = 0; at < bytes.length; at += cut) {
      parser.push(bytes.slice(at, at + cut))
      for (let event = parser.next(); event; event = parser.next()) {
        if (event.type !== 'head') continue
        const { version, statusCode, reasonPhrase, headers } = event.head
        heads.push([version, statusCode, reasonPhrase, headers.placeOf(0).offset])
      }
    }
    return heads
  }

  test('gives each response its own, however the network cuts them', () => {
    const codes = [200, 200, 200, 200, 201, 200, 200, 204, 204, 204, 200, 201, 202, 203, 205, 206, 206, 206]
    const bytes = latin1Bytes(lines(...codes))
    const whole = read(bytes, bytes.length)
    expect(whole.map((head) => (head as unknown[])[1])).toEqual(codes)
    for (let cut = 1; cut < 120; cut++) expect(read(bytes, cut), `cut by ${cut}`).toEqual(whole)
  })

  test('knows a line to its last byte, where all of it has come', () => {
    const text = latin1Bytes('HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\nHTTP/1.1 200 Ok\r\n')
    const view = new DataView(text.buffer)
    const memory = new StartLineMemory()
    memory.learn(text, 0, 17)
    expect(memory.recall(view, 17, 34)).toBe(17)
    expect(memory.recall(view, 17, 33)).toBe(0)
    expect(memory.recall(view, 34, 51)).toBe(0)
    memory.forget()
    expect(memory.recall(view, 17, 34)).toBe(0)
  })

  test('gives up after three others in a row, and never holds more than 128 bytes', () => {
    const text = latin1Bytes(`GET /${'x'.repeat(150)}`)
    const view = new DataView(text.buffer)
    const memory = new StartLineMemory()
    for (const end of [20, 21]) memory.learn(text, 0, end)
    expect(memory.recall(view, 0, 150)).toBe(21)
    for (const end of [22, 23, 24]) memory.learn(text, 0, end)
    for (const end of [25, 129, 128, 7]) {
      memory.learn(text, 0, end)
      expect(memory.recall(view, 0, 150), `${end} bytes`).toBe(0)
    }
    const fresh = new StartLineMemory()
    fresh.learn(text, 0, 129)
    expect(fresh.recall(view, 0, 150)).toBe(0)
    fresh.learn(text, 0, 128)
    expect(fresh.recall(view, 0, 150)).toBe(128)
  })
})
