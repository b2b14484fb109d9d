// A connection to a Unix socket: a file of this machine, or a named pipe on Windows.

import net from 'node:net'
import { startAttempt } from './attempt.ts'
import type { StepReporter } from './progress.ts'
import { quoted, type WireError } from './protocol/errors.ts'
import { race } from './race.ts'

export interface UnixTarget {
  /** At most 107 bytes on Linux and 103 on macOS, which is less than a file's path may have. */
  readonly path: string
  /** Keep our direction open after the peer has finished its own. Default true. */
  readonly allowHalfOpen?: boolean
  /** As with TCP. */
  readonly onread?: net.OnReadOpts
}

/** The one attempt of a connection to a Unix socket; `elapsedMs` with fractions. */
export interface UnixStep {
  readonly step: 'attempt'
  readonly path: string
  readonly elapsedMs: number
  /** Undefined: connected. Code `abandoned`: the connect was cancelled. */
  readonly error?: WireError
}

/** Throws TypeError for a path that cannot be. */
export function checkUnixTarget({ path }: UnixTarget): void {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new TypeError(`path must be the path of a socket, got ${quoted(path)}`)
  }
}

export async function connectUnix(target: UnixTarget, progress: StepReporter<UnixStep>): Promise<net.Socket> {
  const { path, allowHalfOpen = true, onread } = target
  const socket = new net.Socket({ allowHalfOpen, onread })
  const end = (elapsedMs: number, error?: WireError): void =>
    progress.report({ step: 'attempt', path, elapsedMs, ...(error && { error }) })
  try {
    const elapsedMs = await race<UnixTarget, number>(
      [target],
      (_, outcome) =>
        startAttempt(
          socket,
          { path },
          {
            connected: (elapsedMs) => outcome.succeeded(elapsedMs),
            failed(error, elapsedMs) {
              end(elapsedMs, error)
              outcome.failed(error)
            },
            givenUp: (error, elapsedMs) => end(elapsedMs, error),
          },
        ),
      progress.signal,
    )
    end(elapsedMs)
    progress.throwIfEnded(socket)
    return socket
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error
  }
}
