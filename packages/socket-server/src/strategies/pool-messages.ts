// What a pool and its threads say to each other.

import type { Socket } from 'node:net'
import type { Closing } from '../closing.ts'
import type { Address } from '../link.ts'
import type { ServiceOptions } from '../service.ts'

export interface PoolWorkerData {
  readonly moduleUrl: string
  readonly options: ServiceOptions
  /** How many sockets this thread has taken, at TAKEN; how many pings it has seen, at BEATS. */
  readonly pulse: Int32Array
}

export const TAKEN = 0
export const BEATS = 1

export type PoolOrder =
  | { readonly type: 'serve'; readonly id: number; readonly socket: Socket }
  | { readonly type: 'drain' | 'close' | 'ping' }

export type PoolReport =
  | { readonly type: 'ready' }
  /** Without `closing` it was a proxy's health check, no connection. */
  | { readonly type: 'over'; readonly id: number; readonly closing: Closing | undefined }
  | { readonly type: 'fault'; readonly error: unknown; readonly remote: Address; readonly local: Address }
