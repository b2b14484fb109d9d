import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dissectBytes, formatHexdump, parseHexdump } from './hexdump.ts'

const ascii = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

// Printed by xxd 2022-01-14.
const REQUEST = ascii('GET / HTTP/1.0\r\nHost: h\r\n\r\n')
const REQUEST_DUMP = `00000000: 4745 5420 2f20 4854 5450 2f31 2e30 0d0a  GET / HTTP/1.0..
00000010: 486f 7374 3a20 680d 0a0d 0a              Host: h....
`
const EDGES = Uint8Array.of(0x1f, 0x20, 0x7e, 0x7f, 0x80, 0xff, 0x00)
const EDGES_DUMP = `00000000: 1f20 7e7f 80ff 00                        . ~....
`

describe('formatHexdump', () => {
  test.each([
    [REQUEST, REQUEST_DUMP],
    [EDGES, EDGES_DUMP],
    [new Uint8Array(0), ''],
  ])('is the text of xxd', (bytes, dump) => {
    expect(formatHexdump(bytes)).toBe(dump)
    expect(parseHexdump(dump)).toEqual(bytes)
  })

  test('a span begins its own line, and says what it means', () => {
    const spans = [
      { offset: 14, length: 2, label: 'end of the request line' },
      { offset: 4, length: 1, label: 'request target' },
    ]
    expect(formatHexdump(REQUEST, { spans })).toBe(`00000000: 4745 5420                                GET 
00000004: 2f                                       /                 request target
00000005: 2048 5454 502f 312e 30                    HTTP/1.0
0000000e: 0d0a                                     ..                end of the request line
00000010: 486f 7374 3a20 680d 0a0d 0a              Host: h....
`)
  })

  test('a span longer than a line is labelled once', () => {
    const bytes = Uint8Array.from({ length: 20 }, (_, index) => index + 0x41)
    expect(dissectBytes(bytes, [{ offset: 1, length: 18, label: 'long' }])).toEqual([
      { offset: 0, hex: '41', text: 'A' },
      { offset: 1, hex: '4243 4445 4647 4849 4a4b 4c4d 4e4f 5051', text: 'BCDEFGHIJKLMNOPQ', label: 'long' },
      { offset: 17, hex: '5253', text: 'RS' },
      { offset: 19, hex: '54', text: 'T' },
    ])
  })

  test.each([
    [[{ offset: 0, length: 8, label: 'past the end' }], '0 to 7'],
    [[{ offset: -1, length: 2, label: 'before' }], '0 to 7'],
    [[{ offset: 1, length: 0, label: 'empty' }], '0 to 7'],
    [[{ offset: 0.5, length: 1, label: 'half' }], '0 to 7'],
    [[{ offset: 0, length: 1.5, label: 'half' }], '0 to 7'],
    [
      [
        { offset: 0, length: 3, label: 'first' },
        { offset: 2, length: 1, label: 'overlaps' },
      ],
      '3 to 7',
    ],
  ])('%j does not fit', (spans, free) => {
    const { offset, length, label } = spans.at(-1)!
    expect(() => formatHexdump(EDGES, { spans })).toThrow(
      new RangeError(`span "${label}" (offset ${offset}, length ${length}) does not fit: ${free} is free`),
    )
  })
})

describe('parseHexdump', () => {
  test.each([
    [
      'hexdump -C',
      '00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 30 0d 0a  |GET / 41 42|..|\n00000010  7c 0a  ||.|\n00000012\n',
    ],
    ['od -A x -t x1', '000000 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 30 0d 0a\r\n000010 7c 0a\r\n000012\r\n'],
    [
      'od -A x -t x1z',
      '000000 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 30 0d 0a  >GET / 41 42<..<\n000010 7c 0a  >|.<\n000012\n',
    ],
  ])('reads what %s prints', (_, dump) => {
    expect(new TextDecoder().decode(parseHexdump(dump))).toBe('GET / HTTP/1.0\r\n|\n')
  })

  test('refuses lines that were left out, and an end that is not there', () => {
    const line = '00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n'
    expect(() => parseHexdump(`${line}*\n00000040\n`)).toThrow(new TypeError('"*" is no line of a hexdump'))
    expect(() => parseHexdump(`${line}00000011\n`)).toThrow(RangeError)
  })

  test('reads bytes one by one, upper case, and lines without text', () => {
    expect([...parseHexdump('00000000: DE ad be\n00000003:ef\n\n')]).toEqual([0xde, 0xad, 0xbe, 0xef])
  })

  test('does not take the text for bytes', () => {
    expect([...parseHexdump('00000000: 6162 63                                  abc\n')]).toEqual([0x61, 0x62, 0x63])
  })

  test.each(['GET / HTTP/1.0', ': 41', '00000000 4', '0000 41'])('%j is no line', (line) => {
    expect(() => parseHexdump(line)).toThrow(TypeError)
  })

  test('a gap or a line that is missing is a RangeError', () => {
    expect(() => parseHexdump(REQUEST_DUMP.split('\n')[1]!)).toThrow(
      new RangeError('line at offset "00000010", but 0 bytes stand before it'),
    )
  })

  test('any bytes read back from their dump, labelled or not', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 70 })
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat(), fc.string(), (bytes, a, b, label) => {
        expect(parseHexdump(formatHexdump(bytes))).toEqual(Uint8Array.from(bytes))
        const [start = 0, end = 0] = [a % bytes.length, b % bytes.length].sort((a, b) => a - b)
        const spans = [{ offset: start, length: end - start + 1, label: label.replaceAll('\n', ' ') }]
        expect(parseHexdump(formatHexdump(bytes, { spans }))).toEqual(Uint8Array.from(bytes))
      }),
    )
  })
})
