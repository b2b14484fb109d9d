import { describe, expect, test } from 'vitest'
import { checkedKey, parseKeyFile } from './key-file.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

const ALGORITHMS = 'M, MD5, SHA, SHA1, SHA256, SHA512, AES, AES128, AES-128, AES128CMAC, AES256, AES-256'

describe('a key file of chronyd', () => {
  test('has a key in each line, in text or hexadecimal, of MD5 unless it says otherwise', () => {
    const text = `
      # a comment
      ! another; % and another
      1 MD5 ASCII:old,but:known
      20 SHA1 HEX:1DC764E0791B11FA67EFC7ECBC4B0D73F68A070C
      3 tulip
      4\tsha256   plain#text
      4294967295 AES128 HEX:000102030405060708090a0b0c0d0e0f
      6 AES256 HEX:${'0f'.repeat(32)}\r
      7 SHA512 HEXAGON
    `
    expect(parseKeyFile(text)).toEqual([
      { id: 1, algorithm: 'MD5', secret: ascii('old,but:known') },
      {
        id: 20,
        algorithm: 'SHA1',
        secret: new Uint8Array(Buffer.from('1DC764E0791B11FA67EFC7ECBC4B0D73F68A070C', 'hex')),
      },
      { id: 3, algorithm: 'MD5', secret: ascii('tulip') },
      { id: 4, algorithm: 'SHA256', secret: ascii('plain#text') },
      { id: 4_294_967_295, algorithm: 'AES128', secret: Uint8Array.from({ length: 16 }, (_, at) => at) },
      { id: 6, algorithm: 'AES256', secret: new Uint8Array(32).fill(15) },
      { id: 7, algorithm: 'SHA512', secret: ascii('HEXAGON') },
    ])
  })
})

describe('a key file of ntpd', () => {
  test('has comments anywhere, other names, long secrets in hexadecimal, and perhaps addresses', () => {
    const text = `1 M short  # MD5\n2 SHA ${'ab'.repeat(20)} 192.0.2.1,192.0.2.7\n3 AES-128 0123456789abcdef\n5 aes128cmac ${'01'.repeat(16)}`
    expect(parseKeyFile(text, 'ntp')).toEqual([
      { id: 1, algorithm: 'MD5', secret: ascii('short') },
      { id: 2, algorithm: 'SHA1', secret: new Uint8Array(20).fill(0xab) },
      { id: 3, algorithm: 'AES128', secret: ascii('0123456789abcdef') },
      { id: 5, algorithm: 'AES128', secret: new Uint8Array(16).fill(1) },
    ])
  })

  test('a secret of 20 characters is text, of 21 hexadecimal', () => {
    expect(parseKeyFile(`1 MD5 ${'a'.repeat(20)}`, 'ntp')[0]?.secret).toEqual(ascii('a'.repeat(20)))
    expect(() => parseKeyFile(`1 MD5 ${'a'.repeat(21)}`, 'ntp')).toThrow('the secret is no hexadecimal number')
    expect(() => parseKeyFile('1 secret', 'ntp')).toThrow('write id, algorithm and secret')
  })
})

describe('a key file that is none says in which line, and no secret', () => {
  test.each([
    ['x MD5 hush', TypeError, 'line 1 of the key file: no key id'],
    ['\n1', TypeError, 'line 2 of the key file: write id, algorithm and secret'],
    ['1 MD5 hush hush', TypeError, 'line 1 of the key file: write id, algorithm and secret'],
    ['1 MD4 hush', TypeError, `line 1 of the key file: the second word is no algorithm, one of ${ALGORITHMS}`],
    ['5 HEX:0011 AES128', TypeError, `line 1 of the key file: the second word is no algorithm, one of ${ALGORITHMS}`],
    ['1 hush\n1 hush', TypeError, 'line 2 of the key file: key 1 was there before'],
    ['0 hush', RangeError, 'line 1 of the key file: a key id must be 1 to 4294967295, got 0'],
    ['4294967296 hush', RangeError, 'line 1 of the key file: a key id must be 1 to 4294967295, got 4294967296'],
    ['1 MD5 HEX:abc', TypeError, 'line 1 of the key file: the secret is no hexadecimal number'],
    ['1 MD5 HEX:', TypeError, 'line 1 of the key file: the secret is no hexadecimal number'],
    ['1 MD5 ASCII:', RangeError, 'line 1 of the key file: MD5 takes a secret of some bytes, got 0'],
    ['1 AES128 hush', RangeError, 'line 1 of the key file: AES128 takes a secret of 16 bytes, got 4'],
    ['1 AES256 0123456789abcdef', RangeError, 'line 1 of the key file: AES256 takes a secret of 32 bytes, got 16'],
  ])('%j', (text, Fault, message) => {
    expect(() => parseKeyFile(text)).toThrow(new Fault(message))
  })

  test('a key that a program makes is checked as well', () => {
    const key = { id: 7, algorithm: 'SHA1', secret: ascii('hush') } as const
    expect(checkedKey(key)).toBe(key)
    expect(() => checkedKey({ ...key, algorithm: 'sha1' as 'SHA1' })).toThrow(
      new TypeError('key 7: no algorithm "sha1"'),
    )
    expect(() => checkedKey({ ...key, id: 1.5 })).toThrow(RangeError)
  })
})
