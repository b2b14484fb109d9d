// The fifteen programs as they stand in the packages, and what they print: `plainwire tour` runs each on loopback.

import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { plainwire } from './cli.ts'
import { failures, type Failure } from './failures.ts'
import { PROGRAMS } from './programs.ts'

export interface LessonFacts {
  readonly id: string
  /** The program's file name. */
  readonly file: string
  readonly code: string
  readonly output: string
  /** What a person types for the same. */
  readonly command: string
  /** Where it was sent to fail, if it can, and what it said. */
  readonly failure?: Pick<Failure, 'typed' | 'printed'>
}

export async function writeLessons(): Promise<void> {
  const [list, tour, failed] = await Promise.all([
    plainwire('lesson', 'list', '--json'),
    plainwire('tour', '--json'),
    failures(),
  ])
  const commands = JSON.parse(list) as { id: string; command: string }[]
  const reports = JSON.parse(tour) as { id: string; ok: boolean; output: string }[]
  const lessons: LessonFacts[] = []
  for (const [id, program] of Object.entries(PROGRAMS)) {
    const command = commands.find((lesson) => lesson.id === id)?.command
    const report = reports.find((lesson) => lesson.id === id)
    if (command === undefined || report?.ok !== true) throw new Error(`the tour did not show lesson ${id}`)
    const source = new URL(import.meta.resolve(program))
    const code = (await readFile(source, 'utf8')).trimEnd()
    const failure = failed.find((lesson) => lesson.id === id)
    const facts = { id, file: basename(source.pathname), code, output: report.output, command }
    lessons.push(failure === undefined ? facts : { ...facts, failure })
  }
  await writeFile(new URL('../src/generated/lessons.json', import.meta.url), JSON.stringify(lessons, undefined, 2))
}
