// The face that every strategy shows: where it listens, and an orderly end.

import { quoted } from '@plainwire/socket-utils/errors'
import type { Connection } from './connection.ts'
import type { HandlerEvents } from './handler.ts'
import type { Listener } from './listener.ts'
import type { ListenOptions } from './options.ts'
import type { ServerSummary, Sessions } from './sessions.ts'

/** What all serving strategies take. */
export interface ServerOptions<Client = Connection> extends ListenOptions, HandlerEvents<Client> {}

export interface CloseOptions {
  /** How long handlers may take to finish before what is left is destroyed. Milliseconds, default 5000, or Infinity. */
  readonly graceMs?: number | undefined
  /** Aborting it ends the grace at once; the server closes all the same, so `close` resolves. */
  readonly signal?: AbortSignal | undefined
}

export interface RunningServer extends AsyncDisposable {
  /** The numeric address it is bound to. */
  readonly host: string
  readonly port: number
  /** As asked for; undefined with bindOnly, which does not listen. */
  readonly backlog?: number
  /**
   * Accepts no more, lets handlers finish, destroys what is left after the grace. Clients that wait in the kernel's
   * backlog are reset. Calling it again may shorten the grace. RangeError for a grace that is negative or no number.
   */
  close(options?: CloseOptions): Promise<void>
  /** Resolves when it has stopped, by itself or by `close`, and the last connection is closed. */
  readonly finished: Promise<ServerSummary>
}

/** Binds a listener and the clients it brought together. Throws `signal.reason` if it is too late already. */
export function runningServer(listener: Listener, sessions: Sessions, signal: AbortSignal | undefined): RunningServer {
  const close = async (options: CloseOptions = {}): Promise<void> => {
    const { graceMs = 5000, signal } = options
    if (!(graceMs >= 0 && (graceMs <= 0x7fff_ffff || graceMs === Infinity))) {
      throw new RangeError(`graceMs must be 0 to 2147483647 or Infinity, got ${quoted(graceMs)}`)
    }
    listener.stop()
    const cut = (): void => sessions.cut()
    const timer = graceMs === Infinity ? undefined : setTimeout(cut, graceMs)
    signal?.addEventListener('abort', cut, { once: true })
    if (signal?.aborted) cut()
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
      await listener.stopped
    } finally {
      await sessions.idle()
      signal?.removeEventListener('abort', onAbort)
    }
    return sessions.summary
  })()
  finished.catch(() => {})

  if (signal?.aborted) {
    listener.stop()
    sessions.cut()
    signal.throwIfAborted()
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  const { host, port, backlog } = listener
  return {
    host,
    port,
    ...(backlog === undefined ? {} : { backlog }),
    close,
    finished,
    [Symbol.asyncDispose]: () => close(),
  }
}
