import { describe, expect, test } from 'vitest'
import { FIELD_TEXT, TOKEN, firstOutside, hexDigit, isToken, parseDecimal, stripOws } from './grammar.ts'
import { latin1Bytes, latin1Text } from './latin1.ts'

const allBytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))

describe('character classes, every byte', () => {
  test('token, RFC 9110 §5.6.2', () => {
    const members = allBytes.filter((character) => isToken(character)).join('')
    expect(members).toBe("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~")
  })

  test('field text: all but the controls, and HTAB among them', () => {
    const outside = allBytes.filter((character) => firstOutside(FIELD_TEXT, character) === 0)
    expect(outside.map((character) => character.charCodeAt(0))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
      127,
    ])
  })

  test('a character above U+00FF belongs to no class, also one whose low byte does', () => {
    expect(firstOutside(TOKEN, 'ab\u0161')).toBe(2)
    expect(firstOutside(FIELD_TEXT, '\u0141')).toBe(0)
  })

  test('hexadecimal digits', () => {
    const digits = allBytes.filter((character) => hexDigit(character.charCodeAt(0)) !== -1).join('')
    expect(digits).toBe('0123456789ABCDEFabcdef')
    expect(Array.from('09afAF', (character) => hexDigit(character.charCodeAt(0)))).toEqual([0, 9, 10, 15, 10, 15])
  })
})

describe('values', () => {
  test('optional white space is space and tab, nothing else that trim() takes', () => {
    expect(stripOws(' \t a \t b\t ')).toBe('a \t b')
    expect(stripOws(' \t ')).toBe('')
    expect(stripOws('\xa0a\x0b')).toBe('\xa0a\x0b')
  })

  test.each([
    ['0', 0],
    ['0012', 12],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', undefined],
    ['', undefined],
    [' 1', undefined],
    ['1e3', undefined],
    ['\u0661', undefined],
  ])('decimal %j is %j', (text, value) => {
    expect(parseDecimal(text)).toBe(value)
  })
})

describe('ISO-8859-1', () => {
  test('every byte is the character of its own number, unlike in windows-1252', () => {
    expect(latin1Text(Uint8Array.from({ length: 256 }, (_, byte) => byte))).toBe(allBytes.join(''))
    expect([...latin1Bytes(allBytes.join(''))]).toEqual(allBytes.map((_, byte) => byte))
  })

  test('a text longer than one batch', () => {
    const text = 'abcdefghijk'.repeat(1000)
    expect(latin1Text(latin1Bytes(text))).toBe(text)
  })

  test('a character without a byte is refused: U+560A cut to a byte would be an LF', () => {
    expect(() => latin1Bytes('a\u560a')).toThrow(new RangeError('no byte for U+560a at 1'))
  })
})
