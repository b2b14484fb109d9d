// `@plainwire/http-client/parser`: bytes to events, without I/O.

export { requestFraming, responseFraming, type BodyFraming } from './protocol/body-framing.ts'
export type { BodyEvent } from './protocol/body-reader.ts'
export type { ParserLimits } from './protocol/head-lines.ts'
export { HeaderList, type HeaderLine } from './protocol/headers.ts'
export { persists, type HttpVersion } from './protocol/persistence.ts'
export { RequestParser, type RequestEvent, type RequestHead } from './protocol/request-parser.ts'
export {
  ResponseParser,
  type ResponseEvent,
  type ResponseHead,
  type ResponseParserOptions,
} from './protocol/response-parser.ts'
export type { HttpErrorCode, HttpProtocolError } from './protocol/violation.ts'
