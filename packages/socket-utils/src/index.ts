export { connect, type ConnectOptions, type ConnectStep, type Connected } from './connect.ts'
export { createSocket, type CreatedSocket } from './created-socket.ts'
export { type Deadline, startDeadline } from './deadline.ts'
export {
  type HostName,
  localHostname,
  type LookupOptions,
  qualifiedHostname,
  type ResolvedAddress,
  resolveHost,
  reverseHost,
} from './names.ts'
export {
  type ClosedPort,
  freePort,
  isPortOpen,
  type OpenPort,
  type PortOptions,
  probePort,
  type ReservedPort,
  reservePort,
  waitForPort,
} from './ports.ts'
export {
  NetworkError,
  type NetworkErrorCode,
  networkError,
  ProtocolError,
  quoted,
  WireError,
} from './protocol/errors.ts'
export { type Service, ServiceTable, type TransportProtocol } from './protocol/services.ts'
export { loadServices, serviceByName, serviceByPort, type ServicesOptions } from './services.ts'
