// What passes between an NtpClock and its thread. In a file of its own: to import the thread's is to run it.

import { type SymmetricKey } from './protocol/key-file.ts'
import { type Kiss } from './protocol/kiss-of-death.ts'

/** What the thread is started with; all of it can be copied from one thread to another. */
export interface ClockWorkerData {
  readonly memory: SharedArrayBuffer
  /** The starting thread's `performance.timeOrigin`: where it is the same, so is the origin of both threads' hrtime. */
  readonly timeOrigin: number
  readonly servers: readonly string[]
  readonly samples: number
  readonly timeoutMs: number
  readonly quorum: number | undefined
  readonly keys: Readonly<Record<string, SymmetricKey>>
  readonly minIntervalMs: number
  readonly maxIntervalMs: number
  readonly maxSlew: number
  readonly stepNs: number
}

export type ClockMessage =
  | {
      readonly type: 'update'
      readonly correctionMs: number
      readonly stepped: boolean
      readonly leap: number
      readonly survivors: readonly string[]
      readonly falsetickers: readonly string[]
    }
  | { readonly type: 'failure'; readonly failure: Failure }

/** An error without its class, which does not survive the way between threads; a caller's has its name as code. */
export interface Failure {
  readonly kind: 'protocol' | 'network' | 'caller'
  readonly code: string
  readonly message: string
  /** Of a kiss-o'-death. */
  readonly kiss?: Kiss
}
