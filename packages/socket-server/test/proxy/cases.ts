// PROXY headers as they are and as they must not be, each as bytes and what they mean. The 21 that the two parsers on npm
// were tried with are among them.

import {
  encodeProxyHeader,
  type ProxyAddresses,
  type ProxyErrorCode,
  type ProxyHeader,
} from '../../src/proxy-header.ts'

export interface ProxyCase {
  readonly name: string
  readonly wire: Uint8Array
  /** What it says; a code where it is refused; undefined where more must come. */
  readonly expected: ProxyHeader | ProxyErrorCode | undefined
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
export const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (byte) => Number.parseInt(byte, 16))

const SIGNATURE = '0d0a0d0a000d0a515549540a'
/** A header of version 2; its length is counted unless it is told. */
const v2 = (versionAndCommand: string, family: string, rest: string, length?: number): Uint8Array => {
  const told = (length ?? bytes(rest).length).toString(16).padStart(4, '0')
  return bytes(SIGNATURE + versionAndCommand + family + told + rest)
}
const concat = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

const inet = (family: 'ipv4' | 'ipv6', from: string, fromPort: number, to: string, toPort: number): ProxyAddresses => ({
  family,
  transport: 'stream',
  source: { host: from, port: fromPort },
  destination: { host: to, port: toPort },
})
const line = (addresses: ProxyAddresses): ProxyHeader => ({ version: 1, command: 'proxy', addresses })
const UNKNOWN: ProxyHeader = { version: 1, command: 'proxy' }
const binary = (addresses: ProxyAddresses, tlvs?: ProxyHeader['tlvs']): ProxyHeader =>
  tlvs ? { version: 2, command: 'proxy', addresses, tlvs } : { version: 2, command: 'proxy', addresses }
const LOCAL: ProxyHeader = { version: 2, command: 'local' }
const UNSPEC: ProxyHeader = { version: 2, command: 'proxy' }

// 192.0.2.1:4660 to 198.51.100.2:443; no two bytes alike.
const IPV4 = 'c0000201 c6336402 1234 01bb'
const ipv4 = inet('ipv4', '192.0.2.1', 0x1234, '198.51.100.2', 443)
const IPV6 = '20010db8000000000000000000000001 20010db8000100020003000400050006 1234 01bb'
const ipv6 = inet('ipv6', '2001:db8::1', 0x1234, '2001:db8:1:2:3:4:5:6', 443)
const path = (text: string): string => Buffer.from(text.padEnd(108, '\0'), 'latin1').toString('hex')
const UNIX = path('/run/client.sock') + path('/run/server.sock')
const unix: ProxyAddresses = {
  family: 'unix',
  transport: 'stream',
  source: { path: '/run/client.sock' },
  destination: { path: '/run/server.sock' },
}
const tlv = (type: number, value: string): { readonly type: number; readonly value: Uint8Array } => ({
  type,
  value: bytes(value),
})
const checked = encodeProxyHeader(binary(ipv4), { checksum: true })
const broken = checked.slice()
broken[17] = 0x01

const long = (text: string): Uint8Array => ascii(`${text}\r\n`)

