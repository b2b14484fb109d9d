// `@plainwire/socket-server/framing`: pure, for any stream of bytes.

export { type FramingErrorCode, type MessageReader } from './protocol/framing.ts'
export { encodeFrame, type FrameOptions, FrameReader } from './protocol/frame-reader.ts'
export { type LineEnding, type LineOptions, LineReader } from './protocol/line-reader.ts'
