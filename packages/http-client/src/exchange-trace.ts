// What one exchange did and when. Always counted and timed; the bytes themselves are kept on request.

import type { Connected, ResolvedAddress } from '@plainwire/socket-utils'

/** Durations in milliseconds, to the microsecond; undefined for what has not happened yet. */
export interface Timings {
  /** Of the host's name. */
  readonly lookup: number | undefined
  /** From the look-up's end to an established connection. */
  readonly connect: number | undefined
  /** From there until the kernel had all of the request. */
  readonly send: number | undefined
  /** From there to the response's first byte; 0 if that came before the request was out. */
  readonly firstByte: number | undefined
  /** From the call to the end of the body. */
  readonly total: number | undefined
}

export interface TracedBytes {
  readonly bytes: Uint8Array
  /** Microseconds since the call, by a clock that never goes back. */
  readonly atUs: number
}

export interface ExchangeTrace {
  /** Of the host, in the system's order. */
  readonly addresses: readonly ResolvedAddress[]
  /** The one that the request went to. */
  readonly address: string
  readonly port: number
  readonly localAddress: string
  readonly localPort: number
  /** Every byte in the pieces that were given to the socket; empty unless `trace` was asked for. */
  readonly sent: readonly TracedBytes[]
  /** Every byte in the pieces in which it arrived; empty unless `trace` was asked for. It grows while the body is read. */
  readonly received: readonly TracedBytes[]
  readonly bytesSent: number
  readonly bytesReceived: number
}

type Moment = 'lookedUp' | 'connected' | 'sent' | 'firstByte' | 'finished'

/** Notes the moments of one exchange, and its bytes where `keepBytes`. */
export class ExchangeRecorder {
  readonly #keepBytes: boolean
  readonly #startedAt = performance.now()
  readonly #moments: Partial<Record<Moment, number>> = {}
  readonly #sent: TracedBytes[] = []
  readonly #received: TracedBytes[] = []
  #bytesSent = 0
  #bytesReceived = 0

  constructor(keepBytes: boolean) {
    this.#keepBytes = keepBytes
  }

  /** The first time counts. */
  reached(moment: Moment): void {
    this.#moments[moment] ??= this.#elapsedMs()
  }

  noteSent(bytes: Uint8Array): void {
    this.#bytesSent += bytes.length
    if (this.#keepBytes) this.#sent.push({ bytes, atUs: Math.round(this.#elapsedMs() * 1000) })
  }

  noteReceived(bytes: Uint8Array): void {
    this.reached('firstByte')
    this.#bytesReceived += bytes.length
    if (this.#keepBytes) this.#received.push({ bytes, atUs: Math.round(this.#elapsedMs() * 1000) })
  }

  get bytesReceived(): number {
    return this.#bytesReceived
  }

  /** What it was about when it was interrupted. */
  get phase(): string {
    const { lookedUp, connected, sent, firstByte } = this.#moments
    if (firstByte !== undefined) return 'while receiving the response'
    if (sent !== undefined) return 'while waiting for the first byte'
    if (connected !== undefined) return 'while sending the request'
    return lookedUp === undefined ? 'while looking up the host' : 'while connecting'
  }

  get timings(): Timings {
    const { lookedUp, connected, sent, firstByte, finished } = this.#moments
    return {
      lookup: duration(0, lookedUp),
      connect: duration(lookedUp, connected),
      send: duration(connected, sent),
      firstByte: duration(sent, firstByte),
      total: duration(0, finished),
    }
  }

  trace({ address, port, localAddress, localPort, steps }: Connected): ExchangeTrace {
    const bytesSent = (): number => this.#bytesSent
    const bytesReceived = (): number => this.#bytesReceived
    return {
      addresses: steps.find((step) => step.step === 'lookup')?.addresses ?? [],
      address,
      port,
      localAddress,
      localPort,
      sent: this.#sent,
      received: this.#received,
      get bytesSent() {
        return bytesSent()
      },
      get bytesReceived() {
        return bytesReceived()
      },
    }
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAt
  }
}

function duration(from: number | undefined, to: number | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined
  return Math.round(Math.max(0, to - from) * 1000) / 1000
}
