// The fifteen programs as they stand in the packages, and what they print: `plainwire tour` runs each on loopback.

import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { plainwire } from './cli.ts'

export interface LessonFacts {
  readonly id: string
  /** The program's file name. */
  readonly file: string
  readonly code: string
  readonly output: string
  /** What a person types for the same. */
  readonly command: string
}

/** Of each lesson, the name by which its package exports the program. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'basics-01': '@plainwire/socket-utils/examples/basics-01-host-name',
  'basics-02': '@plainwire/socket-utils/examples/basics-02-host-by-name',
  'basics-03': '@plainwire/socket-utils/examples/basics-03-service-by-port',
  'basics-04': '@plainwire/ntp-client/examples/basics-04-time-with-library',
  'basics-05': '@plainwire/ntp-client/examples/basics-05-time-by-hand',
  'socket-01': '@plainwire/http-client/examples/socket-01-create',
  'socket-02': '@plainwire/http-client/examples/socket-02-resolve',
  'socket-03': '@plainwire/http-client/examples/socket-03-connect',
  'socket-04': '@plainwire/http-client/examples/socket-04-send',
  'socket-05': '@plainwire/http-client/examples/socket-05-receive',
  'server-01': '@plainwire/socket-server/examples/server-01-bind',
  'server-02': '@plainwire/socket-server/examples/server-02-accept',
  'server-03': '@plainwire/socket-server/examples/server-03-echo-once',
  'server-04': '@plainwire/socket-server/examples/server-04-iterative',
  'server-05': '@plainwire/socket-server/examples/server-05-thread-per-client',
}

export const LESSON_IDS = Object.keys(PROGRAMS)

export async function writeLessons(): Promise<void> {
  const commands = JSON.parse(await plainwire('lesson', 'list', '--json')) as { id: string; command: string }[]
  const reports = JSON.parse(await plainwire('tour', '--json')) as { id: string; ok: boolean; output: string }[]
  const lessons: LessonFacts[] = []
  for (const [id, program] of Object.entries(PROGRAMS)) {
    const command = commands.find((lesson) => lesson.id === id)?.command
    const report = reports.find((lesson) => lesson.id === id)
    if (command === undefined || report?.ok !== true) throw new Error(`the tour did not show lesson ${id}`)
    const source = new URL(import.meta.resolve(program))
    const code = (await readFile(source, 'utf8')).trimEnd()
    lessons.push({ id, file: basename(source.pathname), code, output: report.output, command })
  }
  await writeFile(new URL('../src/generated/lessons.json', import.meta.url), JSON.stringify(lessons, undefined, 2))
}
