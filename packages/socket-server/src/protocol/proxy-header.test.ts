import { ProtocolError } from '@plainwire/socket-utils/errors'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ascii, bytes, CASES } from '../../test/proxy/cases.ts'
import { anyHeader } from '../../test/proxy/arbitrary.ts'
import {
  decodeProxySsl,
  encodeProxyHeader,
  encodeProxySsl,
  type ProxyHeader,
  ProxyHeaderReader,
  ProxyTlvType,
} from '../proxy-header.ts'
import { crc32c } from './crc32c.ts'

/** The header, an error's code, or undefined. */
function outcome(run: () => ProxyHeader | undefined): unknown {
  try {
    return run()
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}

describe.each(CASES)('$name', ({ wire, expected }) => {
  test('wherever it is cut', () => {
    const pieces = Array.from({ length: wire.length + 1 }, (_, at) => [wire.subarray(0, at), wire.subarray(at)])
    for (const [first = wire, second = wire] of wire.length > 300
      ? pieces.filter((_, at) => at < 40 || at > 4080)
      : pieces) {
      const reader = new ProxyHeaderReader()
      const seen = outcome(() => {
        reader.push(first)
        const early = reader.next()
        if (early && second.length > 0) throw new Error(`read after ${first.length} bytes`)
        if (early) return early
        reader.push(second)
        return reader.next()
      })
      expect(seen, `cut at ${first.length}`).toEqual(expected)
      if (typeof expected === 'string') expect(outcome(() => reader.next())).toBe(expected)
      else expect(reader.next()).toBeUndefined()
    }
  })

  test('byte by byte, with what follows left alone', () => {
    const reader = new ProxyHeaderReader()
    const seen = outcome(() => {
      for (const [at, byte] of wire.entries()) {
        reader.push(Uint8Array.of(byte))
        const header = reader.next()
        if (!header) continue
        expect(at).toBe(wire.length - 1)
        reader.push(ascii('GET'))
        expect(reader.surplus).toEqual(ascii('GET'))
        return header
      }
      return undefined
    })
    expect(seen).toEqual(expected)
  })

  if (typeof expected === 'object') {
    test('in one piece with what follows', () => {
      const reader = new ProxyHeaderReader()
      reader.push(Uint8Array.from([...wire, ...ascii('GET')]))
      expect(reader.next()).toEqual(expected)
      expect(reader.surplus).toEqual(ascii('GET'))
      expect(reader.next()).toBeUndefined()
    })
  }

  if (expected === undefined) {
    test('and then finished: truncated', () => {
      const reader = new ProxyHeaderReader()
      reader.push(wire)
      reader.end()
      expect(outcome(() => reader.next())).toBe('proxy/truncated')
      expect(outcome(() => reader.next())).toBe('proxy/truncated')
    })
  }
})

test('there are more than 60 cases, of every code one', () => {
  expect(CASES.length).toBeGreaterThan(90)
  const codes = CASES.map(({ expected }) => expected).filter((expected) => typeof expected === 'string')
  expect(new Set(codes).size).toBe(9)
})

test('a second header is the client speaking, and is never read', () => {
  const reader = new ProxyHeaderReader()
  const [own, forged] = [ascii('PROXY TCP4 192.0.2.1 192.0.2.9 1 2\r\n'), ascii('PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n')]
  reader.push(Uint8Array.from([...own, ...forged]))
  expect(reader.next()).toMatchObject({ addresses: { source: { host: '192.0.2.1' } } })
  expect(reader.next()).toBeUndefined()
  expect(reader.surplus).toEqual(forged)
})

test('wrong bytes are refused at the first of them', () => {
  for (const wire of [ascii('PROXX'), bytes('0d0a0d0b'), ascii('G')]) {
    const reader = new ProxyHeaderReader()
    for (const byte of wire.subarray(0, -1)) {
      reader.push(Uint8Array.of(byte))
      expect(reader.next()).toBeUndefined()
    }
    reader.push(wire.subarray(-1))
    expect(() => reader.next()).toThrow('has no PROXY header')
  }
})

test('errors show what broke', () => {
  const messages: [Uint8Array, string][] = [
    [ascii('GET / HTTP/1.1\r\n'), 'a connection that begins with "GET / HTTP/1.1\\r\\n" has no PROXY header'],
    [ascii('PROXY TCP4 999.2.3.4 1.2.3.4 5 6\r\n'), 'no ipv4 address: "999.2.3.4"'],
    [ascii('PROXY TCP4 1.2.3.4 1.2.3.4 5 65536\r\n'), 'port must be 0 to 65535, got "65536"'],
    [ascii('PROXY TCP5 \x1b[2J\xff\r\n'), 'no line of version 1: "PROXY TCP5 \\u001b[2Jÿ"'],
    [bytes('0d0a0d0a000d0a515549540a31110000'), 'version must be 2 behind this signature, got 3'],
    [bytes('0d0a0d0a000d0a515549540a25110000'), 'command must be 0 (LOCAL) or 1 (PROXY), got 5'],
    [bytes('0d0a0d0a000d0a515549540a21a50000'), 'no family and transport has the number 0xa5'],
    [bytes('0d0a0d0a000d0a515549540a21110004c0000201'), 'ipv4 addresses take 12 bytes, got 4'],
    [bytes('0d0a0d0a000d0a515549540a21112000'), 'a header of 8208 bytes, and 4096 are the most'],
  ]
  for (const [wire, message] of messages) {
    const reader = new ProxyHeaderReader()
    reader.push(wire)
    expect(() => reader.next()).toThrow(message)
  }
})

test('a checksum is made over the whole header, with zeros in its own place', () => {
  // RFC 3720 appendix B.4: 32 bytes of zeros, of ones, counted up, counted down.
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => 31 - index))).toBe(0x113fdb5c)

  const header: ProxyHeader = { version: 2, command: 'local' }
  const wire = encodeProxyHeader(header, { checksum: true })
  expect(wire).toHaveLength(16 + 3 + 4)
  const zeroed = wire.slice().fill(0, 19)
  expect(new DataView(wire.buffer, wire.byteOffset).getUint32(19)).toBe(crc32c(zeroed))
})

