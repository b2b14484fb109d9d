// What every command gets as `this`: where to print, and the signal that ends it.

import type { CommandContext, StricliProcess } from '@stricli/core'
import { Interrupted, Unwritable } from './exit-code.ts'

export interface Context extends CommandContext {
  readonly process: StricliProcess
  /** Aborts on Ctrl-C, on SIGTERM and when nobody reads stdout any more; every wait of a command hangs on it. */
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
  const controller = new AbortController()
  let silent = false

  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    const reason = new Interrupted(name)
    process.on(name, () => {
      // The first one asks the command to end; who asks twice wants it now.
      if (controller.signal.aborted) process.exit(reason.exitCode)
      controller.abort(reason)
    })
  }
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    silent = error.code === 'EPIPE'
    controller.abort(silent ? new Interrupted('EPIPE') : new Unwritable(`stdout: ${error.message}`))
  })
  stderr.on('error', () => {}) // where nobody reads them, words about how it goes are lost

  const note = (text: string): void => {
    if (!silent) stderr.write(text)
  }
  return {
    process: { stdout, stderr: { write: note, getColorDepth: (colors) => stderr.getColorDepth?.(colors) ?? 1 }, env },
    signal: controller.signal,
    print: (line) => void stdout.write(`${line}\n`),
    write: (bytes) => new Promise((resolve) => stdout.write(bytes, () => resolve())),
    note: (line) => note(`${line}\n`),
  }
}
