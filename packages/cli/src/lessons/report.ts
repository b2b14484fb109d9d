// One lesson, told from beginning to end: what it is about, what its program printed, and whether it showed it.

import { basename } from 'node:path'
import { styleText } from 'node:util'
import { Interrupted, NegativeAnswer } from '../exit-code.ts'
import { failureLine } from '../failure.ts'
import { wrapped } from '../help.ts'
import { say } from '../language.ts'
import type { Lesson } from './lessons.ts'
import { type Program, startProgram } from './program.ts'

/** What `tour --json` prints of each lesson. */
export interface Report {
  readonly id: string
  readonly title: string
  readonly ok: boolean
  /** What the program printed. */
  readonly output: string
  readonly elapsedMs: number
  /** Why it is not ok. */
  readonly fault?: string
}

/** Far above what any lesson takes; it ends one that hangs. */
const DEADLINE_MS = 20_000

const TOO_LONG = say({
  en: `it took longer than ${DEADLINE_MS / 1000} s`,
  es: `tardó más de ${DEADLINE_MS / 1000} s`,
})

export interface Telling {
  /** Aborting it ends the lesson, and is thrown. */
  readonly interruption: AbortSignal
  readonly print?: ((line: string) => void) | undefined
  /** A host, URL or port of the person's own. Then the program just runs against it, for as long as it takes. */
  readonly target?: string | undefined
}

/** Plays the lesson, on servers and clients of our own unless there is a target. A lesson that fails is not `ok`. */
export async function report(lesson: Lesson, telling: Telling): Promise<Report> {
  const { interruption, print = () => {}, target } = telling
  const lines: string[] = []
  const tell = (line: string): void => {
    lines.push(line)
    print(`  ${line}`)
  }
  introduce(lesson, print)
  const startedAt = performance.now()
  const signal = target === undefined ? AbortSignal.any([interruption, AbortSignal.timeout(DEADLINE_MS)]) : interruption
  const programs: Program[] = []
  const run = (argument: string): Program => {
    print(styleText('dim', `  $ node ${basename(lesson.program)}.ts ${argument}`.trimEnd()))
    const program = startProgram(lesson.program, argument, signal, tell)
    programs.push(program)
    return program
  }
  let fault: string | undefined
  try {
    await (target === undefined ? lesson.play(run, signal) : run(target).finished())
  } catch (error) {
    interruption.throwIfAborted()
    if (error instanceof Interrupted) throw error
    fault = signal.aborted ? TOO_LONG : error instanceof NegativeAnswer ? error.message : failureLine(error)
  } finally {
    await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()))
  }
  print('')
  const elapsedMs = Math.round(performance.now() - startedAt)
  const output = lines.join('\n')
  return {
    id: lesson.id,
    title: say(lesson.title),
    ok: fault === undefined,
    output,
    elapsedMs,
    ...(fault && { fault }),
  }
}

/** The heading, the explanation, and the command that does the same. */
function introduce(lesson: Lesson, print: (line: string) => void): void {
  print(`${styleText('bold', lesson.id)}  ${say(lesson.title)}`)
  for (const line of wrapped(say(lesson.explanation))) print(line)
  print(`${say({ en: 'The same as a command', es: 'Lo mismo como orden' })}: ${styleText('cyan', lesson.command)}`)
}

/** The table with which a tour ends. */
export function summary(reports: readonly Report[]): string[] {
  const width = Math.max(...reports.map(({ title }) => title.length))
  return reports.map(({ id, title, ok, elapsedMs }) => {
    const verdict = ok ? styleText('green', 'ok   ') : styleText('red', say({ en: 'wrong', es: 'mal  ' }))
    return `${id.padEnd(10)}${title.padEnd(width)}  ${verdict}${String(elapsedMs).padStart(6)} ms`
  })
}
