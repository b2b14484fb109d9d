// How often a parser touches an input byte. Time cannot be tested on a busy machine; work can be counted: every array that
// the parser makes or is given counts each byte that is read from it, and every byte that is copied or decoded.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RequestParser, ResponseParser } from '../src/parser.ts'
import { latin1Bytes, latin1Text } from '../src/protocol/latin1.ts'

const MOST_VISITS = 8

let visits = 0

/** A Uint8Array that counts. Not an instance of a subclass: those would be copied by methods that do not count. */
function counting(bytes: Uint8Array): Uint8Array {
  return new Proxy(bytes, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) {
        visits++
        return target[Number(key)]
      }
      const value: unknown = Reflect.get(target, key)
      if (key === 'constructor') return globalThis.Uint8Array
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const plain = args.map((arg) => (arg instanceof Object && plainOf.has(arg) ? plainOf.get(arg) : arg))
        if (key === 'set') visits += (plain[0] as Uint8Array).length
        else if (key !== 'subarray') visits += target.length
        const result: unknown = Reflect.apply(value, target, plain)
        return result instanceof PlainArray ? wrapped(result) : result
      }
    },
    set(target, key, value) {
      target[Number(key)] = value as number
      return true
    },
  })
}

const PlainArray = Uint8Array
const PlainView = DataView
const plainOf = new WeakMap<object, Uint8Array>()

function wrapped(bytes: Uint8Array): Uint8Array {
  const proxy = counting(bytes)
  plainOf.set(proxy, bytes)
  return proxy
}

beforeEach(() => {
  visits = 0
  const arrays = new Proxy(PlainArray, {
    construct: (target, args) => wrapped(Reflect.construct(target, args) as Uint8Array),
  })
  const views = new Proxy(PlainView, {
    construct(target, args) {
      const view = Reflect.construct(target, args) as DataView
      return {
        getInt32(at: number, littleEndian: boolean): number {
          visits += 4
          return view.getInt32(at, littleEndian)
        },
        getFloat64(at: number, littleEndian: boolean): number {
          visits += 8
          return view.getFloat64(at, littleEndian)
        },
      }
    },
  })
  Object.assign(globalThis, { Uint8Array: arrays, DataView: views })
})
afterEach(() => Object.assign(globalThis, { Uint8Array: PlainArray, DataView: PlainView }))

function decode(bytes: Uint8Array, start: number, end: number): string {
  visits += end - start
  return latin1Text(plainOf.get(bytes) ?? bytes, start, end)
}

const head = (lines: number, length: number): string =>
  Array.from({ length: lines }, (_, index) => `Name-${index}: ${'v'.repeat(length)}\r\n`).join('')

const messages: readonly { what: string; kind: 'request' | 'response'; wire: string }[] = [
  { what: 'the shortest response', kind: 'response', wire: 'HTTP/1.1 204 \r\n\r\n' },
  { what: 'the shortest request', kind: 'request', wire: 'GET / HTTP/1.0\r\n\r\n' },
  { what: 'many short lines', kind: 'request', wire: `GET / HTTP/1.0\r\n${head(200, 1)}\r\n` },
  { what: 'one long line', kind: 'response', wire: `HTTP/1.1 204 \r\n${head(1, 16000)}\r\n` },
  { what: 'one long line of high bytes', kind: 'response', wire: `HTTP/1.1 204 \r\nA: ${'\xe4'.repeat(9000)}\r\n\r\n` },
  { what: 'white space alone', kind: 'response', wire: `HTTP/1.1 204 \r\nA:${' \t'.repeat(4000)}\r\n\r\n` },
  { what: 'a long target', kind: 'request', wire: `GET /${'a'.repeat(9000)} HTTP/1.0\r\n\r\n` },
  {
    what: 'chunks of one byte, each with an extension',
    kind: 'response',
    wire: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1;a="b\\"c"\r\nx\r\n'.repeat(500)}0\r\n${head(50, 9)}\r\n`,
  },
  {
    what: 'the same head again and again',
    kind: 'response',
    wire: `HTTP/1.1 204 No Content\r\nServer: a\r\nX-Long: ${'y'.repeat(100)}\r\n\r\n`.repeat(30),
  },
]

describe.each(messages)('$what', ({ kind, wire }) => {
  const bytes = latin1Bytes(wire)
  const random = (at: number): number => 1 + ((at * 2654435761) % 97)

  test.each([
    ['whole', () => bytes.length],
    ['byte by byte', () => 1],
    ['in threes', () => 3],
    ['in pieces of 1 to 97', random],
    ['in pieces of 1500', () => 1500],
  ])(`%s: at most ${MOST_VISITS} visits to a byte`, (_, pieceLength) => {
    const parser = kind === 'request' ? new RequestParser({ decode }) : new ResponseParser({ decode })
    let ends = 0
    for (let at = 0; at < bytes.length;) {
      const length = Math.min(pieceLength(at), bytes.length - at)
      parser.push(wrapped(bytes.slice(at, at + length)))
      for (let step = parser.advance(); step !== undefined; step = parser.advance()) if (step === 'end') ends++
      at += length
    }
    expect(ends).toBeGreaterThan(0)
    expect(visits / bytes.length).toBeLessThanOrEqual(MOST_VISITS)
    expect(visits, 'and each at least once').toBeGreaterThanOrEqual(bytes.length)
  })
})
