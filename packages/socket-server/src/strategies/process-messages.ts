// What a server and its processes say to each other.

import type { NetworkErrorCode } from '@plainwire/socket-utils/errors'
import type { Address } from '../arrival.ts'
import type { ListenerOptions } from '../options.ts'
import type { LimitOptions } from '../reception.ts'
import type { ServerInfo } from '../server.ts'
import type { ServiceOptions } from '../service.ts'
import type { ServerSummary } from '../sessions.ts'

/** What a process needs to serve. Plain data. */
export interface ProcessSettings {
  readonly moduleUrl: string
  /** Descriptors that it was born with, or a port that it shares with its like. */
  readonly listeners: readonly ListenerOptions[]
  readonly options: ServiceOptions & { readonly limits?: LimitOptions | undefined }
  readonly suspended: boolean
}

/** What a process is told. `start` comes first, once. */
export type ProcessOrder =
  | ({ readonly type: 'start' } & ProcessSettings)
  | { readonly type: 'close'; readonly graceMs: number }
  | { readonly type: 'suspend' | 'resume' }

/** A place where a process listens; port 0 for a Unix socket. */
export interface ListeningAt {
  readonly host: string
  readonly port: number
}

/** What a process tells. `closed` is its last word; without it, it died. */
export type ProcessReport =
  | { readonly type: 'listening'; readonly addresses: readonly ListeningAt[] }
  | { readonly type: 'failed'; readonly error: unknown; readonly code: NetworkErrorCode | undefined }
  | { readonly type: 'info'; readonly info: ServerInfo }
  | { readonly type: 'fault'; readonly error: unknown; readonly remote: Address; readonly local: Address }
  | { readonly type: 'closed'; readonly info: ServerInfo; readonly summary: ServerSummary }
