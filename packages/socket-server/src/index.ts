export { activatedSockets, type ActivatedSocket } from './activation.ts'
export { type AddressList } from './address-list.ts'
export { type AdmissionOptions } from './admission.ts'
export { type Closing, type CloseReason } from './closing.ts'
export { Connection, type EarlyPlaintext } from './connection.ts'
export { type DeadlineOptions } from './deadlines.ts'
export { drainOnSignals, type DrainOnSignalsOptions } from './drain-on-signals.ts'
export { type EntranceOptions, type ProxyProtocolOptions } from './entrance.ts'
export { type Handler, type HandlerEvents } from './handler.ts'
export { type Address, type Arrival, type Place } from './arrival.ts'
export { type Handlers } from './handlers.ts'
export { type Link } from './link.ts'
export { type AcceptTrouble } from './listener.ts'
export { type BindOptions, type ListenerOptions, type ListenOptions } from './options.ts'
export { prometheusText } from './prometheus.ts'
export { type LimitOptions } from './reception.ts'
export { type CloseOptions, type RunningServer, type ServerInfo, type ServerOptions } from './server.ts'
export { type ServiceOptions } from './service.ts'
export { type ServerSummary, type SessionCounts } from './sessions.ts'
export { bindOnly } from './strategies/bind-only.ts'
export { type ClientThread } from './strategies/client-thread.ts'
export { serveConcurrently } from './strategies/concurrent.ts'
export { type IterativeOptions, serveIteratively } from './strategies/iterative.ts'
export { type PoolExit } from './strategies/pool-thread.ts'
export { type ProcessExit } from './strategies/process-slot.ts'
export { type ProcessClient, type ProcessesOptions, type ProcessGroup, serveProcesses } from './strategies/processes.ts'
export { serveOnce } from './strategies/once.ts'
export { serveThreadPerClient, type ThreadPerClientOptions } from './strategies/thread-per-client.ts'
export { serveWorkerPool, type WorkerPool, type WorkerPoolOptions } from './strategies/worker-pool.ts'
export {
  type ConnectionRefused,
  type ConnectionStart,
  type ConnectionStop,
  type ListenerStart,
  type ListenerStop,
  type ListenerTrouble,
} from './telemetry.ts'
export { TlsAcceptor, type TlsSession, type TlsSettings } from './tls.ts'
