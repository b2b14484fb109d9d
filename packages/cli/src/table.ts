// The command table. Everything that a person can type is reached from here, and nothing is parsed elsewhere.

import type { TableCommand, TableGroup } from './command.ts'

/** By the first word of the command line. */
export type Table = Readonly<Record<string, TableCommand | TableGroup>>

/** Each is made when it is asked for: to make them all takes longer than most commands do. */
const COMMANDS: Readonly<Record<string, () => Promise<TableCommand | TableGroup>>> = {
  host: async () => (await import('./commands/host.ts')).host,
  resolve: async () => (await import('./commands/resolve.ts')).resolve,
  service: async () => (await import('./commands/service.ts')).service,
  port: async () => (await import('./commands/port.ts')).port,
  time: async () => (await import('./commands/time.ts')).time,
  get: async () => (await import('./commands/get.ts')).get,
  serve: async () => (await import('./commands/serve.ts')).serve,
  bench: async () => (await import('./commands/bench.ts')).bench,
  dissect: async () => (await import('./commands/dissect.ts')).dissect,
  lesson: async () => (await import('./commands/lesson.ts')).lesson,
  tour: async () => (await import('./commands/tour.ts')).tour,
  explain: async () => (await import('./commands/explain.ts')).explain,
  completion: async () => (await import('./commands/completion.ts')).completion,
  man: async () => (await import('./commands/man.ts')).man,
}

/** The whole table, or of it the one command that `called` names, if it does. */
export async function loadTable(called?: string): Promise<Table> {
  const commands = Object.entries(COMMANDS)
  const wanted = commands.filter(([name]) => name === called)
  const made = (wanted.length > 0 ? wanted : commands).map(async ([name, make]) => [name, await make()] as const)
  return Object.fromEntries(await Promise.all(made))
}

/** Each command with the words that call it. */
export function eachCommand(table: Table): { readonly path: readonly string[]; readonly entry: TableCommand }[] {
  return Object.entries(table).flatMap(([name, entry]) =>
    entry.kind === 'command'
      ? [{ path: [name], entry }]
      : Object.entries(entry.commands).map(([verb, command]) => ({ path: [name, verb], entry: command })),
  )
}
