// `@plainwire/http-client/encoder`: heads, bodies and events to bytes.

export { encodeChunk, encodeLastChunk } from './chunk-encoder.ts'
export { encodeRequest, encodeResponse, type EncodableRequest, type EncodableResponse } from './head-encoder.ts'
export type { HeaderLine } from './headers.ts'
export { MessageEncoder } from './message-encoder.ts'
export type { HttpVersion } from './http-version.ts'
