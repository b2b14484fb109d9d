// The command table, handed to the framework that parses what was typed.

import { type Application, buildApplication, buildRouteMap, type StricliIntegration, version } from '@stricli/core'
import type { TableCommand, TableGroup } from './command.ts'
import type { Context } from './context.ts'
import { exitCodeFor } from './failure.ts'
import { frameworkText } from './framework-text.ts'
import { say } from './language.ts'
import { commandHelp, groupHelp, rootHelp } from './manual/help.ts'
import type { Table } from './table.ts'

function route(entry: TableCommand | TableGroup) {
  if (entry.kind === 'command') return entry.command
  const routes = Object.fromEntries(Object.entries(entry.commands).map(([name, { command }]) => [name, command]))
  return buildRouteMap<string, Context>({ routes, docs: { brief: entry.brief } })
}

/** Looked up by who asks alone: every command would make an object of the whole manifest. */
async function ownVersion(): Promise<string> {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } })
  return manifest.version
}

/** Ours in place of the framework's: it needs no more than 80 columns, and gives examples. */
const helpFrom = (table: Table): StricliIntegration<Context> => ({
  flag: {
    brief: say({ en: 'Print this help and exit', es: 'Escribe esta ayuda y termina' }),
    aliases: ['h'],
    global: true,
    defaultForRouteMap: true,
    run(_, { result }) {
      const [name, verb] = result.prefix.slice(1)
      const entry = name === undefined ? undefined : table[name]
      const lines =
        entry === undefined || name === undefined
          ? rootHelp(table)
          : entry.kind === 'command'
            ? commandHelp([name], entry)
            : verb === undefined || entry.commands[verb] === undefined
              ? groupHelp(name, entry)
              : commandHelp([name, verb], entry.commands[verb])
      this.process.stdout.write(`${lines.join('\n')}\n`)
    },
  },
})

export const applicationFor = (table: Table): Application<Context> =>
  buildApplication(
    buildRouteMap<string, Context>({
      routes: Object.fromEntries(Object.entries(table).map(([name, entry]) => [name, route(entry)])),
      docs: { brief: 'plainwire' },
    }),
    {
      name: 'plainwire',
      scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
      localization: { text: frameworkText },
      determineExitCode: exitCodeFor,
    },
    {
      help: helpFrom(table),
      version: version({
        brief: say({ en: 'Print the version and exit', es: 'Escribe la versión y termina' }),
        alias: 'V',
        info: { getCurrentVersion: ownVersion },
      }),
    },
  )
