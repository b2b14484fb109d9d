export { query, type QueryOptions } from './client.ts'
export {
  isNoMajority,
  type NoMajority,
  type ServerFailure,
  type ServerVerdict,
  synchronize,
  type SynchronizeOptions,
  type SynchronizeResult,
} from './synchronize.ts'
export { type QueryResult } from './query-result.ts'
export { type NtpExchange } from './udp-exchange.ts'
export { ClockReader, type ClockState } from './clock-memory.ts'
export { NtpClock, type NtpClockEvents, type NtpClockOptions } from './ntp-clock.ts'
export { anchoredClock, followingClock, type Clock } from './clock.ts'
export { type AuthenticationFault, type Authenticator } from './protocol/authentication.ts'
export { type KeyAlgorithm, parseKeyFile, type SymmetricKey } from './protocol/key-file.ts'
export { authenticateWith, loadKeyFile } from './symmetric-keys.ts'
export { type DropCounts } from './protocol/drops.ts'
export { type DropReason, type NtpSample } from './protocol/exchange.ts'
export { KissMemory, type Permission } from './protocol/kiss-memory.ts'
export { type Kiss, isKissOfDeath, type KissOfDeath } from './protocol/kiss-of-death.ts'
export { type NtpErrorCode, type NtpPacket } from './protocol/packet.ts'
