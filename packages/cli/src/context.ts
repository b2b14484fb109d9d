// What every command gets as `this`: where to print, and the signal that ends it.

import type { CommandContext, StricliProcess } from '@stricli/core'
import { Interrupted } from './exit-code.ts'

export interface Context extends CommandContext {
  readonly process: StricliProcess
  /** Aborts on Ctrl-C and SIGTERM, with an Interrupted as reason; every wait of a command hangs on it. */
  readonly signal: AbortSignal
  /** A line of the command's answer, on stdout. */
  readonly print: (line: string) => void
  /** Bytes of the answer as they are, on stdout; resolves when more may follow. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** A line about how it goes, on stderr. */
  readonly note: (line: string) => void
}

export function createContext(): Context {
  const { stdout, stderr, env } = process
  // Something like `plainwire tour | head -1` closes the pipe: the reader has enough, and nothing went wrong.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 23))
  stderr.on('error', () => {})
  return {
    process: { stdout, stderr, env },
    signal: interruption(),
    print: (line) => void stdout.write(`${line}\n`),
    write: (bytes) => new Promise((resolve) => stdout.write(bytes, () => resolve())),
    note: (line) => void stderr.write(`${line}\n`),
  }
}

/** The first signal asks the command to end; who asks twice wants it now. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    const reason = new Interrupted(name)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(reason.exitCode)
      controller.abort(reason)
    })
  }
  return controller.signal
}
