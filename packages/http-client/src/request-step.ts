// The steps of an exchange, as they are told to who wants to watch.

import type { Connected, ConnectStep, ResolvedAddress, TlsStep, UnixStep } from '@plainwire/socket-utils/connect'
import type { ExchangeRecorder } from './exchange-trace.ts'
import type { PhaseTimeouts } from './phase-timeouts.ts'

export type Ends = Pick<Connected, 'address' | 'family' | 'port' | 'localAddress' | 'localPort'>

/** A step of an exchange that has ended, in the order in which they end. */
export type RequestStep =
  /** Only with `stopAfter`; otherwise sockets are created by connecting. */
  | {
      readonly step: 'create'
      readonly descriptor: number
      readonly family: 4 | 6
      readonly localAddress: string
      readonly localPort: number
    }
  | { readonly step: 'resolve'; readonly host: string; readonly addresses: readonly ResolvedAddress[] }
  /** One address, or the path of a Unix socket; connected or with the error. */
  | Extract<ConnectStep, { step: 'attempt' }>
  | UnixStep
  /** The handshake, done or with the error. */
  | TlsStep
  | ({ readonly step: 'connect' } & Ends)
  /** The whole request is on its way; of a streamed body `bytes` has nothing. */
  | { readonly step: 'send'; readonly bytes: Uint8Array; readonly bytesSent: number }
  | { readonly step: 'receive'; readonly statusCode: number }

export type OnStep = (step: RequestStep) => void

export interface StepWatchers {
  readonly recorder: ExchangeRecorder
  readonly phases?: PhaseTimeouts | undefined
  readonly onStep?: OnStep | undefined
}

export function noteConnectStep(
  step: ConnectStep | UnixStep | TlsStep,
  { recorder, phases, onStep }: StepWatchers,
): void {
  if (step.step === 'lookup') {
    recorder.reached('lookedUp')
    phases?.enter('connect')
    onStep?.({ step: 'resolve', host: step.host, addresses: step.addresses })
    return
  }
  if (step.step === 'attempt' && step.error === undefined) {
    recorder.reached('connected')
    phases?.enter('tls')
  }
  onStep?.(step)
}

export function endsOf({ address, family, port, localAddress, localPort }: Ends): Ends {
  return { address, family, port, localAddress, localPort }
}
