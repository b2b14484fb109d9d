// The reference page of the site, in Markdown.

import type { TableCommand } from '../command.ts'
import { say } from '../language.ts'
import { eachCommand, type Table } from '../table.ts'
import { exitStatuses } from './exit-statuses.ts'

export function markdownPage(table: Table): string {
  const commands = eachCommand(table)
  const common = commands[0]?.entry.flags.filter(({ common }) => common) ?? []
  return [
    '# plainwire',
    ...commands.flatMap(({ path, entry }) => commandPage(path, entry)),
    '',
    `## ${say({ en: 'Flags of every command', es: 'Opciones de todas las órdenes' })}`,
    '',
    ...flagTable(common),
    '',
    `## ${say({ en: 'Exit status', es: 'Estado de salida' })}`,
    '',
    `| ${say({ en: 'code', es: 'código' })} | ${say({ en: 'meaning', es: 'significado' })} |`,
    '| --- | --- |',
    ...exitStatuses().map(({ code, meaning }) => `| ${code} | ${meaning} |`),
    '',
  ].join('\n')
}

function commandPage(
  path: readonly string[],
  { brief, description, usage, operands, flags, examples }: TableCommand,
): string[] {
  const own = flags.filter(({ common }) => !common)
  const words = say({ en: '[flags]', es: '[opciones]' })
  return [
    '',
    `## plainwire ${path.join(' ')}`,
    '',
    `${brief}.`,
    '',
    '```sh',
    `plainwire ${path.join(' ')} ${words} ${usage}`.trimEnd(),
    '```',
    '',
    description.replaceAll('<', '&lt;'),
    ...(operands.length === 0 ? [] : ['', ...operands.map(({ name, brief }) => `- \`${name}\`: ${brief}`)]),
    ...(own.length === 0 ? [] : ['', ...flagTable(own)]),
    '',
    '```sh',
    ...examples,
    '```',
  ]
}

function flagTable(flags: TableCommand['flags']): string[] {
  const rows = flags.map(({ name, alias, brief, placeholder, default: fallback }) => {
    const shown = `${alias === undefined ? '' : `-${alias}, `}${name}${placeholder === undefined ? '' : ` ${placeholder}`}`
    return `| \`${shown.replaceAll('|', '\\|')}\` | ${brief} | ${fallback === undefined ? '' : `\`${fallback}\``} |`
  })
  const heading = [say({ en: 'flag', es: 'opción' }), '', say({ en: 'default', es: 'por defecto' })]
  return [`| ${heading.join(' | ')} |`, '| --- | --- | --- |', ...rows]
}
