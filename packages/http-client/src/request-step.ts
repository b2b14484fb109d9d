// The steps of an exchange, as they are told to who wants to watch.

import type { ConnectStep, Connected, ResolvedAddress } from '@plainwire/socket-utils'
import type { ExchangeRecorder } from './exchange-trace.ts'

export type Ends = Pick<Connected, 'address' | 'family' | 'port' | 'localAddress' | 'localPort'>

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
  /** One address, connected or with the error. */
  | Extract<ConnectStep, { step: 'attempt' }>
  | ({ readonly step: 'connect' } & Ends)
  | { readonly step: 'send'; readonly bytes: Uint8Array; readonly bytesSent: number }
  | { readonly step: 'receive'; readonly statusCode: number }

export type OnStep = (step: RequestStep) => void

export function noteConnectStep(step: ConnectStep, recorder: ExchangeRecorder, onStep: OnStep | undefined): void {
  if (step.step === 'lookup') {
    recorder.reached('lookedUp')
    onStep?.({ step: 'resolve', host: step.host, addresses: step.addresses })
  } else {
    if (step.error === undefined) recorder.reached('connected')
    onStep?.(step)
  }
}

export function endsOf({ address, family, port, localAddress, localPort }: Connected): Ends {
  return { address, family, port, localAddress, localPort }
}
