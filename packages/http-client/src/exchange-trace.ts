// What one exchange did and when. Always counted and timed; the bytes themselves are kept on request.

import type { ResolvedAddress, TlsSession } from '@plainwire/socket-utils/connect'
import { type ConnectionEnds, NOWHERE } from './connection-ends.ts'
import { latin1Bytes } from './protocol/latin1.ts'
import type { TimedBytes } from './protocol/timed-bytes.ts'

/** Durations in milliseconds, to the microsecond; undefined for what has not happened, or not yet. */
export interface Timings {
  /** Of the host's name. Like the next two, undefined on a connection that was there already. */
  readonly lookup: number | undefined
  /** From the look-up's end to an established connection. */
  readonly connect: number | undefined
  /** The handshake. */
  readonly tls: number | undefined
  /** From a ready connection until the kernel had all of the request. */
  readonly send: number | undefined
  /** From there to the response's first byte; 0 if that came before the request was out. */
  readonly firstByte: number | undefined
  /** From there to the end of the body. */
  readonly download: number | undefined
  /** From the call to the end of the body; with redirects, of the last exchange. */
  readonly total: number | undefined
}

/** Bytes as they were given to the socket, or came from it, and when. */
export type TracedBytes = TimedBytes

/** What one exchange did: counts and times always, with `trace` each byte. It goes on while the exchange does. */
export interface ExchangeTrace {
  /** Of the request, without a user name or password. */
  readonly url: string
  /** When it began, as RFC 3339 writes it, in UTC. */
  readonly startedDateTime: string
  /** Of the host, in the system's order; empty on a connection that was there already. */
  readonly addresses: readonly ResolvedAddress[]
  /** Of the peer that the request went to, the proxy's if there was one; the path of a Unix socket; '' before it is connected. */
  readonly address: string
  /** 0 for a Unix socket, and before it is connected. */
  readonly port: number
  /**
   * Our own end, asked of the system when the connection is there, for who watches (`trace`, `onStep` or `onExchange`); else when
   * first read, which must be before the connection is closed: `''`, and port 0, after that.
   */
  readonly localAddress: string
  readonly localPort: number
  readonly tls: TlsSession | undefined
  /** Whether an earlier exchange had opened the connection. */
  readonly reused: boolean
  /** Every byte in the pieces that were given to the socket; empty unless `trace` was asked for. With TLS, what was encrypted. */
  readonly sent: readonly TracedBytes[]
  /** Every byte in the pieces in which it arrived; empty unless `trace` was asked for. It grows while the body is read. */
  readonly received: readonly TracedBytes[]
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Complete when the body has been read. */
  readonly timings: Timings
}

type Moment = 'lookedUp' | 'connected' | 'ready' | 'sent' | 'firstByte' | 'finished'

/** Notes the moments of one exchange, and its bytes where `keepsBytes`. */
export class ExchangeRecorder implements ExchangeTrace {
  readonly url: string
  readonly keepsBytes: boolean
  readonly sent: TracedBytes[] = []
  readonly received: TracedBytes[] = []
  bytesSent = 0
  bytesReceived = 0
  reused = false
  // Not by `performance`: to use it for the first time loads all of node:perf_hooks, 1.3 ms of a process's start.
  readonly #startedAt = process.hrtime()
  readonly #startedMs = Date.now()
  readonly #moments: Record<Moment, number | undefined> = {
    lookedUp: undefined,
    connected: undefined,
    ready: undefined,
    sent: undefined,
    firstByte: undefined,
    finished: undefined,
  }
  #ends = NOWHERE

  readonly #isWatched: boolean

  /** `isWatched`: somebody will look at it. */
  constructor(url: string, keepsBytes: boolean, isWatched = keepsBytes) {
    this.url = url
    this.keepsBytes = keepsBytes
    this.#isWatched = isWatched
  }

  /** The first time counts. */
  reached(moment: Moment): void {
    this.#moments[moment] ??= this.#elapsedMs()
  }

  /** The connection is there: the request can go. */
  connectedTo(ends: ConnectionEnds, reused: boolean): void {
    this.#ends = ends
    this.reused = reused
    if (this.#isWatched) void ends.localPort // which cannot be asked for when the connection is closed
    this.reached('ready')
  }

  /** Whether the kernel had all of the request. */
  get isSent(): boolean {
    return this.#moments.sent !== undefined
  }

  /** Text is ISO-8859-1. */
  noteSent(data: Uint8Array | string): void {
    this.bytesSent += data.length
    if (!this.keepsBytes) return
    const bytes = typeof data === 'string' ? latin1Bytes(data) : data
    this.sent.push({ bytes, atUs: Math.round(this.#elapsedMs() * 1000) })
  }

  noteReceived(bytes: Uint8Array): void {
    if (this.bytesReceived === 0) this.reached('firstByte')
    this.bytesReceived += bytes.length
    if (this.keepsBytes) this.received.push({ bytes, atUs: Math.round(this.#elapsedMs() * 1000) })
  }

  /** What it was about when it was interrupted. */
  get phase(): string {
    const { lookedUp, connected, ready, sent, firstByte } = this.#moments
    if (firstByte !== undefined) return 'while receiving the response'
    if (sent !== undefined) return 'while waiting for the first byte'
    if (ready !== undefined) return 'while sending the request'
    if (connected !== undefined) return 'in the TLS handshake'
    return lookedUp === undefined ? 'while looking up the host' : 'while connecting'
  }

  get startedDateTime(): string {
    return new Date(this.#startedMs).toISOString()
  }

  get timings(): Timings {
    const { lookedUp, connected, ready, sent, firstByte, finished } = this.#moments
    return {
      lookup: duration(0, lookedUp),
      connect: duration(lookedUp ?? 0, connected),
      tls: this.tls && duration(connected, ready),
      send: duration(ready, sent),
      firstByte: duration(sent, firstByte),
      download: duration(firstByte, finished),
      total: duration(0, finished),
    }
  }

  get addresses(): readonly ResolvedAddress[] {
    return this.reused ? [] : this.#ends.addresses
  }

  get address(): string {
    return this.#ends.address
  }

  get port(): number {
    return this.#ends.port
  }

  get localAddress(): string {
    return this.#ends.localAddress
  }

  get localPort(): number {
    return this.#ends.localPort
  }

  get tls(): TlsSession | undefined {
    return this.#ends.tls
  }

  #elapsedMs(): number {
    const [seconds, nanoseconds] = process.hrtime(this.#startedAt)
    return seconds * 1e3 + nanoseconds / 1e6
  }
}

function duration(from: number | undefined, to: number | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined
  return Math.round(Math.max(0, to - from) * 1000) / 1000
}
