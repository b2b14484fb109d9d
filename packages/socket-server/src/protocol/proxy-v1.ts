// Version 1, one line of text (§2.1): `PROXY TCP4 192.0.2.1 192.0.2.9 56324 443` and CRLF.

import { quoted } from '@plainwire/socket-utils/errors'
import { canonicalIp, type IpFamily } from './ip-address.ts'
import { proxyError } from './proxy-error.ts'
import type { EncodeProxyHeaderOptions, InetEndpoint, ProxyAddresses, ProxyHeader } from './proxy-header.ts'

/** With its CRLF: the longest that the specification knows, `PROXY UNKNOWN` and two IPv6 addresses. */
export const MAX_LINE_BYTES = 107

/** One character a byte, so that no byte makes the line longer or shorter than it is. */
const LATIN1 = new TextDecoder('latin1')

const CR = 0x0d
const LF = 0x0a

/** How long the line is with its CRLF, or undefined while that has not come. */
export function lineBytes(bytes: Uint8Array): number | undefined {
  const cr = bytes.subarray(0, MAX_LINE_BYTES).indexOf(CR)
  const end = cr < 0 ? bytes.length : cr
  if (end > MAX_LINE_BYTES - 2)
    throw proxyError('proxy/too-long', 'a line of version 1 has at most 107 bytes with its CRLF')
  if (cr < 0) return undefined
  const next = bytes[cr + 1]
  if (next !== undefined && next !== LF) throw proxyError('proxy/bad-line', 'CR without an LF in a line of version 1')
  return next === undefined ? undefined : cr + 2
}

/** The line without its CRLF. */
export function decodeLine(bytes: Uint8Array): ProxyHeader {
  const line = LATIN1.decode(bytes)
  // Whatever follows UNKNOWN is to be ignored.
  if (/^PROXY UNKNOWN(?: .*)?$/s.test(line)) return { version: 1, command: 'proxy' }
  const fields = /^PROXY TCP([46]) ([0-9A-Fa-f:.]+) ([0-9A-Fa-f:.]+) ([0-9]+) ([0-9]+)$/.exec(line)
  const [, version, source = '', destination = '', sourcePort = '', destinationPort = ''] = fields ?? []
  if (version === undefined) throw proxyError('proxy/bad-line', `no line of version 1: ${quoted(line, 107)}`)
  const family = version === '4' ? 'ipv4' : 'ipv6'
  const addresses: ProxyAddresses = {
    family,
    transport: 'stream',
    source: { host: canonical(source, family), port: decodePort(sourcePort) },
    destination: { host: canonical(destination, family), port: decodePort(destinationPort) },
  }
  return { version: 1, command: 'proxy', addresses }
}

/** The line with its CRLF. */
export function encodeLine(header: ProxyHeader, { checksum = false }: EncodeProxyHeaderOptions): Uint8Array {
  if (checksum) throw new TypeError('version 1 has no checksum')
  return new TextEncoder().encode(`${lineText(header)}\r\n`)
}

function lineText({ command, addresses, tlvs = [] }: ProxyHeader): string {
  if (command !== 'proxy' || tlvs.length > 0) throw new TypeError('version 1 has neither LOCAL nor TLVs')
  if (addresses === undefined) return 'PROXY UNKNOWN'
  if (addresses.family === 'unix' || addresses.transport !== 'stream') {
    throw new TypeError(`version 1 has TCP alone, got ${addresses.family} ${addresses.transport}`)
  }
  const { family, source, destination } = addresses
  const hosts = [source, destination].map(({ host }) => hostText(host, family))
  const ports = [source, destination].map(portText)
  return ['PROXY', family === 'ipv4' ? 'TCP4' : 'TCP6', ...hosts, ...ports].join(' ')
}

function canonical(text: string, family: IpFamily): string {
  const host = canonicalIp(text, family)
  if (host === undefined) throw proxyError('proxy/bad-address', `no ${family} address: ${quoted(text)}`)
  return host
}

function decodePort(text: string): number {
  const port = /^(?:0|[1-9][0-9]{0,4})$/.test(text) ? Number(text) : NaN
  if (!(port <= 65535)) throw proxyError('proxy/bad-address', `port must be 0 to 65535, got ${quoted(text)}`)
  return port
}

function hostText(host: string, family: IpFamily): string {
  const text = canonicalIp(host, family)
  if (text === undefined) throw new TypeError(`host must be an ${family} address, got ${quoted(host)}`)
  return text
}

function portText({ port }: InetEndpoint): string {
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return String(port)
  throw new RangeError(`port must be 0 to 65535, got ${quoted(port)}`)
}
