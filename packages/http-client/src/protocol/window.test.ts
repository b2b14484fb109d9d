import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { latin1Bytes, latin1Text } from './latin1.ts'
import { Window } from './window.ts'

function windowOf(...pieces: string[]): Window {
  const window = new Window()
  for (const piece of pieces) window.push(latin1Bytes(piece))
  return window
}

describe('the unread bytes of a connection', () => {
  test('are one array, however they were cut', () => {
    const window = windowOf('ab', '', 'cd', 'e')
    expect(latin1Text(window.rest())).toBe('abcde')
    window.start += 3
    expect(window.offset).toBe(3)
    expect(window.place(window.start + 1)).toEqual({ offset: 4, line: 1 })
    window.push(latin1Bytes('fg'))
    expect(latin1Text(window.rest())).toBe('defg')
    expect(window.offset).toBe(3)
  })

  test('are those that were pushed, not a copy, where nothing was left', () => {
    const pushed = latin1Bytes('abc')
    const window = new Window()
    window.push(pushed)
    expect(window.bytes).toBe(pushed)
    window.start = 3
    window.push(latin1Bytes('d'))
    expect(window.offset).toBe(3)
  })

  test('a Buffer counts as the plain array that it is', () => {
    const window = new Window()
    window.push(Buffer.from('xabc').subarray(1))
    expect(window.bytes.constructor).toBe(Uint8Array)
    expect(latin1Text(window.rest())).toBe('abc')
  })

  test('what was pushed is never written to', () => {
    const first = latin1Bytes('abXX').subarray(0, 2)
    const window = new Window()
    window.push(first)
    window.push(latin1Bytes('cd'))
    expect(latin1Text(new Uint8Array(first.buffer))).toBe('abXX')
  })

  test('slices keep their bytes while the window goes on', () => {
    const window = windowOf('ab', 'cd')
    const slices: Uint8Array[] = []
    for (let byte = 0; byte < 5000; byte++) {
      slices.push(window.bytes.subarray(window.start, ++window.start))
      window.push(Uint8Array.of(byte % 251))
    }
    const wire = [...latin1Bytes('abcd'), ...Array.from({ length: 4996 }, (_, byte) => byte % 251)]
    expect(slices.map(([byte]) => byte)).toEqual(wire)
  })

  test('a long array behind a rest is joined piece by piece, and then taken as it is', () => {
    const window = windowOf('head')
    const long = new Uint8Array(10_000).fill(0x78)
    window.push(long)
    expect(window.length, 'no more than needed').toBeLessThan(2000)
    window.start += 4
    expect(window.more()).toBe(true)
    expect(window.bytes, 'no copy of the rest').toBe(long)
    expect({ start: window.start, length: window.length, offset: window.offset }).toEqual({
      start: 0,
      length: 10_000,
      offset: 4,
    })
    expect(window.more()).toBe(false)
  })

  test('push after the end is the caller’s mistake', () => {
    const window = windowOf('a')
    window.ended = true
    expect(() => window.push(latin1Bytes('b'))).toThrow(new TypeError('push() after end()'))
  })

  test('any cuts and any reading give the bytes in order, at their offsets', () => {
    const step = fc.record({ push: fc.nat({ max: 3000 }), read: fc.nat({ max: 3000 }), more: fc.boolean() })
    const run = (from: number, length: number): string =>
      latin1Text(Uint8Array.from({ length }, (_, at) => (from + at) % 251))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const window = new Window()
        let pushed = 0
        let read = 0
        for (const { push, read: wanted, more } of steps) {
          window.push(latin1Bytes(run(pushed, push)))
          pushed += push
          if (more) window.more()
          const length = Math.min(wanted, window.length)
          expect(latin1Text(window.bytes, window.start, window.start + length)).toBe(run(read, length))
          window.start += length
          read += length
          expect(window.offset).toBe(read)
        }
        expect(latin1Text(window.rest())).toBe(run(read, pushed - read))
      }),
    )
  })
})
