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
          const layout = fields.take(window.bytes, window.start)
          const known = memory.learn(layout.positions, window.bytes, window.start, text)
          expect(layout).toEqual(own.take(window.bytes, window.start))
          for (const [index, line] of known.entries()) {
            if (line === undefined) continue
            expect(lines[index]?.startsWith(`${line.name}: ${line.value ?? ''}`), lines[index]).toBe(true)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
