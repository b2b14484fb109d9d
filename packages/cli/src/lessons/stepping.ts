// A lesson at one's own pace: after each line that a program prints, what just happened at the socket, and a key.

import type { StepFlags } from '../commands/lesson.ts'
import type { Context } from '../context.ts'
import { Interrupted, UsageError } from '../exit-code.ts'
import type { CommonFlags } from '../flags.ts'
import { say } from '../language.ts'
import { wrapped } from '../output/wrap.ts'
import { momentAfter } from './moments.ts'

export interface Steps extends Disposable {
  /** Shows what the line means; resolves when the person wants to go on. */
  after(line: string): Promise<void>
}

const PROMPT = say({ en: 'any key: on · a: all the rest · q: quit', es: 'cualquier tecla: sigue · a: todo · q: fin' })
const CTRL_C = '\u0003'

/** Undefined without --step. UsageError where there is no terminal to press a key at. */
export function stepsFor({ step, json, jsonl }: StepFlags & CommonFlags, context: Context): Steps | undefined {
  if (!step) return undefined
  const { stdin, stdout } = process
  if (json || jsonl) {
    const flag = json ? '--json' : '--jsonl'
    throw new UsageError(say({ en: `--step and ${flag} do not go together`, es: `--step y ${flag} no van juntas` }))
  }
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new UsageError(say({ en: '--step needs a terminal', es: '--step necesita un terminal' }))
  }
  const explained = new Set<string>()
  let stopped = false

  const restore = (): void => {
    if (stdin.isRaw) stdin.setRawMode(false)
    stdin.pause()
  }
  process.once('exit', restore)

  const key = async (): Promise<string> => {
    stdin.setRawMode(true)
    stdin.resume()
    const { promise, resolve } = Promise.withResolvers<string>()
    const pressed = (bytes: Buffer): void => resolve(bytes.toString())
    const aborted = (): void => resolve(CTRL_C)
    stdin.once('data', pressed)
    stdin.once('end', aborted)
    context.signal.addEventListener('abort', aborted, { once: true })
    try {
      return await promise
    } finally {
      stdin.off('data', pressed)
      stdin.off('end', aborted)
      context.signal.removeEventListener('abort', aborted)
      restore()
    }
  }

  return {
    async after(line) {
      const moment = momentAfter(line)
      if (stopped || moment === undefined || explained.has(say(moment))) return
      explained.add(say(moment))
      for (const text of wrapped(say(moment), 74)) context.print(context.paint('yellow', `    ${text}`))
      stdout.write(context.paint('dim', `    ${PROMPT}`))
      const pressed = await key()
      stdout.write('\r\u001b[K')
      // In raw mode the terminal sends no signal: the key is ours to obey.
      if (pressed === CTRL_C || pressed === 'q') throw new Interrupted('SIGINT')
      if (pressed === 'a') stopped = true
    },
    [Symbol.dispose]() {
      process.removeListener('exit', restore)
      restore()
    },
  }
}
