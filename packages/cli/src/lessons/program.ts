// A lesson's program, run as a person would: by Node, with its target as the one argument, its output read by line.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Interrupted, NegativeAnswer } from '../exit-code.ts'
import { say } from '../language.ts'
import { moduleFile } from '../module-file.ts'

/** Disposing of it ends it, if it has not ended by itself, and waits until it is gone. */
export interface Program extends AsyncDisposable {
  /** The next line that matches, printed already or not yet; each line is given out once. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** Everything it printed, once it has ended. NegativeAnswer with its last complaint if it failed, Interrupted. */
  finished(): Promise<string>
  /** Ctrl-C, as a person would end a server. */
  interrupt(): Promise<void>
}

/** Starts it; when the signal aborts it is ended, and what waits for it rejects with the signal's reason. */
export function startProgram(
  name: string,
  target: string,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Program {
  signal.throwIfAborted()
  const child = spawn(process.execPath, [fileURLToPath(moduleFile(name)), target], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const unread: string[] = []
  const complaints: string[] = []
  const waiting = new Set<() => void>()
  let ended = false
  let fault: Error | undefined

  const end = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', end, { once: true })
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      fault = error
    })
    child.once('close', (code, killedBy) => {
      signal.removeEventListener('abort', end)
      // Ctrl-C reaches the whole group, and the program may be gone before we have heard of it.
      if (killedBy === 'SIGINT' || killedBy === 'SIGTERM') fault ??= new Interrupted(killedBy)
      // Node puts the error's class before its message.
      const complaint = complaints.at(-1)?.replace(/^(?:[A-Z]\w*)?Error: /, '')
      if (code !== 0) fault ??= new NegativeAnswer(complaint ?? endedWith(code ?? killedBy))
      ended = true
      resolve()
      wake()
    })
  })
  const wake = (): void => {
    for (const check of [...waiting]) check()
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    unread.push(line)
    onLine(line)
    wake()
  })
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line))

  return {
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const at = unread.findIndex((line) => pattern.test(line))
          const match = pattern.exec(unread[at] ?? '')
          if (at === -1 || match === null) {
            if (!ended) return
            reject(signal.aborted ? (signal.reason as Error) : (fault ?? new NegativeAnswer(missing(pattern))))
          } else {
            unread.splice(at, 1)
            resolve(match)
          }
          waiting.delete(check)
        }
        waiting.add(check)
        check()
      }),
    async finished() {
      await exited
      signal.throwIfAborted()
      if (fault) throw fault
      return lines.join('\n')
    },
    async interrupt() {
      child.kill('SIGINT')
      await exited
      signal.throwIfAborted()
    },
    async [Symbol.asyncDispose]() {
      end()
      await exited
    },
  }
}

function endedWith(code: number | string | null): string {
  return say({ en: `the program ended with ${code}`, es: `el programa terminó con ${code}` })
}

function missing(pattern: RegExp): string {
  return say({ en: `the program did not print ${pattern}`, es: `el programa no escribió ${pattern}` })
}
