// `@plainwire/http-client/parser`: bytes to events, without I/O.

export { requestFraming, responseFraming, type BodyFraming } from './protocol/body-framing.ts'
export type { BodyEvent } from './protocol/body-reader.ts'
export { HeaderList, type HeaderLine } from './protocol/headers.ts'
export type { Latin1Decoder } from './protocol/latin1.ts'
export type { Leniency, LeniencyOptions, LeniencyPreset, Warning } from './protocol/leniency.ts'
export type { ParserLimits } from './protocol/limits.ts'
export type { ParserOptions, Step } from './protocol/message-parser.ts'
export { persists } from './protocol/persistence.ts'
export type { HttpVersion } from './protocol/http-version.ts'
export {
  RequestParser,
  type RequestEvent,
  type RequestHead,
  type RequestParserOptions,
} from './protocol/request-parser.ts'
export {
  ResponseParser,
  type ResponseEvent,
  type ResponseHead,
  type ResponseParserOptions,
} from './protocol/response-parser.ts'
export type { HttpErrorCode, HttpProtocolError, Place } from './protocol/violation.ts'
