import { ProtocolError } from '@plainwire/socket-utils/errors'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, FrameReader, type FrameOptions } from './frame-reader.ts'
import type { MessageReader } from './framing.ts'
import { LineReader, type LineOptions } from './line-reader.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** All messages of `chunks`, and what `end` adds. */
function read(reader: MessageReader, chunks: readonly Uint8Array[]): string[] {
  const messages: string[] = []
  const drain = (): void => {
    for (let message = reader.next(); message; message = reader.next()) messages.push(text(message))
  }
  for (const chunk of chunks) {
    reader.push(chunk)
    drain()
  }
  reader.end()
  drain()
  return messages
}

const bytesOf = (wire: Uint8Array): Uint8Array[] => Array.from(wire, (byte) => Uint8Array.of(byte))

/** Whole, cut in two at every byte, cut in three, byte by byte: always the same. */
function everyWay(make: () => MessageReader, wire: Uint8Array, expected: string[]): void {
  for (let at = 0; at <= wire.length; at++) {
    expect(read(make(), [wire.subarray(0, at), wire.subarray(at)]), `cut at ${at}`).toEqual(expected)
    const third = Math.min(wire.length, at + 1)
    expect(read(make(), [wire.subarray(0, at), wire.subarray(at, third), wire.subarray(third)])).toEqual(expected)
  }
  expect(read(make(), bytesOf(wire)), 'byte by byte').toEqual(expected)
}

const failure = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error instanceof ProtocolError ? `${error.code}: ${error.message}` : error
  }
}

