export { connect, type ConnectOptions, type ConnectStep, type Connected } from './connect.ts'
export { createSocket, type CreatedSocket } from './created-socket.ts'
export { localHostname, type LookupOptions, type ResolvedAddress, resolveHost } from './names.ts'
export {
  NetworkError,
  type NetworkErrorCode,
  networkError,
  ProtocolError,
  quoted,
  WireError,
} from './protocol/errors.ts'
