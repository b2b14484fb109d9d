// What every command gets as `this`: where to print, how to speak, and the signal that ends it.

import { stripVTControlCharacters, styleText } from 'node:util'
import { NetworkError } from '@plainwire/socket-utils/errors'
import type { CommandContext, StricliProcess } from '@stricli/core'
import { Interrupted, Unwritable } from './exit-code.ts'
import type { CommonFlags } from './flags.ts'
import { say } from './language.ts'

export type Style = Parameters<typeof styleText>[0]

export interface Context extends CommandContext {
  readonly process: StricliProcess
  /** Aborts on Ctrl-C, on SIGTERM, at the time-out and when nobody reads stdout any more; every wait hangs on it. */
  readonly signal: AbortSignal
  /** The same without the time-out. */
  readonly interruption: AbortSignal
  readonly flags: CommonFlags
  /** A line of the command's answer, on stdout. */
  readonly print: (line: string) => void
  /** Bytes of the answer as they are, on stdout; resolves when more may follow, or the signal aborts. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Resolves when all that was printed is with its reader; once the signal has aborted, one that does not read is not waited for. */
  readonly flush: () => Promise<void>
  /** The answer: a document where JSON was asked for, else lines. */
  readonly answer: (document: object, lines: () => Iterable<string>) => void
  /** One of many answers: a line of JSON with --jsonl, else lines. */
  readonly tell: (document: object, lines: () => Iterable<string>) => void
  /** A line about how it goes, on stderr, unless --quiet. */
  readonly note: (line: string) => void
  /** A line for who wants to know every step: on stderr, with --verbose. */
  readonly detail: (line: string) => void
  /** What went wrong, on stderr, always. */
  readonly complain: (line: string) => void
  /** In colour where stdout shows colours. */
  readonly paint: (style: Style, text: string) => string
  /** Pictures may use more than ASCII. */
  readonly unicode: boolean
  /** Columns of the terminal, or 80. */
  readonly columns: number
  /** What followed `--`, where a command runs another. */
  readonly command: readonly string[]
  /** Runs a command under the flags that all commands share; its signal aborts so long after --timeout. */
  readonly during: (flags: CommonFlags, graceMs: number, run: () => Promise<void>) => Promise<void>
}

/** Long enough for a reader that reads, and Ctrl-C is felt at once. */
const FLUSH_MS = 50

export function createContext(command: readonly string[] = []): Context {
  const { stdout, env } = process
  const interruption = new AbortController()
  let silent = false
  let flags: CommonFlags = {}
  let { signal } = interruption

  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    const reason = new Interrupted(name)
    process.on(name, () => {
      // The first one asks the command to end; who asks twice wants it now.
      if (interruption.signal.aborted) process.exit(reason.exitCode)
      interruption.abort(reason)
    })
  }
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    silent = error.code === 'EPIPE'
    interruption.abort(silent ? new Interrupted('EPIPE') : new Unwritable(`stdout: ${error.message}`))
  })
  // Made when there is something to say: most commands have an answer and no more. Where nobody reads it, it is lost.
  let opened: NodeJS.WriteStream | undefined
  const stderr = (): NodeJS.WriteStream => (opened ??= process.stderr.on('error', () => {}))

  const complain = (text: string): void => {
    if (!silent) stderr().write(text)
  }
  /** Waits for the reader no longer than until the signal aborts, and `graceMs` from there. */
  const written = (data: string | Uint8Array, graceMs: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const hanging = signal
    const giveUp = (): void => void setTimeout(resolve, graceMs)
    if (hanging.aborted) giveUp()
    hanging.addEventListener('abort', giveUp, { once: true })
    stdout.write(data, () => resolve())
    return promise.finally(() => hanging.removeEventListener('abort', giveUp))
  }
  const print = (line: string): void => void stdout.write(`${line}\n`)
  const printAll = (lines: Iterable<string>): void => {
    for (const line of lines) print(line)
  }

  return {
    process: {
      stdout,
      stderr: {
        // The framework has a line for every failure; that of a program which we ran has said why itself.
        write: (text) => {
          if (stripVTControlCharacters(text) !== '\n') complain(text)
        },
        getColorDepth: (colors) => stderr().getColorDepth?.(colors) ?? 1,
      },
      env,
    },
    get signal() {
      return signal
    },
    interruption: interruption.signal,
    get flags() {
      return flags
    },
    print,
    write: (bytes) => written(bytes, 0),
    flush: () => written('', FLUSH_MS),
    answer: (document, lines) => {
      if (flags.json || flags.jsonl) print(JSON.stringify(document, undefined, flags.jsonl ? 0 : 2))
      else printAll(lines())
    },
    tell: (document, lines) => {
      if (flags.jsonl) print(JSON.stringify(document))
      else if (!flags.json) printAll(lines())
    },
    note: (line) => {
      if (!flags.quiet) complain(`${line}\n`)
    },
    detail: (line) => {
      if (flags.verbose) complain(`${line}\n`)
    },
    complain: (line) => complain(`${line}\n`),
    paint: (style, text) => {
      if (flags.color === 'never') return text
      return styleText(style, text, { stream: stdout, validateStream: flags.color !== 'always' })
    },
    get unicode() {
      return (
        !flags.ascii &&
        env['TERM'] !== 'dumb' &&
        !/^(?:C|POSIX)$/.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '')
      )
    },
    get columns() {
      return stdout.columns || 80
    },
    command,
    async during(given, graceMs, run) {
      flags = given
      const { timeout } = given
      if (timeout === undefined || graceMs === Infinity) return run()
      const ending = new AbortController()
      const timer = setTimeout(() => ending.abort(outOfTime(timeout)), timeout + graceMs)
      // As AbortSignal.any would, whose first use alone takes half a millisecond.
      interruption.signal.addEventListener('abort', () => ending.abort(interruption.signal.reason))
      if (interruption.signal.aborted) ending.abort(interruption.signal.reason)
      signal = ending.signal
      try {
        await run()
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

function outOfTime(timeoutMs: number): NetworkError {
  return new NetworkError('timed-out', `${say({ en: 'the command', es: 'la orden' })}: timed out after ${timeoutMs} ms`)
}
