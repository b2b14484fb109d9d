import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostKind } from './host.ts'
import { NetworkError } from './protocol/errors.ts'

describe('hostKind', () => {
  test.each<[string, 4 | 6 | 'name']>([
    ['127.0.0.1', 4],
    ['255.255.255.255', 4],
    ['::1', 6],
    ['fe80::1%eth0', 6],
    ['::ffff:192.0.2.5', 6],
    ['localhost', 'name'],
    ['pool.ntp.org.', 'name'],
    ['_ntp._udp.example', 'name'],
    ['1.pool.ntp.org', 'name'],
    ['web.1', 'name'],
    ['3com', 'name'],
    ['0xg', 'name'],
    ['münchen.example', 'name'],
    [`${'a'.repeat(63)}.example`, 'name'],
    [`${'abcdefg.'.repeat(31)}hijkl`, 'name'],
    [`${'abcdefg.'.repeat(31)}hijkl.`, 'name'],
  ])('%s is %s', (host, kind) => {
    expect(hostKind(host)).toBe(kind)
  })

  test.each<[string, string]>([
    ['127.1', 'neither a name nor an address: write an IPv4 address as four decimal numbers'],
    ['0x7f.1', 'neither a name nor an address: write an IPv4 address as four decimal numbers'],
    ['0X7F000001', 'neither a name nor an address: write an IPv4 address as four decimal numbers'],
    ['2130706433', 'neither a name nor an address: write an IPv4 address as four decimal numbers'],
    ['0', 'neither a name nor an address: write an IPv4 address as four decimal numbers'],
    ['0177.0.0.01', 'neither a name nor an address: write an IPv4 address as four decimal numbers'],
    ['256.0.0.1', 'neither a name nor an address: write an IPv4 address as four decimal numbers'],
    ['127.0.0.1.', 'neither a name nor an address: write an IPv4 address as four decimal numbers'],
    ['[::1]', 'write an IPv6 address without brackets'],
    ['localhost:80', 'not a host name'],
    ['a b', 'not a host name'],
    ['a\0b', 'not a host name'],
    ['127.0.0.1 x', 'not a host name'],
    ['http://host', 'not a host name'],
    ['<broadcast>', 'not a host name'],
    ['.', 'a part between two dots is empty'],
    ['a..b', 'a part between two dots is empty'],
    ['.example', 'a part between two dots is empty'],
    [`${'a'.repeat(64)}.example`, 'a part has at most 63 letters, "aaaaaaaaaaaa…" has 64'],
    [`${'abcdefg.'.repeat(31)}hijklm`, 'a name has at most 253 letters, this has 254'],
  ])('%j is refused', (host, reason) => {
    const error: unknown = (() => {
      try {
        return hostKind(host)
      } catch (error) {
        return error
      }
    })()
    expect(error).toBeInstanceOf(NetworkError)
    expect((error as NetworkError).code).toBe('lookup-failed')
    expect((error as NetworkError).message.endsWith(`: ${reason}`), (error as NetworkError).message).toBe(true)
  })

  test('nothing at all is the caller’s mistake', () => {
    expect(() => hostKind('')).toThrow(new TypeError('host must not be empty'))
    expect(() => hostKind(undefined as unknown as string)).toThrow(
      new TypeError('host must be a string, got undefined'),
    )
  })

  test('every way of inet_aton to write an address is an address in four parts or refused', () => {
    const part = fc.tuple(fc.nat(0xffff_ffff), fc.constantFrom(10, 8, 16)).map(([value, base]) => {
      return base === 16 ? `0x${value.toString(16)}` : `${base === 8 ? '0' : ''}${value.toString(base)}`
    })
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const host = parts.join('.')
        const canonical =
          parts.length === 4 && parts.every((part) => String(Number(part)) === part && Number(part) < 256)
        if (canonical) expect(hostKind(host)).toBe(4)
        else expect(() => hostKind(host)).toThrow(NetworkError)
      }),
    )
  })

  test('any string is a kind of host, a TypeError or lookup-failed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (host) => {
        try {
          expect([4, 6, 'name']).toContain(hostKind(host))
        } catch (error) {
          expect(host === '' ? error instanceof TypeError : error instanceof NetworkError, String(error)).toBe(true)
        }
      }),
    )
  })
})