describe('LineReader', () => {
  const lines = (wire: string, options: LineOptions, expected: string[]): void =>
    everyWay(() => new LineReader(options), ascii(wire), expected)

  test('any: LF ends a line, a CR right before it goes, any other CR stays', () => {
    lines('one\ntwo\r\n\r\n\nth\rree\r\r\nlast', {}, ['one', 'two', '', '', 'th\rree\r', 'last'])
    lines('', {}, [])
    lines('a\n', {}, ['a'])
    lines('ends with\r', {}, ['ends with\r'])
  })

  test('lf: a CR is content', () => {
    lines('one\r\ntwo\n\r\nlast\r', { ending: 'lf' }, ['one\r', 'two', '\r', 'last\r'])
  })

  test('crlf: lines and nothing else', () => {
    lines('EHLO there\r\n\r\nQUIT\r\n', { ending: 'crlf' }, ['EHLO there', '', 'QUIT'])
    lines('', { ending: 'crlf' }, [])
  })

  test.each([
    ['EHLO\r\nDA\nTA\r\n', 'framing/bad-line-ending: LF without a CR, 2 bytes into a line'],
    ['EHLO\r\nDATA\r.\r\n', 'framing/bad-line-ending: CR without an LF, 4 bytes into a line'],
    ['EHLO\r\n\nx', 'framing/bad-line-ending: LF without a CR, 0 bytes into a line'],
    ['x\r\r\n', 'framing/bad-line-ending: CR without an LF, 1 bytes into a line'],
    ['EHLO\r\nQUI', 'framing/truncated: the peer finished 3 bytes into a line'],
    ['EHLO\r\nQUIT\r', 'framing/bad-line-ending: CR without an LF, 4 bytes into a line'],
  ])('crlf: %j is refused, wherever it is cut, and again', (wire, expected) => {
    for (let at = 0; at <= wire.length; at++) {
      const reader = new LineReader({ ending: 'crlf' })
      expect(failure(() => read(reader, [ascii(wire.slice(0, at)), ascii(wire.slice(at))]))).toBe(expected)
      expect(failure(() => reader.next())).toBe(expected)
    }
  })

  test('crlf: a CR alone is refused before the line ends', () => {
    const reader = new LineReader({ ending: 'crlf' })
    reader.push(ascii('no\rway'))
    expect(failure(() => reader.next())).toBe('framing/bad-line-ending: CR without an LF, 2 bytes into a line')
  })

  test('a line of maxLineBytes is given, one more is refused before it ends', () => {
    for (const [ending, end] of [
      ['any', '\r\n'],
      ['any', '\n'],
      ['lf', '\n'],
      ['crlf', '\r\n'],
    ] as const) {
      const options = { ending, maxLineBytes: 5 }
      lines(`12345${end}1234${end}`, options, ['12345', '1234'])
      const wire = ascii(`1${end}123456`)
      for (const chunks of [[wire], bytesOf(wire), [...bytesOf(wire), ascii(end)]]) {
        const reader = new LineReader(options)
        expect(failure(() => read(reader, chunks))).toBe('framing/too-long: a line has more than 5 bytes')
      }
    }
    lines('12345', { maxLineBytes: 5 }, ['12345'])
    lines('\n', { maxLineBytes: 0 }, [''])
  })

  test('holds 65536 bytes of a line unless told otherwise', () => {
    const reader = new LineReader()
    reader.push(new Uint8Array(65536))
    expect(reader.next()).toBeUndefined()
    reader.push(ascii('\n'))
    expect(reader.next()).toHaveLength(65536)
    reader.push(new Uint8Array(65537))
    expect(failure(() => reader.next())).toBe('framing/too-long: a line has more than 65536 bytes')
  })

  test('surplus is what was not given: where STARTTLS finds a command that came too early', () => {
    const reader = new LineReader()
    reader.push(ascii('STARTTLS\r\nRSET\r\nQU'))
    expect(text(reader.next()!)).toBe('STARTTLS')
    expect(text(reader.surplus)).toBe('RSET\r\nQU')
  })

  test('lines given stay what they were when more is pushed', () => {
    const reader = new LineReader()
    const given: Uint8Array[] = []
    for (const byte of bytesOf(ascii('ab\ncd\nef\n'.repeat(200)))) {
      reader.push(byte)
      const line = reader.next()
      if (line) given.push(line)
    }
    expect(given.map(text).join(' ')).toBe('ab cd ef '.repeat(200).trim())
  })

  test('64 KiB more in chunks of one byte cost 64 KiB more, not their square', () => {
    const reader = new LineReader({ maxLineBytes: 2 ** 23 })
    const byte = ascii('x')
    // Squared, these would be 2 * 10^12 steps: an hour. The deadline of the test is for that alone.
    for (let count = 0; count < 2 ** 21; count++) {
      reader.push(byte)
      if (reader.next() !== undefined) throw new Error('a line without an end')
    }
    reader.push(ascii('\n'))
    expect(reader.next()).toHaveLength(2 ** 21)
  })

  test('refuses options and calls that make no sense', () => {
    expect(() => new LineReader({ maxLineBytes: -1 })).toThrow(
      new RangeError('maxLineBytes must be a whole number from 0 to 2147483647, got -1'),
    )
    expect(() => new LineReader({ ending: 'cr' as never })).toThrow(
      new TypeError('ending must be any, lf or crlf, got "cr"'),
    )
    const reader = new LineReader()
    reader.end()
    expect(() => reader.push(ascii('x'))).toThrow(new TypeError('push() after end()'))
  })

  test('any bytes, cut anywhere: the lines of a simple split', () => {
    const byte = fc.constantFrom(0x0d, 0x0a, 0x41, 0x00, 0xff)
    const chunks = fc.array(
      fc.uint8Array({ maxLength: 9 }).chain(({ length }) => fc.array(byte, { minLength: length, maxLength: length })),
    )
    fc.assert(
      fc.property(chunks, (chunks) => {
        const whole = String.fromCharCode(...chunks.flat())
        const parts = whole.split('\n')
        const expected = parts.map((line, index) => (index < parts.length - 1 ? line.replace(/\r$/, '') : line))
        if (expected.at(-1) === '') expected.pop()
        const reader = new LineReader()
        const given: string[] = []
        const drain = (): void => {
          for (let line = reader.next(); line; line = reader.next()) given.push(String.fromCharCode(...line))
        }
        for (const chunk of chunks) {
          reader.push(Uint8Array.from(chunk))
          drain()
        }
        reader.end()
        drain()
        expect(given).toEqual(expected)
      }),
    )
  })
})

