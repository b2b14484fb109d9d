// A connection to a Unix socket: a file of this machine, or a named pipe on Windows.

import { type OnReadOpts, Socket } from 'node:net'
import { Attempt } from './attempt.ts'
import type { StepReporter } from './progress.ts'
import { quoted, type WireError } from './protocol/errors.ts'
import { Race } from './race.ts'

export interface UnixTarget {
  /** At most 107 bytes on Linux and 103 on macOS, which is less than a file's path may have. */
  readonly path: string
  /** Keep our direction open after the peer has finished its own. Default true. */
  readonly allowHalfOpen?: boolean
  /** As with TCP. */
  readonly onread?: OnReadOpts
}

/** The one attempt of a connection to a Unix socket; `elapsedMs` with fractions. */
export interface UnixStep {
  readonly step: 'attempt'
  readonly path: string
  readonly elapsedMs: number
  /** Undefined: connected. Code `abandoned`: the connect was cancelled. */
  readonly error?: WireError
}

/** What `sun_path` holds, without the zero at its end. */
const MOST_PATH_BYTES: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 107, darwin: 103 }

/** Throws TypeError or RangeError for a path that cannot be. */
export function checkUnixTarget({ path }: UnixTarget): void {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new TypeError(`path must be the path of a socket, got ${quoted(path)}`)
  }
  const most = MOST_PATH_BYTES[process.platform] ?? Infinity
  const length = Buffer.byteLength(path)
  if (length > most) throw new RangeError(`path must be at most ${most} bytes, got ${length}: ${quoted(path)}`)
}

export async function connectUnix(target: UnixTarget, progress: StepReporter<UnixStep>): Promise<Socket> {
  const { socket } = await new UnixRace([target], progress).run()
  return socket
}

/** Of one: it is for what a race does about a failure and a cancellation. */
class UnixRace extends Race<UnixTarget, UnixAttempt> {
  readonly progress: StepReporter<UnixStep>

  constructor(candidates: readonly [UnixTarget], progress: StepReporter<UnixStep>) {
    super(candidates, progress)
    this.progress = progress
  }

  protected override start({ path, allowHalfOpen = true, onread }: UnixTarget): UnixAttempt {
    return new UnixAttempt(new Socket({ allowHalfOpen, onread }), path, this)
  }

  protected override allFailed([failure]: readonly WireError[]): WireError {
    return failure as WireError
  }
}

class UnixAttempt extends Attempt {
  readonly #path: string
  readonly #race: UnixRace

  constructor(socket: Socket, path: string, race: UnixRace) {
    super(socket, { path }, race)
    this.#path = path
    this.#race = race
  }

  protected override ended(elapsedMs: number, error?: WireError): void {
    const step = { step: 'attempt', path: this.#path, elapsedMs } as const
    this.#race.progress.report(error === undefined ? step : { ...step, error })
  }
}
