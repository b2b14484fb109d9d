// Version 2, binary (§2.2): 12 bytes of signature, version and command, family and transport, a length of 2 bytes; then
// so many bytes of addresses and TLVs.

import { ByteReader, ByteWriter } from '@plainwire/socket-utils/bytes'
import { quoted } from '@plainwire/socket-utils/errors'
import { crc32c } from './crc32c.ts'
import { formatIp, type IpFamily, parseIp } from './ip-address.ts'
import { proxyError } from './proxy-error.ts'
import type { EncodeProxyHeaderOptions, ProxyAddresses, ProxyHeader } from './proxy-header.ts'
import { decodeTlvs, encodeTlv, ProxyTlvType } from './proxy-tlv.ts'

/** Begins like nothing that HTTP, TLS or a line of text begins with. */
export const SIGNATURE = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a)

/** Signature, version and command, family and transport, length. */
export const PREFIX_BYTES = 16

const UNIX_PATH_BYTES = 108
const CHECKSUM_BYTES = 4

/** Checks what can be known from the first 16 bytes, and says how long the whole is. */
export function headerBytes(prefix: Uint8Array): number {
  const reader = new ByteReader(prefix.subarray(SIGNATURE.length, PREFIX_BYTES))
  const versionAndCommand = reader.u8()
  const version = versionAndCommand >> 4
  if (version !== 2) throw proxyError('proxy/bad-version', `version must be 2 behind this signature, got ${version}`)
  const command = versionAndCommand & 0xf
  if (command > 1) throw proxyError('proxy/bad-command', `command must be 0 (LOCAL) or 1 (PROXY), got ${command}`)
  const familyAndTransport = reader.u8()
  // LOCAL: whatever the rest says, it is to be dropped.
  if (command === 1 && (familyAndTransport >> 4 > 3 || (familyAndTransport & 0xf) > 2)) {
    throw proxyError('proxy/bad-family', `no family and transport has the number 0x${familyAndTransport.toString(16)}`)
  }
  return PREFIX_BYTES + reader.u16()
}

/** `bytes` is the header and nothing else, its first 16 bytes checked by headerBytes. */
export function decodeHeader(bytes: Uint8Array): ProxyHeader {
  const reader = new ByteReader(bytes.subarray(SIGNATURE.length))
  const command = reader.u8() & 0xf
  if (command === 0) return { version: 2, command: 'local' }
  const familyAndTransport = reader.u8()
  const family = FAMILIES[familyAndTransport >> 4]
  const transport = TRANSPORTS[familyAndTransport & 0xf]
  reader.u16()
  // Without a family nobody can tell where addresses would end and TLVs begin.
  if (family === undefined || transport === undefined) return { version: 2, command: 'proxy' }
  const needed = family.name === 'unix' ? 2 * UNIX_PATH_BYTES : 2 * family.bytes + 4
  if (reader.remaining < needed) {
    throw proxyError('proxy/bad-address', `${family.name} addresses take ${needed} bytes, got ${reader.remaining}`)
  }
  const addresses: ProxyAddresses =
    family.name === 'unix'
      ? { family: 'unix', transport, source: decodePath(reader), destination: decodePath(reader) }
      : { family: family.name, transport, ...decodeEndpoints(reader, family.name, family.bytes) }
  const tlvs = decodeTlvs(reader.take(reader.remaining))
  const checksum = tlvs.find(({ type }) => type === ProxyTlvType.crc32c)
  if (checksum) verify(bytes, checksum.value)
  const known = tlvs.filter(({ type }) => type !== ProxyTlvType.crc32c && type !== ProxyTlvType.noop)
  return { version: 2, command: 'proxy', addresses, ...(known.length > 0 && { tlvs: known }) }
}

const FAMILIES = [
  undefined,
  { name: 'ipv4', bytes: 4 },
  { name: 'ipv6', bytes: 16 },
  { name: 'unix', bytes: UNIX_PATH_BYTES },
] as const
const TRANSPORTS = [undefined, 'stream', 'datagram'] as const

