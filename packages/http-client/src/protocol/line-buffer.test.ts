import { describe, expect, test } from 'vitest'
import { latin1Bytes, latin1Text } from './latin1.ts'
import { LineBuffer } from './line-buffer.ts'

const BIG = 1 << 20

function bufferOf(...pieces: string[]): LineBuffer {
  const buffer = new LineBuffer()
  for (const piece of pieces) buffer.push(latin1Bytes(piece))
  return buffer
}

describe('lines and slices from one buffer', () => {
  test('a line, a slice, a CRLF and the rest, with the offset at each step', () => {
    const buffer = bufferOf('ab', 'c\r', '\nde', 'f\r\n', 'rest')
    expect(buffer.takeLine(3, 'http/line-too-long')).toBe('abc')
    expect(buffer.offset).toBe(5)
    expect(latin1Text(buffer.takeUpTo(3)!)).toBe('def')
    expect(buffer.takeCrlf('http/bad-chunk', 'here')).toBe(true)
    expect(buffer.offset).toBe(10)
    expect(latin1Text(buffer.rest())).toBe('rest')
    expect(buffer.length).toBe(4)
  })

  test('an incomplete line stays, and waits for its LF as well as for its CR', () => {
    const buffer = bufferOf('abc')
    expect(buffer.takeLine(BIG, 'http/line-too-long')).toBeUndefined()
    buffer.push(latin1Bytes('\r'))
    expect(buffer.takeLine(BIG, 'http/line-too-long')).toBeUndefined()
    buffer.push(latin1Bytes('\nx'))
    expect(buffer.takeLine(BIG, 'http/line-too-long')).toBe('abc')
    expect(buffer.length).toBe(1)
  })

  test('half a CRLF is not taken', () => {
    const buffer = bufferOf('\r')
    expect(buffer.takeCrlf('http/bad-chunk', 'here')).toBe(false)
    expect(buffer.offset).toBe(0)
  })

  test('nothing to take is undefined, not an empty slice', () => {
    const buffer = bufferOf('', '')
    expect(buffer.takeUpTo(4)).toBeUndefined()
    expect(buffer.peek(0)).toBeUndefined()
  })

  test('a slice is a view of what was pushed', () => {
    const pushed = latin1Bytes('abc')
    const buffer = new LineBuffer()
    buffer.push(pushed)
    expect(buffer.takeUpTo(2)!.buffer).toBe(pushed.buffer)
  })

  test('slices keep their bytes while the buffer goes on', () => {
    const buffer = bufferOf('ab', 'cd')
    const slices: Uint8Array[] = []
    for (let byte = 0; byte < 2000; byte++) {
      slices.push(buffer.takeUpTo(1)!)
      buffer.push(Uint8Array.of(byte % 251))
    }
    const wire = [...latin1Bytes('abcd'), ...Array.from({ length: 1996 }, (_, byte) => byte % 251)]
    expect(slices.map(([byte]) => byte)).toEqual(wire)
  })

  test('what was pushed is never written to', () => {
    const first = latin1Bytes('abXX').subarray(0, 2)
    const buffer = new LineBuffer()
    buffer.push(first)
    buffer.push(latin1Bytes('cd'))
    expect(latin1Text(new Uint8Array(first.buffer))).toBe('abXX')
  })

  test('a line of half a megabyte, byte by byte: a rescan at each byte would not end within the deadline', () => {
    const buffer = new LineBuffer()
    const byte = latin1Bytes('x')
    for (let length = 0; length < BIG / 2; length++) {
      buffer.push(byte)
      if (buffer.takeLine(BIG, 'http/line-too-long') !== undefined) throw new Error('a line before its end')
    }
    buffer.push(latin1Bytes('\r\n'))
    expect(buffer.takeLine(BIG, 'http/line-too-long')).toHaveLength(BIG / 2)
  })

  test('push after end is the caller’s mistake', () => {
    const buffer = bufferOf('a')
    buffer.end()
    expect(() => buffer.push(latin1Bytes('b'))).toThrow(TypeError)
  })
})
