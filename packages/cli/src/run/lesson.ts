import { quoted } from '@plainwire/socket-utils/errors'
import type { StepFlags } from '../commands/lesson.ts'
import type { Context } from '../context.ts'
import { NegativeAnswer, UsageError } from '../exit-code.ts'
import type { CommonFlags } from '../flags.ts'
import { say } from '../language.ts'
import { LESSONS } from '../lessons/lessons.ts'
import { report } from '../lessons/report.ts'
import { stepsFor } from '../lessons/stepping.ts'

export async function runLesson(
  context: Context,
  flags: StepFlags & CommonFlags,
  id: string,
  target?: string,
): Promise<void> {
  if (id === 'list') {
    const list = LESSONS.map((lesson) => ({ id: lesson.id, title: say(lesson.title), command: lesson.command }))
    return context.answer(list, () => list.map((lesson) => `${lesson.id.padEnd(10)}${lesson.title}`))
  }
  const lesson = LESSONS.find((known) => known.id === id)
  if (lesson === undefined) {
    const where = say({ en: 'see `plainwire lesson list`', es: 'mira `plainwire lesson list`' })
    throw new UsageError(
      say({ en: `no lesson ${quoted(id)}; ${where}`, es: `no existe la lección ${quoted(id)}; ${where}` }),
    )
  }
  const silent = flags.json || flags.jsonl
  using steps = stepsFor(flags, context)
  const told = await report(lesson, {
    interruption: context.signal,
    print: silent ? undefined : context.print,
    paint: context.paint,
    target,
    steps,
  })
  if (silent) context.answer(told, () => [])
  if (told.fault !== undefined) throw new NegativeAnswer(told.fault)
}