/** `value` is a view of `bytes`: the checksum was made with zeros in its place. */
function verify(bytes: Uint8Array, value: Uint8Array): void {
  if (value.length !== CHECKSUM_BYTES) {
    throw proxyError('proxy/bad-tlv', `a checksum has ${CHECKSUM_BYTES} bytes, got ${value.length}`)
  }
  const claimed = new ByteReader(value).u32()
  const zeroed = bytes.slice()
  zeroed.fill(0, value.byteOffset - bytes.byteOffset, value.byteOffset - bytes.byteOffset + CHECKSUM_BYTES)
  const actual = crc32c(zeroed)
  if (claimed !== actual) {
    throw proxyError('proxy/bad-checksum', `checksum 0x${claimed.toString(16)}, but it is 0x${actual.toString(16)}`)
  }
}

function decodeEndpoints(reader: ByteReader, family: IpFamily, length: number) {
  const from = formatIp(reader.take(length), family)
  const to = formatIp(reader.take(length), family)
  return { source: { host: from, port: reader.u16() }, destination: { host: to, port: reader.u16() } }
}

function decodePath(reader: ByteReader): { readonly path: string } {
  const field = reader.take(UNIX_PATH_BYTES)
  // An abstract name begins with a NUL; where it ends the field does not say, but at a NUL for all who use text.
  const nul = field.indexOf(0, 1)
  const path = field.subarray(0, nul < 0 ? field.length : nul)
  return { path: path.every((byte) => byte === 0) ? '' : new TextDecoder().decode(path) }
}

/** RangeError for a header of more than 65,535 bytes behind its length field. */
export function encodeHeader(header: ProxyHeader, { checksum = false }: EncodeProxyHeaderOptions): Uint8Array {
  const { command, addresses, tlvs = [] } = header
  const writer = new ByteWriter(256)
  writer.bytes(SIGNATURE).u8(command === 'local' ? 0x20 : 0x21)
  const content = new ByteWriter(256)
  if (addresses) encodeAddresses(content, addresses)
  for (const tlv of tlvs) encodeTlv(content, tlv)
  if (checksum) encodeTlv(content, { type: ProxyTlvType.crc32c, value: new Uint8Array(CHECKSUM_BYTES) })
  writer.u8(addresses === undefined ? 0 : familyAndTransportOf(addresses))
  writer.u16(content.length).bytes(content.finish())
  const bytes = writer.finish()
  if (checksum) new DataView(bytes.buffer).setUint32(bytes.length - CHECKSUM_BYTES, crc32c(bytes))
  return bytes
}

function familyAndTransportOf({ family, transport }: ProxyAddresses): number {
  return (FAMILIES.findIndex((known) => known?.name === family) << 4) | TRANSPORTS.indexOf(transport)
}

function encodeAddresses(writer: ByteWriter, addresses: ProxyAddresses): void {
  if (addresses.family === 'unix') {
    for (const { path } of [addresses.source, addresses.destination]) encodePath(writer, path)
    return
  }
  const { family, source, destination } = addresses
  for (const { host } of [source, destination]) {
    const bytes = parseIp(host, family)
    if (bytes === undefined) throw new TypeError(`host must be an ${family} address, got ${quoted(host)}`)
    writer.bytes(bytes)
  }
  for (const { port } of [source, destination]) writer.u16(port)
}

function encodePath(writer: ByteWriter, path: string): void {
  const bytes = new TextEncoder().encode(path)
  if (bytes.length > UNIX_PATH_BYTES) {
    throw new RangeError(`a socket path has at most ${UNIX_PATH_BYTES} bytes, got ${bytes.length}`)
  }
  writer.bytes(bytes).bytes(new Uint8Array(UNIX_PATH_BYTES - bytes.length))
}
