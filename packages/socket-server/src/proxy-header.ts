// `@plainwire/socket-server/proxy-header`: pure, for any stream of bytes.

export { type ProxyErrorCode } from './protocol/proxy-error.ts'
export {
  type EncodeProxyHeaderOptions,
  type InetEndpoint,
  type ProxyAddresses,
  type ProxyHeader,
  type UnixEndpoint,
} from './protocol/proxy-header.ts'
export { encodeProxyHeader, ProxyHeaderReader, type ProxyHeaderOptions } from './protocol/proxy-header-reader.ts'
export { decodeProxySsl, encodeProxySsl, type ProxySsl } from './protocol/proxy-ssl.ts'
export { type ProxyTlv, ProxyTlvType } from './protocol/proxy-tlv.ts'
