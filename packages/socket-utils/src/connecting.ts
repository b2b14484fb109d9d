// What it takes to connect, and no more: for who opens connections and looks up no services, a third of the package to load.

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
export { type LookupOptions, type ResolvedAddress, resolveHost } from './names.ts'
