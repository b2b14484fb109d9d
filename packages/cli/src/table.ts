// The command table. Everything that a person can type is reached from here, and nothing is parsed elsewhere.

import type { TableCommand, TableGroup } from './command.ts'
import { bench } from './commands/bench.ts'
import { completion } from './commands/completion.ts'
import { dissect } from './commands/dissect.ts'
import { explain } from './commands/explain.ts'
import { get } from './commands/get.ts'
import { host } from './commands/host.ts'
import { lesson } from './commands/lesson.ts'
import { man } from './commands/man.ts'
import { port } from './commands/port.ts'
import { resolve } from './commands/resolve.ts'
import { serve } from './commands/serve.ts'
import { service } from './commands/service.ts'
import { time } from './commands/time.ts'
import { tour } from './commands/tour.ts'

export const TABLE: Readonly<Record<string, TableCommand | TableGroup>> = {
  host,
  resolve,
  service,
  port,
  time,
  get,
  serve,
  bench,
  dissect,
  lesson,
  tour,
  explain,
  completion,
  man,
}

/** Each command with the words that call it. */
export function eachCommand(): { readonly path: readonly string[]; readonly entry: TableCommand }[] {
  return Object.entries(TABLE).flatMap(([name, entry]) =>
    entry.kind === 'command'
      ? [{ path: [name], entry }]
      : Object.entries(entry.commands).map(([verb, command]) => ({ path: [name, verb], entry: command })),
  )
}
