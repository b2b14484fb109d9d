// The manual page, in mdoc: one page for all commands, as `mandoc -Tlint` wants it.

import type { TableCommand } from '../command.ts'
import { say } from '../language.ts'
import { eachCommand, type Table } from '../table.ts'
import { exitStatuses } from './exit-statuses.ts'

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** `date` is the page's own: of the release, so that two builds of one version are the same. */
export function mdocPage(table: Table, date: Date): string {
  const day = `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`
  const commands = eachCommand(table)
  const common = commands[0]?.entry.flags.filter(({ common }) => common) ?? []
  const lines = [
    `.Dd ${day}`,
    '.Dt PLAINWIRE 1',
    '.Os',
    '.Sh NAME',
    '.Nm plainwire',
    `.Nd ${escaped(say({ en: 'small network protocols, byte by byte', es: 'protocolos de red pequeños, byte a byte' }))}`,
    '.Sh SYNOPSIS',
    ...Object.keys(table).flatMap((name) => ['.Nm', `.Cm ${name}`, '.Op Ar ...']),
    '.Sh DESCRIPTION',
    ...paragraph(
      say({
        en: 'Answers go to stdout, everything else to stderr. Stdin is read for - alone. Without a server, time and get ask one that they start themselves on 127.0.0.1.',
        es: 'Las respuestas van a stdout, todo lo demás a stderr. De stdin solo se lee con -. Sin servidor, time y get preguntan a uno que arrancan ellos mismos en 127.0.0.1.',
      }),
    ),
    '.Pp',
    ...paragraph(say({ en: 'Every command takes these flags:', es: 'Todas las órdenes admiten estas opciones:' })),
    ...flagList(common),
    ...commands.flatMap(({ path, entry }) => commandSection(path, entry)),
    '.Sh ENVIRONMENT',
    '.Bl -tag -width Ds',
    ...entry(
      'Ev PLAINWIRE_LANG',
      say({ en: 'The language, before the locale.', es: 'El idioma, antes que el del sistema.' }),
    ),
    ...entry(
      'Ev NO_COLOR',
      say({ en: 'No colours, unless a flag wants them.', es: 'Sin colores, salvo que una opción los pida.' }),
    ),
    '.El',
    '.Sh EXIT STATUS',
    '.Bl -tag -width Ds',
    ...exitStatuses().flatMap(({ code, meaning }) => entry(`Li ${code}`, meaning)),
    '.El',
    '.Sh EXAMPLES',
    ...commands.flatMap(({ entry: { examples } }) =>
      examples.slice(0, 1).flatMap((example) => ['.Bd -literal -compact', escaped(example), '.Ed']),
    ),
  ]
  return `${lines.join('\n')}\n`
}

function commandSection(path: readonly string[], command: TableCommand): string[] {
  const own = command.flags.filter(({ common }) => !common)
  const [usage, ...operands] = [
    command.usage === '' ? [] : [`.Ar ${escaped(command.usage).replace(/ (.*)\]$/, ' $1]\\&')}`],
    ...command.operands,
  ]
  return [
    `.Ss plainwire ${path.join(' ')}`,
    `.Nm plainwire Cm ${path.join(' ')}`.replace(' Cm', '\n.Cm').replace('.Nm plainwire', '.Nm'),
    ...(usage ?? []),
    '.Pp',
    ...paragraph(command.description),
    ...(operands.length + own.length === 0 ? [] : ['.Bl -tag -width Ds']),
    ...operands.flatMap(({ name, brief }) => entry(`Ar ${escaped(name)}`, brief)),
    ...own.flatMap(flagEntry),
    ...(operands.length + own.length === 0 ? [] : ['.El']),
  ]
}

function flagList(flags: TableCommand['flags']): string[] {
  return ['.Bl -tag -width Ds', ...flags.flatMap(flagEntry), '.El']
}

function flagEntry({ name, alias, brief, placeholder, default: fallback }: TableCommand['flags'][number]): string[] {
  const value = placeholder === undefined ? '' : ` Ar ${escaped(placeholder)}`
  const short = alias === undefined ? '' : `Fl ${alias} , `
  const otherwise =
    fallback === undefined ? '' : say({ en: ` Default: ${fallback}.`, es: ` Por defecto: ${fallback}.` })
  return entry(`${short}Fl ${name.slice(1)}${value}`, `${brief}.${otherwise}`)
}

const entry = (tag: string, text: string): string[] => [`.It ${tag}`, ...paragraph(text)]

/** A sentence a line, as mdoc wants it; a line may not begin with a full stop or an apostrophe. */
function paragraph(text: string): string[] {
  return text
    .split(/(?<=[.:;?!]) +/)
    .flatMap((sentence) => folded(escaped(sentence)))
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
}

/** mandoc wants no line of more than 80 bytes, and counts a letter outside ASCII as the escape that it makes of it. */
function folded(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || widthOf(`${line} ${word}`) > 78) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}

const widthOf = (text: string): number => text.replace(/[^\x20-\x7e]/g, '\\[u0000]').length

function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('…', '...')
    .replaceAll('’', "'")
    .replaceAll('`', '\\(ga')
    .replace(/-(?=-|\w)/g, '\\-')
}
