import { quoted } from '@plainwire/socket-utils/errors'
import { graceOf, type RunningServer } from './server.ts'

/** Which signals, and how much time the clients are given. */
export interface DrainOnSignalsOptions {
  /** Default SIGTERM and SIGINT. On Windows only SIGINT (Ctrl-C) and SIGBREAK can be had; the others never come. */
  readonly signals?: readonly NodeJS.Signals[] | undefined
  /** As for `close`. Default 5000. */
  readonly graceMs?: number | undefined
  /**
   * How long to go on serving before the drain begins: a load balancer needs a moment to notice that it should send its
   * clients elsewhere. Milliseconds, default 0.
   */
  readonly delayMs?: number | undefined
}

/**
 * One call for a program's main: the first signal drains the servers, after which the program ends by itself, if nothing
 * else keeps it; a second one ends what is left at once. Disposing of the result gives the signals back, as the end of the
 * last server does.
 */
export function drainOnSignals(
  servers: RunningServer | readonly RunningServer[],
  options: DrainOnSignalsOptions = {},
): Disposable {
  const { signals = ['SIGTERM', 'SIGINT'], graceMs = 5000, delayMs = 0 } = options
  if (!(delayMs >= 0 && delayMs <= 0x7fff_ffff)) {
    throw new RangeError(`delayMs must be 0 to 2147483647, got ${quoted(delayMs)}`)
  }
  void graceOf({ graceMs }) // when the signal comes nobody could be told
  const all: readonly RunningServer[] = 'close' in servers ? [servers] : servers
  const hurry = new AbortController()
  let delay: NodeJS.Timeout | undefined
  let draining = false
  const drain = (): void => {
    // A server that breaks down tells so by `finished`.
    for (const server of all) server.close({ graceMs, signal: hurry.signal }).catch(() => {})
  }
  const onSignal = (): void => {
    if (draining) {
      hurry.abort()
      drain()
    } else {
      draining = true
      delay = setTimeout(drain, delayMs)
    }
  }
  const giveBack = (): void => {
    clearTimeout(delay)
    for (const signal of signals) process.off(signal, onSignal)
  }
  for (const signal of signals) process.on(signal, onSignal)
  void Promise.allSettled(all.map((server) => server.finished)).then(giveBack)
  return { [Symbol.dispose]: giveBack }
}
