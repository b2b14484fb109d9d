import type { StepFlags } from '../commands/lesson.ts'
import type { Context } from '../context.ts'
import { NegativeAnswer } from '../exit-code.ts'
import type { CommonFlags } from '../flags.ts'
import { LESSONS } from '../lessons/lessons.ts'
import { type Report, report, summary } from '../lessons/report.ts'
import { stepsFor } from '../lessons/stepping.ts'

export async function runTour(context: Context, flags: StepFlags & CommonFlags): Promise<void> {
  const print = flags.json || flags.jsonl ? undefined : context.print
  const reports: Report[] = []
  using steps = stepsFor(flags, context)
  for (const lesson of LESSONS) {
    const told = await report(lesson, { interruption: context.signal, print, paint: context.paint, steps })
    if (flags.jsonl) context.tell(told, () => [])
    reports.push(told)
  }
  if (!flags.jsonl) context.answer(reports, () => summary(reports, context.paint))

  const wrong = reports.flatMap(({ id, fault }) => (fault === undefined ? [] : [`${id}: ${fault}`]))
  if (wrong.length > 0) throw new NegativeAnswer(wrong.join('; '))
}
