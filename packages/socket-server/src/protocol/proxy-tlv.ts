// What a PROXY header of version 2 carries behind the addresses: type, length (2 bytes), value (§2.2).

import { ByteReader, type ByteWriter } from '@plainwire/socket-utils/bytes'
import { ProtocolError } from '@plainwire/socket-utils/errors'
import { proxyError } from './proxy-error.ts'

/** One piece of what a proxy knows besides the addresses; section 2.2 of proxy-protocol.txt. */
export interface ProxyTlv {
  /** 0 to 255; ProxyTlvType has the names. 0xe0 to 0xef are for applications, 0xea is AWS's endpoint id. */
  readonly type: number
  readonly value: Uint8Array
}

/** The types that proxy-protocol.txt registers. */
export const ProxyTlvType = {
  /** The protocol spoken inside, as TLS negotiates it: `h2`. */
  alpn: 0x01,
  /** The host name that the client asked for (SNI), UTF-8. */
  authority: 0x02,
  crc32c: 0x03,
  noop: 0x04,
  /** At most 128 bytes that name this connection in the proxy's logs. */
  uniqueId: 0x05,
  /** See decodeProxySsl. */
  ssl: 0x20,
  /** The proxy's network namespace, US-ASCII. */
  namespace: 0x30,
} as const

const MAX_UNIQUE_ID_BYTES = 128

/** All that there are in `bytes`. ProtocolError `proxy/bad-tlv` for one that ends behind them. */
export function decodeTlvs(bytes: Uint8Array): ProxyTlv[] {
  const reader = new ByteReader(bytes)
  const tlvs: ProxyTlv[] = []
  while (reader.remaining > 0) {
    const { offset } = reader
    try {
      const tlv = { type: reader.u8(), value: reader.take(reader.u16()) }
      if (tlv.type === ProxyTlvType.uniqueId && tlv.value.length > MAX_UNIQUE_ID_BYTES) {
        throw proxyError('proxy/bad-tlv', `a unique id has at most 128 bytes, got ${tlv.value.length}`)
      }
      tlvs.push(tlv)
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== 'bytes/truncated') throw error
      throw proxyError('proxy/bad-tlv', `a TLV at byte ${offset} of ${bytes.length} is cut short: ${error.message}`)
    }
  }
  return tlvs
}

/** RangeError for a type or a length that does not fit its field. */
export function encodeTlv(writer: ByteWriter, { type, value }: ProxyTlv): void {
  writer.u8(type).u16(value.length).bytes(value)
}