test('any single bit of a header with a checksum that flips is noticed', () => {
  const source = { host: '2001:db8::1', port: 4660 }
  const addresses = { family: 'ipv6', transport: 'stream', source, destination: source } as const
  const wire = encodeProxyHeader({ version: 2, command: 'proxy', addresses }, { checksum: true })
  for (let at = 16; at < wire.length - 7; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = wire.slice()
      flipped[at]! ^= 1 << bit
      const reader = new ProxyHeaderReader()
      reader.push(flipped)
      expect(outcome(() => reader.next())).toBe('proxy/bad-checksum')
    }
  }
})

test('what the proxy knows of TLS, both ways', () => {
  // flags 0x03 (TLS, certificate in the connection), verify 0, TLSv1.3, CN=client, a cipher
  const value = bytes(
    '03 00000000 210007 544c5376312e33 220006 636c69656e74 230016' +
      Buffer.from('TLS_AES_256_GCM_SHA384').toString('hex'),
  )
  const ssl = {
    tls: true,
    certificateInConnection: true,
    certificateInSession: false,
    verified: true,
    version: 'TLSv1.3',
    commonName: 'client',
    cipher: 'TLS_AES_256_GCM_SHA384',
  }
  expect(decodeProxySsl(value)).toEqual(ssl)
  expect(encodeProxySsl(ssl)).toEqual({ type: ProxyTlvType.ssl, value })
  const none = { tls: false, certificateInConnection: false, certificateInSession: true, verified: false }
  expect(encodeProxySsl(none)).toEqual({ type: 0x20, value: bytes('0400000001') })
  expect(decodeProxySsl(bytes('0400000100'))).toEqual(none)
  expect(decodeProxySsl(bytes('010000000024000452534132 250001 58'))).toMatchObject({
    signatureAlgorithm: 'RSA2',
    keyAlgorithm: 'X',
  })
  expect(() => decodeProxySsl(bytes('01000000'))).toThrow('an SSL TLV has 5 bytes at least, got 4')
  expect(() => decodeProxySsl(bytes('0100000000 210005 54'))).toThrow('a TLV at byte 0 of 4 is cut short')
})

