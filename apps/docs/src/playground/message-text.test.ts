import { assert, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatBytes, type Notation, parseBytes } from './message-text.ts'

describe('bytes as people write them', () => {
  test.each(['hex', 'base64', 'text'] as const)('any bytes survive %s', (notation: Notation) => {
    assert(
      property(uint8Array({ maxLength: 80 }), (bytes) => {
        expect(parseBytes(formatBytes(bytes, notation), notation)).toEqual(bytes)
      }),
    )
  })

  test('typed lines become CRLF, and escapes say what is meant', () => {
    expect(parseBytes('a\nb', 'text')).toEqual(new TextEncoder().encode('a\r\nb'))
    expect(parseBytes('a\\nb', 'text')).toEqual(new TextEncoder().encode('a\nb'))
    expect(parseBytes('\\xE9\\\\', 'text')).toEqual(Uint8Array.of(0xe9, 0x5c))
  })

  test.each([
    ['plain pairs', '23 02 06 ec'],
    ['C', '0x23, 0x02, 0x06, 0xec'],
    ['xxd', '00000000: 2302 06ec                                #..l'],
    ['hexdump -C', '00000000  23 02 06 ec                                       |#..l|'],
    ['a colon between', '23:02:06:EC'],
  ])('hex as %s', (_, text) => {
    expect(parseBytes(text, 'hex')).toEqual(Uint8Array.of(0x23, 0x02, 0x06, 0xec))
  })

  test('what is no hex says what is wrong with it', () => {
    expect(() => parseBytes('23 0g', 'hex')).toThrow('"g" is no hexadecimal digit')
    expect(() => parseBytes('23 0', 'hex')).toThrow('3 digits: half a byte is missing')
    expect(() => parseBytes('***', 'base64')).toThrow('this is no base64')
  })
})
