import { ByteReader, ByteWriter } from '@plainwire/socket-utils/bytes'
import { ProtocolError } from '@plainwire/socket-utils/errors'
import { proxyError } from './proxy-error.ts'
import { decodeTlvs, encodeTlv, type ProxyTlv, ProxyTlvType } from './proxy-tlv.ts'

/** What the proxy knows of the client's TLS (§2.2.6). */
export interface ProxySsl {
  /** The client came over TLS. */
  readonly tls: boolean
  /** It showed a certificate in this connection, or in this TLS session; without one `verified` says nothing. */
  readonly certificateInConnection: boolean
  readonly certificateInSession: boolean
  /** The certificate was good: the proxy's `verify` was 0. */
  readonly verified: boolean
  /** As OpenSSL names it: `TLSv1.3`. */
  readonly version?: string | undefined
  readonly cipher?: string | undefined
  /** The subject's Common Name. */
  readonly commonName?: string | undefined
  readonly signatureAlgorithm?: string | undefined
  readonly keyAlgorithm?: string | undefined
}

const TLS = 0x01
const CERTIFICATE_IN_CONNECTION = 0x02
const CERTIFICATE_IN_SESSION = 0x04

const TEXTS = [
  ['version', 0x21],
  ['commonName', 0x22],
  ['cipher', 0x23],
  ['signatureAlgorithm', 0x24],
  ['keyAlgorithm', 0x25],
] as const

/** Reads the value of a TLV of type `ssl`. ProtocolError `proxy/bad-tlv` if it is cut short. */
export function decodeProxySsl(value: Uint8Array): ProxySsl {
  const reader = new ByteReader(value)
  let client: number
  let verify: number
  try {
    client = reader.u8()
    verify = reader.u32()
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    throw proxyError('proxy/bad-tlv', `an SSL TLV has 5 bytes at least, got ${value.length}`)
  }
  const inner = decodeTlvs(reader.take(reader.remaining))
  const texts = TEXTS.flatMap(([name, type]) => {
    const tlv = inner.find((tlv) => tlv.type === type)
    return tlv ? [[name, new TextDecoder().decode(tlv.value)] as const] : []
  })
  return {
    tls: (client & TLS) !== 0,
    certificateInConnection: (client & CERTIFICATE_IN_CONNECTION) !== 0,
    certificateInSession: (client & CERTIFICATE_IN_SESSION) !== 0,
    verified: verify === 0,
    ...Object.fromEntries(texts),
  }
}

/** The TLV that says it. */
export function encodeProxySsl(ssl: ProxySsl): ProxyTlv {
  const writer = new ByteWriter()
  writer.u8(
    (ssl.tls ? TLS : 0) |
      (ssl.certificateInConnection ? CERTIFICATE_IN_CONNECTION : 0) |
      (ssl.certificateInSession ? CERTIFICATE_IN_SESSION : 0),
  )
  writer.u32(ssl.verified ? 0 : 1)
  for (const [name, type] of TEXTS) {
    const text = ssl[name]
    if (text !== undefined) encodeTlv(writer, { type, value: new TextEncoder().encode(text) })
  }
  return { type: ProxyTlvType.ssl, value: writer.finish() }
}
