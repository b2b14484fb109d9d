// One lesson, told from beginning to end: what it is about, what its program printed, and whether it showed it.

import { basename } from 'node:path'
import { Interrupted, NegativeAnswer } from '../exit-code.ts'
import type { Context } from '../context.ts'
import { failureLine } from '../failure.ts'
import { wrapped } from '../output/wrap.ts'
import { say } from '../language.ts'
import type { Lesson } from './lessons.ts'
import { type Program, startProgram } from './program.ts'
import type { Steps } from './stepping.ts'

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
  readonly paint: Context['paint']
  /** A host, URL or port of the person's own. Then the program just runs against it, for as long as it takes. */
  readonly target?: string | undefined
  /** Lines are shown one after the other, as the person goes on; the programs do not wait for that. */
  readonly steps?: Steps | undefined
}

/** Plays the lesson, on servers and clients of our own unless there is a target. A lesson that fails is not `ok`. */
export async function report(lesson: Lesson, telling: Telling): Promise<Report> {
  const { print = () => {}, paint, target, steps } = telling
  const quit = new AbortController()
  const interruption = AbortSignal.any([telling.interruption, quit.signal])
  const lines: string[] = []
  let shown = Promise.resolve()
  const inTurn = (show: () => Promise<void> | void): void => {
    if (steps === undefined) return void show()
    shown = shown
      .then(async () => {
        if (!interruption.aborted) await show()
      })
      .catch((error: unknown) => quit.abort(error))
  }
  const tell = (line: string): void => {
    lines.push(line)
    inTurn(async () => {
      print(`  ${line}`)
      await steps?.after(line)
    })
  }
  introduce(lesson, print, paint)
  const startedAt = performance.now()
  const signal = target === undefined ? AbortSignal.any([interruption, AbortSignal.timeout(DEADLINE_MS)]) : interruption
  const programs: Program[] = []
  const run = (argument: string): Program => {
    inTurn(() => print(paint('dim', `  $ node ${basename(lesson.program)}.ts ${argument}`.trimEnd())))
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
  const elapsedMs = Math.round(performance.now() - startedAt)
  await shown
  interruption.throwIfAborted()
  print('')
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
function introduce(lesson: Lesson, print: (line: string) => void, paint: Context['paint']): void {
  print(`${paint('bold', lesson.id)}  ${say(lesson.title)}`)
  for (const line of wrapped(say(lesson.explanation))) print(line)
  print(`${say({ en: 'The same as a command', es: 'Lo mismo como orden' })}: ${paint('cyan', lesson.command)}`)
}

/** The table with which a tour ends. */
export function summary(reports: readonly Report[], paint: Context['paint']): string[] {
  const width = Math.max(...reports.map(({ title }) => title.length))
  return reports.map(({ id, title, ok, elapsedMs }) => {
    const verdict = ok ? paint('green', 'ok   ') : paint('red', say({ en: 'wrong', es: 'mal  ' }))
    return `${id.padEnd(10)}${title.padEnd(width)}  ${verdict}${String(elapsedMs).padStart(6)} ms`
  })
}
