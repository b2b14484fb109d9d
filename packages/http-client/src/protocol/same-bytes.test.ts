import { describe, expect, test } from 'vitest'
import { latin1Bytes } from './latin1.ts'
import { sameLength } from './same-bytes.ts'

describe('eight bytes at a time', () => {
  test('each byte of a text counts, and what is NaN as a double is another text', () => {
    const text = latin1Bytes('HTTP/1.1 200 OK\r\n.')
    const own = new DataView(text.buffer)
    const same = (bytes: Uint8Array, length: number): number =>
      sameLength(new DataView(bytes.buffer), 0, own, 0, length)
    for (let length = 8; length <= text.length; length++) {
      expect(same(text.slice(), length)).toBe(length)
      for (let at = 0; at < text.length; at++) {
        for (const byte of [0x00, 0x80, 0xff]) {
          const other = text.slice()
          other[at] = byte
          const expected = at >= length ? length : at - (at % 8)
          expect(same(other, length), `${byte} at ${at} of ${length}`).toBe(expected)
        }
      }
    }
    const notANumber = latin1Bytes('aaaaaa\xf8\xff')
    expect(sameLength(new DataView(notANumber.buffer), 0, new DataView(notANumber.buffer), 0, 8)).toBe(0)
  })
})