/** Case by case: version 1. */
const V1: readonly (readonly [string, string | Uint8Array, ProxyCase['expected']])[] = [
  ['TCP4', 'PROXY TCP4 192.0.2.1 198.51.100.2 4660 443\r\n', line(ipv4)],
  [
    'TCP4 as HAProxy sent it',
    'PROXY TCP4 127.0.0.1 127.0.0.1 59540 22011\r\n',
    line(inet('ipv4', '127.0.0.1', 59540, '127.0.0.1', 22011)),
  ],
  ['TCP6 as HAProxy sent it', 'PROXY TCP6 ::1 ::1 51340 22015\r\n', line(inet('ipv6', '::1', 51340, '::1', 22015))],
  ['TCP6 in full', 'PROXY TCP6 2001:0DB8:0:0:0:0:0:1 2001:db8:1:2:3:4:5:6 4660 443\r\n', line(ipv6)],
  [
    'TCP6 with an IPv4-mapped address',
    'PROXY TCP6 ::ffff:192.0.2.1 ::ffff:c633:6402 4660 443\r\n',
    line(inet('ipv6', '::ffff:192.0.2.1', 4660, '::ffff:198.51.100.2', 443)),
  ],
  [
    'the longest TCP6',
    `PROXY TCP6 ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`,
    line(inet('ipv6', `${'ffff:'.repeat(7)}ffff`, 65535, `${'ffff:'.repeat(7)}ffff`, 65535)),
  ],
  [
    'ports 0 and 65535',
    'PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n',
    line(inet('ipv4', '0.0.0.0', 0, '255.255.255.255', 65535)),
  ],
  ['UNKNOWN as HAProxy sends it for a Unix socket', 'PROXY UNKNOWN\r\n', UNKNOWN],
  ['UNKNOWN with addresses, to be ignored', 'PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n', UNKNOWN],
  ['UNKNOWN with bytes that are no text', 'PROXY UNKNOWN \xff\x00\n!\r\n', UNKNOWN],
  ['UNKNOWN of 107 bytes', long(`PROXY UNKNOWN ${'x'.repeat(91)}`), UNKNOWN],
  ['UNKNOWN of 108 bytes', long(`PROXY UNKNOWN ${'x'.repeat(92)}`), 'proxy/too-long'],
  ['107 bytes and no end', 'PROXY TCP4 '.padEnd(107, '1'), 'proxy/too-long'],
  ['half a line', 'PROXY TCP4 192.0.2.1 198.51.100.2 46', undefined],
  ['half a line that ends in what looks like an address', 'PROXY TCP4 192.0.2.1 198.5', undefined],
  ['a line up to its CR', 'PROXY TCP4 192.0.2.1 198.51.100.2 4660 443\r', undefined],
  ['CR without LF', 'PROXY TCP4 192.0.2.1 198.51.100.2 4660 443\r!', 'proxy/bad-line'],
  ['LF without CR', 'PROXY TCP4 192.0.2.1 198.51.100.2 4660 443\n\r\n', 'proxy/bad-line'],
  ['nothing yet', '', undefined],
  ['plain HTTP', 'GET / HTTP/1.1\r\n\r\n', 'proxy/no-header'],
  ['HTTP with a method like the word', 'PROPFIND / HTTP/1.1\r\n\r\n', 'proxy/no-header'],
  ['lower case', 'proxy TCP4 192.0.2.1 198.51.100.2 4660 443\r\n', 'proxy/no-header'],
  ['a TLS hello', new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00]), 'proxy/no-header'],
  ['port 65536', 'PROXY TCP4 192.0.2.1 198.51.100.2 65536 443\r\n', 'proxy/bad-address'],
  ['port 99999', 'PROXY TCP4 192.0.2.1 198.51.100.2 4660 99999\r\n', 'proxy/bad-address'],
  ['port 0080', 'PROXY TCP4 192.0.2.1 198.51.100.2 4660 0080\r\n', 'proxy/bad-address'],
  ['a port with a sign', 'PROXY TCP4 192.0.2.1 198.51.100.2 +466 443\r\n', 'proxy/bad-line'],
  ['a port in hexadecimal', 'PROXY TCP4 192.0.2.1 198.51.100.2 0x50 443\r\n', 'proxy/bad-line'],
  ['999.2.3.4', 'PROXY TCP4 999.2.3.4 198.51.100.2 4660 443\r\n', 'proxy/bad-address'],
  ['256 in the second address', 'PROXY TCP4 192.0.2.1 198.51.100.256 4660 443\r\n', 'proxy/bad-address'],
  ['three numbers', 'PROXY TCP4 192.0.2 198.51.100.2 4660 443\r\n', 'proxy/bad-address'],
  ['five numbers', 'PROXY TCP4 192.0.2.1.5 198.51.100.2 4660 443\r\n', 'proxy/bad-address'],
  ['a leading zero, octal to some', 'PROXY TCP4 010.0.2.1 198.51.100.2 4660 443\r\n', 'proxy/bad-address'],
  ['TCP6 with IPv4', 'PROXY TCP6 192.0.2.1 198.51.100.2 4660 443\r\n', 'proxy/bad-address'],
  ['TCP4 with IPv6', 'PROXY TCP4 ::1 ::1 4660 443\r\n', 'proxy/bad-address'],
  ['two ::', 'PROXY TCP6 1::2::3 ::1 4660 443\r\n', 'proxy/bad-address'],
  ['seven groups', 'PROXY TCP6 1:2:3:4:5:6:7 ::1 4660 443\r\n', 'proxy/bad-address'],
  ['nine groups', 'PROXY TCP6 ::1 1:2:3:4:5:6:7:8:9 4660 443\r\n', 'proxy/bad-address'],
  ['eight groups and ::', 'PROXY TCP6 1:2:3:4::5:6:7:8 ::1 4660 443\r\n', 'proxy/bad-address'],
  ['a group of five digits', 'PROXY TCP6 12345::1 ::1 4660 443\r\n', 'proxy/bad-address'],
  ['dotted decimal that is not last', 'PROXY TCP6 ::192.0.2.1:1 ::1 4660 443\r\n', 'proxy/bad-address'],
  ['dotted decimal before ::', 'PROXY TCP6 192.0.2.1::1 ::1 4660 443\r\n', 'proxy/bad-address'],
  ['a single colon in front', 'PROXY TCP6 :1:2:3:4:5:6:7:8 ::1 4660 443\r\n', 'proxy/bad-address'],
  ['UDP4', 'PROXY UDP4 192.0.2.1 198.51.100.2 4660 443\r\n', 'proxy/bad-line'],
  ['no family', 'PROXY \r\n', 'proxy/bad-line'],
  ['UNKNOWN run on', 'PROXY UNKNOWNX\r\n', 'proxy/bad-line'],
  ['two blanks', 'PROXY TCP4  192.0.2.1 198.51.100.2 4660 443\r\n', 'proxy/bad-line'],
  ['a blank at the end', 'PROXY TCP4 192.0.2.1 198.51.100.2 4660 443 \r\n', 'proxy/bad-line'],
  ['one port', 'PROXY TCP4 192.0.2.1 198.51.100.2 4660\r\n', 'proxy/bad-line'],
]

