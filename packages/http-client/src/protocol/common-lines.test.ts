import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCommonLines } from './common-lines.ts'
import { controls, firstControl } from './control-bytes.ts'
import { readFieldLine } from './field-line.ts'
import { FieldRecorder } from './field-recorder.ts'
import { FIELD_TEXT } from './grammar.ts'
import { latin1Bytes } from './latin1.ts'
import { Repairs } from './leniency.ts'
import { LineMemory } from './line-memory.ts'
import { Window } from './window.ts'

const STRICT = new Repairs(new Set())
const section = { text: '', offset: 0, line: 1, from: 0, isExact: true, recalled: [] }

function windowOf(text: string): Window {
  const window = new Window()
  window.push(latin1Bytes(text))
  return window
}

/** What the rules say, line by line, up to `end`. */
function byTheRules(window: Window, end: number): FieldRecorder {
  const fields = new FieldRecorder()
  for (let at = window.start; at < end;) at = readFieldLine(window, at, window.end, fields, STRICT)
  return fields
}

describe('four bytes at a time', () => {
  test('each byte value in each place, among text and among others', () => {
    const others = [0x20, 0x61, 0x7e, 0x80, 0xff, 0x0d, 0x7f, 0x00]
    for (let byte = 0; byte < 256; byte++) {
      for (let place = 0; place < 4; place++) {
        for (const other of others) {
          const bytes = Uint8Array.of(other, other, other, other)
          bytes[place] = byte
          const isControl = (value: number): boolean => value === 0x09 || FIELD_TEXT[value] !== 1
          const first = bytes.findIndex(isControl)
          const found = controls(new DataView(bytes.buffer).getInt32(0, true))
          expect(found !== 0, bytes.join()).toBe(first !== -1)
          if (first !== -1) expect(firstControl(found), bytes.join()).toBe(first)
        }
      }
    }
  })
})

describe('common lines', () => {
  test('are read up to the first that is not quite so', () => {
    const common = 'Host: a\r\nContent-Length: 12\r\n'
    for (const odd of [
      'A:b\r\n',
      'A:  b\r\n',
      'A: b \r\n',
      'A: \r\n',
      'A: b\tc\r\n',
      'A : b\r\n',
      '\r\n',
      ' a: b\r\n',
      'A: b\n',
    ]) {
      const window = windowOf(`${common}${odd}Last: line\r\n`)
      expect(readCommonLines(window, 0, window.end, 9, 99, new FieldRecorder(), undefined), odd).toBe(common.length)
      expect(window.line).toBe(3)
    }
  })

  test('no more than may be, and none too long', () => {
    const window = windowOf('A: b\r\nC: d\r\nE: f\r\nG: h\r\n')
    expect(readCommonLines(window, 0, window.end, 2, 99, new FieldRecorder(), undefined)).toBe(12)
    const long = windowOf('A: b\r\nABC: d\r\nE: f\r\n')
    expect(readCommonLines(long, 0, long.end, 9, 5, new FieldRecorder(), undefined)).toBe(6)
  })

  test('are recorded as the rules would have it, with and without a memory of the head before', () => {
    const name = fc.constantFrom(
      'A',
      'Host',
      'host',
      'CONNECTION',
      'Content-Length',
      'Transfer-Encoding',
      'X-Y',
      'Zost',
    )
    const value = fc.stringMatching(/^[ -~\xe4\t]{0,40}$/)
    const line = fc.tuple(name, value).map(([name, value]) => `${name}: ${value}\r\n`)
    const heads = fc.array(fc.array(line, { maxLength: 5 }), { maxLength: 6 })
    fc.assert(
      fc.property(heads, fc.array(fc.nat({ max: 3 }), { maxLength: 9 }), (heads, repeats) => {
        const memory = new LineMemory()
        const fields = new FieldRecorder()
        for (const lines of [...heads, ...repeats.map((index) => heads[index] ?? [])]) {
          const text = `${lines.join('')}\r\n....`
          const window = windowOf(text)
          const end = readCommonLines(window, 0, window.end, 99, 99, fields, memory)
          const own = byTheRules(windowOf(text), end)
          const recalled = memory.learn(fields, window.bytes, window.start, text)
          const received = fields.take({ ...section, text, recalled })
          expect(received).toEqual(own.take({ ...section, text, recalled }))
          for (const [index, known] of recalled.entries()) {
            if (known === undefined) continue
            expect(`${known.name}: ${known.value}\r\n`).toBe(lines[index])
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('the memory of the head before', () => {
  const read = (memory: LineMemory, text: string): number[] => {
    const window = windowOf(`${text}\r\n....`)
    const fields = new FieldRecorder()
    readCommonLines(window, 0, window.end, 99, 999, fields, memory)
    const recalled = memory.learn(fields, window.bytes, window.start, text)
    fields.take({ ...section, text, recalled })
    return [...recalled.keys()].filter((index) => recalled[index] !== undefined)
  }

  test('knows a line that is the same in the same place, to its last byte', () => {
    const memory = new LineMemory()
    expect(read(memory, 'Server: abc\r\nDate: 1\r\nETag: x\r\n')).toEqual([])
    expect(read(memory, 'Server: abc\r\nDate: 2\r\nETag: x\r\n')).toEqual([0, 2])
    expect(read(memory, 'Server: abd\r\nDate: 2\r\nETag: xy\r\n')).toEqual([1])
    expect(read(memory, 'Xerver: abd\r\n')).toEqual([])
  })

  test('gives up a line that was another three times in a row', () => {
    const memory = new LineMemory()
    for (const date of ['1', '2', '3', '4', '4', '4']) expect(read(memory, `Date: ${date}\r\n`), date).toEqual([])
    const patient = new LineMemory()
    for (const date of ['1', '2', '3']) expect(read(patient, `Date: ${date}\r\n`), date).toEqual([])
    expect(read(patient, 'Date: 3\r\n')).toEqual([0])
  })

  test('holds 32 lines of at most 128 bytes', () => {
    const long = (length: number): string => `A: ${'x'.repeat(length - 5)}\r\n`
    const memory = new LineMemory()
    const text = long(129) + long(128) + 'B: c\r\n'.repeat(40)
    read(memory, text)
    expect(read(memory, text)).toEqual(Array.from({ length: 31 }, (_, index) => index + 1))
  })
})
