export { agree, type Agreement, type Candidate } from './protocol/agreement.ts'
export { dissectPacket } from './protocol/dissection.ts'
export { formatMoment } from './protocol/moment.ts'
export {
  decodePacket,
  encodePacket,
  HEADER_BYTES,
  type NtpErrorCode,
  type NtpPacket,
  type NtpPacketFields,
} from './protocol/packet.ts'
export { formatReferenceId, parseReferenceId } from './protocol/reference-id.ts'
export {
  difference,
  fromUnixNanoseconds,
  millisecondsToShort,
  type NtpDuration,
  type NtpTimestamp,
  shortToMilliseconds,
  toNanoseconds,
  toUnixNanoseconds,
} from './protocol/timestamp.ts'
export {
  appendMac,
  type AuthenticationFault,
  type Authenticator,
  macAuthenticator,
  type MacKey,
  type MacVerdict,
  verifyMac,
} from './protocol/authentication.ts'
export { encodeTrailer, type ExtensionField, type Mac, readTrailer, type Trailer } from './protocol/extension-fields.ts'
export { estimate, type Estimate, type TimedSample } from './protocol/estimate.ts'
export { type Kiss, isKissOfDeath, type KissOfDeath } from './protocol/kiss-of-death.ts'
export {
  type Answer,
  type DropReason,
  encodeRequest,
  type NtpSample,
  type Question,
  readAnswer,
  readSample,
} from './protocol/exchange.ts'
