import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCommonLines } from './common-lines.ts'
import { FieldRecorder } from './field-recorder.ts'
import { latin1Bytes } from './latin1.ts'
import { LineMemory, type KnownLines } from './line-memory.ts'
import { ResponseParser, type ResponseEvent } from './response-parser.ts'
import { Window } from './window.ts'

describe('the memory of the head before', () => {
  /** Reads heads one after the other: of the last one the lines that were not made anew. */
  const recalled = (...heads: readonly string[]): number[] => {
    const memory = new LineMemory()
    const fields = new FieldRecorder()
    let before: KnownLines = []
    let known: KnownLines = []
    for (const text of heads) {
      const window = new Window()
      window.push(latin1Bytes(`${text}\r\n....`))
      readCommonLines(window, 0, window.end, 99, 999, fields, memory)
      before = known
      known = memory.learn(fields.take(window.bytes, 0).positions, window.bytes, 0, text)
    }
    return [...known.keys()].filter((index) => known[index]?.value !== undefined && known[index] === before[index])
  }

  test('knows a line that is the same in the same place, to its last byte', () => {
    const first = 'Server: abc\r\nDate: 1\r\nETag: x\r\n'
    const second = 'Server: abc\r\nDate: 2\r\nETag: x\r\n'
    const third = 'Server: abd\r\nDate: 2\r\nETag: xy\r\n'
    expect(recalled(first)).toEqual([])
    expect(recalled(first, second)).toEqual([0, 2])
    expect(recalled(first, second, third)).toEqual([1])
    expect(recalled(first, second, third, 'Xerver: abd\r\n')).toEqual([])
  })

  test('has the line that was read last, where that is another', () => {
    const date = (day: number): string => `Date: ${day}\r\n`
    expect(recalled(date(1), date(2), date(1))).toEqual([])
    expect(recalled(date(1), date(2), date(2))).toEqual([0])
  })

  test('gives up a line that was another three times in a row', () => {
    const heads = ['1', '2', '3', '4', '4', '4'].map((date) => `Date: ${date}\r\nServer: abc\r\n`)
    expect(recalled(...heads)).toEqual([1])
    expect(recalled(...heads.slice(1))).toEqual([0, 1])
  })

  test('holds 32 lines of 8 to 128 bytes', () => {
    const long = (length: number): string => `A: ${'x'.repeat(length - 5)}\r\n`
    const text = long(129) + long(128) + long(8) + long(7) + 'B: cdef\r\n'.repeat(40)
    const indexes = Array.from({ length: 32 }, (_, index) => index)
    expect(recalled(text, text)).toEqual(indexes.filter((index) => index !== 0 && index !== 3))
  })

  /** Reads responses one after the other on one connection: the lines of the last one. */
  const linesOfLast = (...heads: readonly string[]): { lines: unknown; has: (name: string) => boolean } => {
    const parser = new ResponseParser({ leniency: ['bare-lf'] })
    let last: ResponseEvent | undefined
    for (const head of heads) {
      parser.push(latin1Bytes(`HTTP/1.1 304 OK\r\n${head}\r\n`))
      for (let event = parser.next(); event; event = parser.next()) if (event.type === 'head') last = event
    }
    if (last?.type !== 'head') throw new Error('no head')
    const { headers } = last.head
    return { lines: [...headers], has: (name) => headers.has(name) }
  }

  test('begins anew after a head that was repaired', () => {
    const head = 'Server: a\r\nAB: cdefgh\r\n'
    const repaired = 'Server: a\r\nA: bcdefgh\r\nX: y\n'
    const { lines, has } = linesOfLast(head, head, head, head, repaired, 'Server: a\r\n', head)
    expect(lines).toEqual([
      ['Server', 'a'],
      ['AB', 'cdefgh'],
    ])
    expect(has('ab')).toBe(true)
  })

  test('knows a name by the colon and the space after it', () => {
    const head = 'Abcdefgh: a\r\n'
    expect(linesOfLast(head, head, head, head, 'Abcdefghi: a\r\n').lines).toEqual([['Abcdefghi', 'a']])
    expect(linesOfLast(head, head, head, head, 'Abcdefgh:abc\r\nB: c\r\n').lines).toEqual([
      ['Abcdefgh', 'abc'],
      ['B', 'c'],
    ])
  })

  test('looks at both bytes of a line ending', () => {
    const head = 'Ab: cdefghijklm\r\n' // CR is its sixteenth byte
    expect(() => linesOfLast(head, head, head, head, 'Ab: cdefghijklm\rB: x\r\nC: d\r\n')).toThrow('CR without an LF')
    const others = ['1', '2', '3', '4', '5'].map((digit) => head.replace('m', digit))
    const last = others.at(-2) ?? ''
    expect(linesOfLast(head, head, ...others, last, 'Server: a\r\n', last).lines).toEqual([['Ab', 'cdefghijkl4']])
    for (const other of others) {
      expect(linesOfLast(head, head, ...others, other).lines).toEqual([['Ab', other.slice(4, -2)]])
    }
  })

  test('is no other than a fresh reading, whatever came before', () => {
    const name = fc.constantFrom('A', 'Host', 'host', 'Fost', 'Connection', 'X-Transformed', 'Accept-Ranges')
    const value = fc.constantFrom(
      'a',
      'abcdefgh',
      'abcdefgi',
      'bbcdefgh',
      'abcdefghij',
      'a\tb',
      'a\x01b',
      '\xff\xff\xff\xff',
      '',
    )
    const after = fc.constantFrom(': ', ': ', ': ', ':', ':  ', ' : ', '')
    const ending = fc.constantFrom('\r\n', '\r\n', '\r\n', ' \r\n', '\n', '\r\n folded\r\n')
    const line = fc.tuple(name, after, value, ending).map((parts) => parts.join(''))
    const start = fc.constantFrom('HTTP/1.1 304 OK', 'HTTP/1.1 304 ', 'HTTP/1.1 304', 'HTTP/1.7 304 No')
    const server = fc.constantFrom('any', 'anyo', 'anyone', 'another')
    const head = fc
      .tuple(start, server, fc.array(line, { maxLength: 5 }))
      .map(([start, server, lines]) => `${start}\r\nServer: ${server}\r\n${lines.join('')}\r\n`)
    const heads = fc.tuple(fc.array(head, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(), { maxLength: 12 }))
    const seen = ({ head, warnings }: Extract<ResponseEvent, { type: 'head' }>, offset: number): unknown => ({
      lines: [...head.headers],
      places: [...head.headers].map((_, index) => head.headers.placeOfValue(index).offset - offset),
      lengths: [1, 4, 10].map((length) => head.headers.has('x'.repeat(length)) || head.headers.indexOf('host')),
      framing: head.headers.framingLines,
      warnings: warnings.map((warning) => ({ ...warning, offset: warning.offset - offset })),
    })
    fc.assert(
      fc.property(heads, fc.integer({ min: 1, max: 200 }), ([heads, order], cut) => {
        const parser = new ResponseParser({ leniency: 'lenient' })
        let offset = 0
        for (const index of [...order, 0]) {
          const text = latin1Bytes(heads[index % heads.length] ?? '')
          const fresh = new ResponseParser({ leniency: 'lenient' })
          fresh.push(text)
          const expected = fresh.next()
          for (let at = 0; at < text.length; at += cut) parser.push(text.slice(at, at + cut))
          const event = parser.next()
          if (event?.type !== 'head' || expected?.type !== 'head') throw new Error('no head')
          expect(seen(event, offset)).toEqual(seen(expected, 0))
          expect(parser.next()?.type).toBe('end')
          offset += text.length
        }
      }),
      { numRuns: 400 },
    )
  })
})
