// What a pool and its threads say to each other.

import type { Socket } from 'node:net'
import type { Closing } from '../closing.ts'
import type { Address } from '../arrival.ts'
import type { ServiceOptions } from '../service.ts'

/** What a thread of the pool is started with. */
export interface PoolWorkerData {
  readonly moduleUrl: string
  readonly options: ServiceOptions
}

/** What a thread of the pool is told. Orders are obeyed in turn. */
export type PoolOrder =
  | { readonly type: 'serve'; readonly id: number; readonly socket: Socket }
  /** Ends one connection, if it is still there. */
  | { readonly type: 'cut'; readonly id: number }
  | { readonly type: 'drain' | 'close' | 'ping' }

/** What a thread of the pool tells. The account of a connection comes once, with its end. */
export type PoolReport =
  /** `taken`: the socket that was sent first of those not taken yet. `pong`: a ping was seen. */
  | { readonly type: 'ready' | 'taken' | 'pong' }
  /** A trusted proxy has said for whom it is. */
  | { readonly type: 'named'; readonly id: number }
  /** Without `closing` it was a proxy's health check, no connection. */
  | { readonly type: 'over'; readonly id: number; readonly closing: Closing | undefined }
  | { readonly type: 'fault'; readonly error: unknown; readonly remote: Address; readonly local: Address }
