export {
  connect,
  type Connected,
  type ConnectedTls,
  type ConnectedUnix,
  type ConnectOptions,
  type ConnectTlsOptions,
  type ConnectUnixOptions,
} from './connect.ts'
export type { ConnectStep } from './connect-tcp.ts'
export type { TlsSession, TlsSettings, TlsStep } from './connect-tls.ts'
export type { UnixStep } from './connect-unix.ts'
export { createSocket, type CreatedSocket } from './created-socket.ts'
export { type Deadline, startDeadline } from './deadline.ts'
export { type InterfaceAddress, interfaces, type NetworkInterface } from './interfaces.ts'
export { localHostname, qualifiedHostname } from './local-host.ts'
export { type DnsAddress, type DnsOptions, queryHost } from './name-server.ts'
export { type HostName, type LookupOptions, type ResolvedAddress, resolveHost, reverseHost } from './names.ts'
export {
  type ClosedPort,
  freePort,
  isPortOpen,
  type OpenPort,
  type PortOptions,
  probePort,
  type ReservedPort,
  reservePort,
  type WaitOptions,
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
