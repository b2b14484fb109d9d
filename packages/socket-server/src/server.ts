// The face that every strategy shows: where it listens, how it is doing, and an orderly end.

import { type Endpoint, formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'
import type { Connection } from './connection.ts'
import type { HandlerEvents } from './handler.ts'
import type { Listener } from './listener.ts'
import { type ListenOptions, unixEndpoint } from './options.ts'
import type { LimitOptions } from './reception.ts'
import type { ServiceOptions } from './service.ts'
import type { ServerSummary, SessionCounts, Sessions } from './sessions.ts'
import { ServerTelemetry } from './telemetry.ts'

/** What all serving strategies take. */
export interface ServerOptions<Client = Connection> extends ListenOptions, HandlerEvents<Client>, ServiceOptions {
  readonly limits?: LimitOptions | undefined
}

/** How long an end may take. */
export interface CloseOptions {
  /** How long handlers may take to finish before what is left is destroyed. Milliseconds, default 5000, or Infinity. */
  readonly graceMs?: number | undefined
  /** Aborting it ends the grace at once; the server closes all the same, so `close` resolves. */
  readonly signal?: AbortSignal | undefined
}

/** A server at this moment, in numbers. */
export interface ServerInfo extends SessionCounts {
  readonly state: 'listening' | 'suspended' | 'draining' | 'closed'
  /** Times that descriptors ran out, and failures of accept(2): each cost at most a moment, or one client. */
  readonly outOfDescriptors: number
  readonly acceptErrors: number
}

/** A server of any strategy. Its scope may close it: `await using`. */
export interface RunningServer extends AsyncDisposable {
  /** The numeric address it is bound to, the first one of several; for a Unix socket its path, and port 0. */
  readonly host: string
  readonly port: number
  readonly addresses: readonly Endpoint[]
  /** As asked for; undefined with bindOnly, which does not listen. */
  readonly backlog?: number
  /**
   * Accepts no more, serves those who wait in the backlog, lets messages in flight be answered, ends idle connections at
   * once and what is left after the grace. Calling it again may shorten the grace. RangeError for a grace that is negative
   * or no number.
   */
  close(options?: CloseOptions): Promise<void>
  /** New clients wait, in the kernel's backlog where this Node can leave them there; those being served go on. */
  suspend(): void
  resume(): void
  info(): ServerInfo
  /** Resolves when it has stopped, by itself or by `close`, and the last connection is closed. */
  readonly finished: Promise<ServerSummary>
}

/** What a server is made of. */
export interface ServerParts {
  readonly listeners: readonly Listener[]
  readonly sessions: Sessions
  /** Counts what listeners meet; without it nothing is published of them. */
  readonly telemetry?: ServerTelemetry | undefined
  /** Lets those wait who are accepted all the same. */
  readonly reception?: { suspend(): void; resume(): void } | undefined
}

/** Milliseconds, or Infinity; RangeError for what no timer can hold. */
export function graceOf({ graceMs = 5000 }: CloseOptions): number {
  if (graceMs >= 0 && (graceMs <= 0x7fff_ffff || graceMs === Infinity)) return graceMs
  throw new RangeError(`graceMs must be 0 to 2147483647 or Infinity, got ${quoted(graceMs)}`)
}

/** Each once, however many sockets listen there. */
function addressesOf(listeners: readonly Listener[]): readonly Endpoint[] {
  const endpoints = listeners.map(({ host, port }) => (port === 0 ? unixEndpoint(host) : { host, port }))
  return [...new Map(endpoints.map((endpoint) => [formatEndpoint(endpoint), endpoint])).values()]
}

/** Binds listeners and the clients they brought together. Throws `signal.reason` if it is too late already. */
export function runningServer(parts: ServerParts, signal: AbortSignal | undefined): RunningServer {
  const { listeners, sessions, reception, telemetry = new ServerTelemetry(sessions) } = parts
  let state: ServerInfo['state'] = 'listening'
  const stop = (sweep: boolean): void => {
    state = 'draining'
    reception?.resume()
    for (const listener of listeners) listener.stop({ sweep })
  }
  const cut = (): void => {
    stop(false)
    sessions.cut()
  }
  const close = async (options: CloseOptions = {}): Promise<void> => {
    const graceMs = graceOf(options)
    const { signal } = options
    if (graceMs === 0 || signal?.aborted) {
      cut()
    } else if (state === 'listening' || state === 'suspended') {
      stop(true)
      sessions.drain()
    }
    const timer = graceMs === Infinity ? undefined : setTimeout(cut, graceMs)
    signal?.addEventListener('abort', cut, { once: true })
    try {
      await finished
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cut)
    }
  }
  const onAbort = (): void => {
    close().catch(() => {}) // `finished` tells
  }
  const finished = (async () => {
    try {
      await Promise.all(listeners.map((listener) => listener.stopped))
    } finally {
      await sessions.idle()
      signal?.removeEventListener('abort', onAbort)
      state = 'closed'
      telemetry.stopped()
    }
    return sessions.summary
  })()
  finished.catch(() => {})

  if (signal?.aborted) {
    cut()
    signal.throwIfAborted()
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  const [{ host, port, backlog }] = listeners as [Listener]
  const addresses = addressesOf(listeners)
  telemetry.listening(addresses)
  return {
    host,
    port,
    addresses,
    ...(backlog === undefined ? {} : { backlog }),
    close,
    suspend() {
      if (state !== 'listening') return
      state = 'suspended'
      reception?.suspend()
      for (const listener of listeners) listener.suspend()
    },
    resume() {
      if (state !== 'suspended') return
      state = 'listening'
      for (const listener of listeners) listener.resume()
      reception?.resume()
    },
    info: () => ({ state, ...sessions.counts, ...telemetry.troubles }),
    finished,
    [Symbol.asyncDispose]: () => close(),
  }
}