const V2: readonly (readonly [string, Uint8Array, ProxyCase['expected']])[] = [
  ['TCP4', v2('21', '11', IPV4), binary(ipv4)],
  ['TCP6', v2('21', '21', IPV6), binary(ipv6)],
  ['UDP4', v2('21', '12', IPV4), binary({ ...ipv4, transport: 'datagram' })],
  ['UDP6', v2('21', '22', IPV6), binary({ ...ipv6, transport: 'datagram' })],
  ['UNIX stream', v2('21', '31', UNIX), binary(unix)],
  ['UNIX datagram', v2('21', '32', UNIX), binary({ ...unix, transport: 'datagram' })],
  [
    'UNIX with an abstract name, none, and no NUL behind the longest',
    v2('21', '31', path('\0abstract') + path('')),
    binary({ ...unix, source: { path: '\0abstract' }, destination: { path: '' } }),
  ],
  [
    'UNIX with the longest path',
    v2('21', '31', path('p'.repeat(108)) + path('q')),
    binary({ ...unix, source: { path: 'p'.repeat(108) }, destination: { path: 'q' } }),
  ],
  ['LOCAL as HAProxy checks its backends', v2('20', '00', ''), LOCAL],
  ['LOCAL with addresses, to be dropped', v2('20', '11', IPV4), LOCAL],
  ['LOCAL with a family that is none, to be dropped', v2('20', 'ff', 'abcdef'), LOCAL],
  ['UNSPEC', v2('21', '00', ''), UNSPEC],
  ['UNSPEC with bytes, to be dropped', v2('21', '00', 'abcdef'), UNSPEC],
  ['a family without transport', v2('21', '10', IPV4), UNSPEC],
  ['a transport without family', v2('21', '01', IPV4), UNSPEC],
  [
    'an IPv4-mapped address',
    v2('21', '21', '00000000000000000000ffffc0000201 00000000000000000000000000000000 12340000'),
    binary(inet('ipv6', '::ffff:192.0.2.1', 0x1234, '::', 0)),
  ],
  [
    'the first of two runs of zeros',
    v2('21', '21', '20010000000000010000000000010000 00010000000200030004000500060007 12340000'),
    binary(inet('ipv6', '2001::1:0:0:1:0', 0x1234, '1:0:2:3:4:5:6:7', 0)),
  ],
  [
    'a unique id and an ALPN',
    v2('21', '11', IPV4 + '05 0004 7f000001 01 0002 6832'),
    binary(ipv4, [tlv(5, '7f000001'), tlv(1, '6832')]),
  ],
  [
    'an empty TLV and one of an application',
    v2('21', '11', IPV4 + 'e00000 ea0003 017670'),
    binary(ipv4, [tlv(0xe0, ''), tlv(0xea, '017670')]),
  ],
  ['padding', v2('21', '11', IPV4 + '040003 000000'), binary(ipv4)],
  ['a TLV behind UNIX addresses', v2('21', '31', UNIX + '300003 6e6574'), binary(unix, [tlv(0x30, '6e6574')])],
  ['a checksum that is right', checked, binary(ipv4)],
  ['a checksum that is wrong', broken, 'proxy/bad-checksum'],
  ['a checksum of 3 bytes', v2('21', '11', IPV4 + '030003 000000'), 'proxy/bad-tlv'],
  ['version 3', v2('31', '11', IPV4), 'proxy/bad-version'],
  ['version 1 in binary', v2('11', '11', IPV4), 'proxy/bad-version'],
  ['command 0xf', v2('2f', '11', IPV4), 'proxy/bad-command'],
  ['command 2', v2('22', '11', IPV4), 'proxy/bad-command'],
  ['family 4', v2('21', '41', IPV4), 'proxy/bad-family'],
  ['transport 3', v2('21', '13', IPV4), 'proxy/bad-family'],
  ['addresses cut short by the length', v2('21', '11', IPV4.slice(0, -2)), 'proxy/bad-address'],
  ['TCP6 with room for TCP4', v2('21', '21', IPV4), 'proxy/bad-address'],
  ['UNIX with 215 bytes', v2('21', '31', UNIX.slice(0, -2)), 'proxy/bad-address'],
  ['addresses that have not all come', v2('21', '11', IPV4.slice(0, -2), 12), undefined],
  ['the first 10 bytes', bytes(SIGNATURE).subarray(0, 10), undefined],
  ['the signature alone', bytes(SIGNATURE), undefined],
  ['all but the last byte of the prefix', bytes(`${SIGNATURE}211100`), undefined],
  ['65535 bytes claimed and 12 there', v2('21', '11', IPV4, 65535), 'proxy/too-long'],
  ['4096 bytes', v2('21', '11', `${IPV4} 040fe1 ${'00'.repeat(4065)}`), binary(ipv4)],
  ['4097 bytes', v2('21', '11', `${IPV4} 040fe2 ${'00'.repeat(4066)}`), 'proxy/too-long'],
  ['LOCAL of 4097 bytes', v2('20', '00', '00'.repeat(4081)), 'proxy/too-long'],
  ['a TLV without its length', v2('21', '11', IPV4 + '0500'), 'proxy/bad-tlv'],
  ['a TLV that ends behind the header', v2('21', '11', IPV4 + '050005 7f000001'), 'proxy/bad-tlv'],
  [
    'a unique id of 128 bytes',
    v2('21', '11', `${IPV4} 050080 ${'ab'.repeat(128)}`),
    binary(ipv4, [tlv(5, 'ab'.repeat(128))]),
  ],
  ['a unique id of 129 bytes', v2('21', '11', `${IPV4} 050081 ${'ab'.repeat(129)}`), 'proxy/bad-tlv'],
  [
    'a signature with a last byte that differs',
    concat(bytes(SIGNATURE).subarray(0, 11), Uint8Array.of(0x0b)),
    'proxy/no-header',
  ],
  ['an empty line, as some clients of HTTP send first', ascii('\r\nGET / HTTP/1.1\r\n\r\n'), 'proxy/no-header'],
]

export const CASES: readonly ProxyCase[] = [
  ...V1.map(([name, wire, expected]) => ({
    name: `v1, ${name}`,
    wire: typeof wire === 'string' ? ascii(wire) : wire,
    expected,
  })),
  ...V2.map(([name, wire, expected]) => ({ name: `v2, ${name}`, wire, expected })),
]