describe('FrameReader', () => {
  test.each<[FrameOptions, string]>([
    [{ lengthBytes: 1 }, '\x03abc\x00\x01d'],
    [{ lengthBytes: 2 }, '\x00\x03abc\x00\x00\x00\x01d'],
    [{ lengthBytes: 2, byteOrder: 'little' }, '\x03\x00abc\x00\x00\x01\x00d'],
    [{ lengthBytes: 4 }, '\x00\x00\x00\x03abc\x00\x00\x00\x00\x00\x00\x00\x01d'],
    [{ lengthBytes: 4, byteOrder: 'little' }, '\x03\x00\x00\x00abc\x00\x00\x00\x00\x01\x00\x00\x00d'],
  ])('%j, both ways', (options, wire) => {
    const frames = ['abc', '', 'd']
    expect(frames.map((frame) => text(encodeFrame(ascii(frame), options))).join('')).toBe(wire)
    everyWay(() => new FrameReader(options), ascii(wire), frames)
  })

  test('every byte of the length counts, in its order', () => {
    const content = new Uint8Array(0x01_02_03).fill(0x61)
    for (const byteOrder of ['big', 'little'] as const) {
      const options = { lengthBytes: 4, byteOrder, maxFrameBytes: 2 ** 24 } as const
      const frame = encodeFrame(content, options)
      expect([...frame.subarray(0, 4)]).toEqual(byteOrder === 'big' ? [0, 1, 2, 3] : [3, 2, 1, 0])
      const reader = new FrameReader(options)
      reader.push(frame)
      expect(reader.next()).toEqual(content)
      expect(reader.next()).toBeUndefined()
    }
    const long = encodeFrame(new Uint8Array(0x1234), { lengthBytes: 2, byteOrder: 'little' })
    expect([...long.subarray(0, 2)]).toEqual([0x34, 0x12])
  })

  test('a length beyond the limit is refused before its frame comes, and again', () => {
    const big = new FrameReader({ lengthBytes: 4 })
    big.push(Uint8Array.of(0xff, 0xff, 0xff, 0xfe))
    for (const _ of [1, 2]) {
      expect(failure(() => big.next())).toBe('framing/too-long: a frame of 4294967294 bytes, and 65535 are the most')
    }
    const small = new FrameReader({ lengthBytes: 1, maxFrameBytes: 7 })
    small.push(Uint8Array.of(7, 1, 2, 3, 4, 5, 6, 7, 8))
    expect(small.next()).toHaveLength(7)
    expect(failure(() => small.next())).toBe('framing/too-long: a frame of 8 bytes, and 7 are the most')
    expect(() => encodeFrame(new Uint8Array(8), { lengthBytes: 1, maxFrameBytes: 7 })).toThrow(
      new RangeError('a frame must have at most 7 bytes, got 8'),
    )
    expect(() => encodeFrame(new Uint8Array(256), { lengthBytes: 1 })).toThrow(
      new RangeError('a frame must have at most 255 bytes, got 256'),
    )
  })

  test('a peer that finishes inside a frame or its length is truncated, between frames it is not', () => {
    const wire = encodeFrame(ascii('abc'), { lengthBytes: 2 })
    const expected = [
      undefined,
      'framing/truncated: the peer finished 1 bytes into a length field of 2',
      'framing/truncated: the peer finished 0 bytes into a frame of 3',
      'framing/truncated: the peer finished 1 bytes into a frame of 3',
      'framing/truncated: the peer finished 2 bytes into a frame of 3',
      undefined,
    ]
    for (const [at, outcome] of expected.entries()) {
      const reader = new FrameReader({ lengthBytes: 2 })
      reader.push(wire.subarray(0, at))
      if (at === 5) reader.next()
      reader.end()
      expect(failure(() => reader.next())).toBe(outcome)
      expect(() => reader.push(wire)).toThrow(new TypeError('push() after end()'))
    }
  })

  test('surplus is what came behind the last frame', () => {
    const reader = new FrameReader({ lengthBytes: 1 })
    reader.push(ascii('\x01a\x05rest'))
    reader.next()
    expect(text(reader.surplus)).toBe('\x05rest')
  })

  test('refuses a layout that cannot be', () => {
    expect(() => new FrameReader({ lengthBytes: 3 as never })).toThrow(
      new RangeError('lengthBytes must be 1, 2 or 4, got 3'),
    )
    expect(() => new FrameReader({ lengthBytes: 2, byteOrder: 'network' as never })).toThrow(
      new TypeError('byteOrder must be big or little, got "network"'),
    )
    expect(() => new FrameReader({ lengthBytes: 1, maxFrameBytes: 256 })).toThrow(
      new RangeError('maxFrameBytes must be a whole number from 0 to 255, got 256'),
    )
    expect(() => new FrameReader({ lengthBytes: 1, maxFrameBytes: 1.5 })).toThrow(RangeError)
  })

  test('any frames, cut anywhere, come out as they went in', () => {
    const layout = fc.record({
      lengthBytes: fc.constantFrom(1 as const, 2 as const, 4 as const),
      byteOrder: fc.constantFrom('big' as const, 'little' as const),
    })
    const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 300 }))
    fc.assert(
      fc.property(layout, fc.array(fc.uint8Array({ maxLength: 255 })), cuts, (layout, frames, cuts) => {
        const wire = Uint8Array.from(frames.flatMap((frame) => [...encodeFrame(frame, layout)]))
        const reader = new FrameReader(layout)
        const given: number[][] = []
        for (let at = 0; at < wire.length;) {
          const length = cuts.next().value
          reader.push(wire.subarray(at, at + length))
          at += length
          for (let frame = reader.next(); frame; frame = reader.next()) given.push([...frame])
        }
        reader.end()
        expect(reader.next()).toBeUndefined()
        expect(given).toEqual(frames.map((frame) => [...frame]))
      }),
    )
  })
})
