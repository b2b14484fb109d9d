// Any PROXY header that can be written, for property tests.

import * as fc from 'fast-check'
import type { ProxyAddresses, ProxyHeader } from '../../src/proxy-header.ts'

const port = fc.nat(65535)
const transport = fc.constantFrom('stream' as const, 'datagram' as const)
/** As RFC 5952 writes it, which is how the reader does: what URL makes of a host. */
const ipv6 = fc
  .ipV6()
  .map((text) => new URL(`http://[${text}]/`).hostname.slice(1, -1))
  .map((text) => text.replace(/^::ffff:([0-9a-f]+):([0-9a-f]+)$/, (_, high: string, low: string) => dotted(high, low)))

function dotted(high: string, low: string): string {
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return `::ffff:${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`
}

const inet = (family: 'ipv4' | 'ipv6', host: fc.Arbitrary<string>, transport: fc.Arbitrary<'stream' | 'datagram'>) => {
  const endpoint = fc.record({ host, port })
  return fc.record({ family: fc.constant(family), transport, source: endpoint, destination: endpoint })
}
const path = fc.record({ path: fc.string({ maxLength: 36, unit: 'binary' }).filter((text) => !text.includes('\0')) })
const unix = fc.record({ family: fc.constant('unix' as const), transport, source: path, destination: path })

const stream = fc.constant('stream' as const)
const v1Addresses: fc.Arbitrary<ProxyAddresses> = fc.oneof(inet('ipv4', fc.ipV4(), stream), inet('ipv6', ipv6, stream))
const v2Addresses: fc.Arbitrary<ProxyAddresses> = fc.oneof(
  inet('ipv4', fc.ipV4(), transport),
  inet('ipv6', ipv6, transport),
  unix,
)
const tlv = fc.record({
  type: fc.nat(255).filter((type) => type !== 3 && type !== 4),
  value: fc.uint8Array({ maxLength: 128 }),
})

export const anyHeader: fc.Arbitrary<ProxyHeader> = fc.oneof(
  fc.constant({ version: 1 as const, command: 'proxy' as const }),
  v1Addresses.map((addresses) => ({ version: 1 as const, command: 'proxy' as const, addresses })),
  fc.constant({ version: 2 as const, command: 'proxy' as const }),
  fc.constant({ version: 2 as const, command: 'local' as const }),
  fc.tuple(v2Addresses, fc.array(tlv, { minLength: 1, maxLength: 4 })).map(([addresses, tlvs]) => ({
    version: 2 as const,
    command: 'proxy' as const,
    addresses,
    tlvs,
  })),
  v2Addresses.map((addresses) => ({ version: 2 as const, command: 'proxy' as const, addresses })),
)