test('what cannot be said is refused before a byte is written', () => {
  const source = { host: '192.0.2.1', port: 1 }
  const addresses = { family: 'ipv4', transport: 'stream', source, destination: source } as const
  const unix = { family: 'unix', transport: 'stream', source: { path: 'x' }, destination: { path: 'y' } } as const
  const refused: [ProxyHeader, { checksum?: boolean }, Error][] = [
    [{ version: 1, command: 'local' }, {}, new TypeError('version 1 has neither LOCAL nor TLVs')],
    [
      { version: 1, command: 'proxy', tlvs: [{ type: 1, value: ascii('h2') }] },
      {},
      new TypeError('version 1 has neither LOCAL nor TLVs'),
    ],
    [{ version: 1, command: 'proxy' }, { checksum: true }, new TypeError('version 1 has no checksum')],
    [{ version: 1, command: 'proxy', addresses: unix }, {}, new TypeError('version 1 has TCP alone, got unix stream')],
    [
      { version: 1, command: 'proxy', addresses: { ...addresses, transport: 'datagram' } },
      {},
      new TypeError('version 1 has TCP alone, got ipv4 datagram'),
    ],
    [
      { version: 1, command: 'proxy', addresses: { ...addresses, source: { host: 'localhost', port: 1 } } },
      {},
      new TypeError('host must be an ipv4 address, got "localhost"'),
    ],
    [
      { version: 1, command: 'proxy', addresses: { ...addresses, source: { host: '192.0.2.1', port: 65536 } } },
      {},
      new RangeError('port must be 0 to 65535, got 65536'),
    ],
    [
      { version: 2, command: 'proxy', addresses: { ...addresses, source: { host: '::1', port: 1 } } },
      {},
      new TypeError('host must be an ipv4 address, got "::1"'),
    ],
    [
      { version: 2, command: 'proxy', addresses: { ...addresses, source: { host: '192.0.2.1', port: -1 } } },
      {},
      new RangeError('u16 must be a whole number from 0 to 65535, got -1'),
    ],
    [
      { version: 2, command: 'proxy', addresses: { ...unix, source: { path: 'é'.repeat(55) } } },
      {},
      new RangeError('a socket path has at most 108 bytes, got 110'),
    ],
    [
      { version: 2, command: 'proxy', addresses, tlvs: [{ type: 256, value: ascii('') }] },
      {},
      new RangeError('u8 must be a whole number from 0 to 255, got 256'),
    ],
    [
      { version: 2, command: 'proxy', addresses, tlvs: [{ type: 1, value: new Uint8Array(65536) }] },
      {},
      new RangeError('u16 must be a whole number from 0 to 65535, got 65536'),
    ],
  ]
  for (const [header, options, error] of refused) expect(() => encodeProxyHeader(header, options)).toThrow(error)
})

test('the limit on the length is 16 to 65551 bytes', () => {
  for (const maxBytes of [15, 65552, 20.5]) {
    expect(() => new ProxyHeaderReader({ maxBytes })).toThrow(
      new RangeError(`maxBytes must be 16 to 65551, got ${maxBytes}`),
    )
  }
  const longest = new ProxyHeaderReader({ maxBytes: 65551 })
  longest.push(Uint8Array.from([...bytes('0d0a0d0a000d0a515549540a2000ffff'), ...new Uint8Array(65535)]))
  expect(longest.next()).toEqual({ version: 2, command: 'local' })
  const shortest = new ProxyHeaderReader({ maxBytes: 16 })
  shortest.push(bytes('0d0a0d0a000d0a515549540a20000000'))
  expect(shortest.next()).toEqual({ version: 2, command: 'local' })
})

test('any header comes out as it went in, wherever it is cut', () => {
  fc.assert(
    fc.property(anyHeader, fc.boolean(), fc.nat(600), (header, checksum, at) => {
      const wire = encodeProxyHeader(header, header.version === 2 ? { checksum } : {})
      const reader = new ProxyHeaderReader({ maxBytes: 65551 })
      reader.push(wire.subarray(0, at))
      const early = reader.next()
      reader.push(wire.subarray(at))
      // A LOCAL header says nothing more, whatever was written into it.
      expect(early ?? reader.next()).toEqual(header.command === 'local' ? { version: 2, command: 'local' } : header)
      expect(reader.surplus).toHaveLength(0)
    }),
  )
})
