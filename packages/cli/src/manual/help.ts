// Help for a terminal of 80 columns, from the command table.

import type { ManualFlag, TableCommand, TableGroup } from '../command.ts'
import { say } from '../language.ts'
import { wrapped } from '../output/wrap.ts'
import type { Table } from '../table.ts'

const WIDTH = 79

const heading = {
  usage: say({ en: 'Usage', es: 'Uso' }),
  commands: say({ en: 'Commands', es: 'Órdenes' }),
  operands: say({ en: 'Operands', es: 'Operandos' }),
  flags: say({ en: 'Flags', es: 'Opciones' }),
  common: say({ en: 'Flags of every command', es: 'Opciones de todas las órdenes' }),
  examples: say({ en: 'Examples', es: 'Ejemplos' }),
}

type Row = readonly [left: string, right: string]

export function rootHelp(table: Table): string[] {
  return [
    say({
      en: 'plainwire: small network protocols, byte by byte',
      es: 'plainwire: protocolos de red pequeños, byte a byte',
    }),
    '',
    `${heading.usage}: plainwire ${say({ en: 'COMMAND [flags] [operands]', es: 'ORDEN [opciones] [operandos]' })}`,
    '',
    `${heading.commands}:`,
    ...rows(Object.entries(table).map(([name, { brief }]) => [name, brief])),
    '',
    `${heading.examples}:`,
    '  plainwire tour',
    '  plainwire get http://example.com/ --timings',
    '  plainwire time pool.ntp.org --trace',
    '',
    ...wrapped(
      say({
        en: '`plainwire COMMAND --help` says more of a command, `plainwire explain 28` what an exit status means, `--version` which one this is.',
        es: '`plainwire ORDEN --help` da más detalles de una orden, `plainwire explain 28` dice qué es un estado de salida, `--version` qué versión es esta.',
      }),
      WIDTH,
    ),
  ]
}

export function groupHelp(name: string, { brief, commands }: TableGroup): string[] {
  return [
    brief,
    '',
    `${heading.usage}: plainwire ${name} ${Object.keys(commands).join('|')} …`,
    '',
    `${heading.commands}:`,
    ...rows(Object.entries(commands).map(([verb, entry]) => [`${name} ${verb}`, entry.brief])),
    '',
    `${heading.examples}:`,
    ...Object.values(commands).flatMap(({ examples }) => examples.slice(0, 1).map((example) => `  ${example}`)),
  ]
}

export function commandHelp(path: readonly string[], entry: TableCommand): string[] {
  const own = entry.flags.filter(({ common }) => !common)
  const common = entry.flags.filter(({ common }) => common)
  const usage = say({ en: '[flags]', es: '[opciones]' })
  return [
    ...wrapped(`${heading.usage}: plainwire ${path.join(' ')} ${usage} ${entry.usage}`.trimEnd(), WIDTH),
    '',
    entry.brief,
    '',
    ...wrapped(entry.description, WIDTH),
    ...section(
      heading.operands,
      entry.operands.map(({ name, brief }) => [name, brief]),
    ),
    ...section(heading.flags, own.map(flagRow)),
    ...section(heading.common, [
      ...common.map(flagRow),
      ['-h, --help', say({ en: 'Print this help and exit', es: 'Escribe esta ayuda y termina' })],
    ]),
    '',
    `${heading.examples}:`,
    ...entry.examples.map((example) => `  ${example}`),
  ]
}

function flagRow({ name, alias, brief, placeholder, default: fallback }: ManualFlag): Row {
  const shown = `${alias === undefined ? '    ' : `-${alias}, `}${name}${placeholder === undefined ? '' : ` ${placeholder}`}`
  const otherwise = fallback === undefined ? '' : ` [${fallback}]`
  return [shown, `${brief}${otherwise}`]
}

function section(title: string, content: readonly Row[]): string[] {
  return content.length === 0 ? [] : ['', `${title}:`, ...rows(content)]
}

/** Two columns; where the left one is too wide the right one goes below it. */
function rows(content: readonly Row[]): string[] {
  const least = Math.max(...content.map(([left]) => left.length))
  const column = Math.min(least, 26)
  return content.flatMap(([left, right]) => {
    const lines = wrapped(right, WIDTH - column - 4)
    const margin = ' '.repeat(column + 4)
    if (left.length > column) return [`  ${left}`, ...lines.map((line) => margin + line)]
    return lines.map((line, index) => (index === 0 ? `  ${left.padEnd(column)}  ${line}` : margin + line))
  })
}
