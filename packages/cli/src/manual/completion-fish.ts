import { say } from '../language.ts'
import type { Candidates, Completed, CompletedCommand } from './completion-scripts.ts'

const VERSION = say({ en: 'Print the version and exit', es: 'Escribe la versión y termina' })

export function fishScript({ commands, first }: Completed): string {
  const groups = first.filter(({ isGroup }) => isGroup).map(({ name }) => name)
  return [
    '# fish completion of plainwire',
    'function __plainwire_words',
    '  commandline -opc | string match -v -- "-*"',
    'end',
    'function __plainwire_path',
    '  set -l words (__plainwire_words)',
    '  set -e words[1]',
    '  test (count $words) -ge (count $argv); or return 1',
    '  for at in (seq (count $argv))',
    '    test "$words[$at]" = "$argv[$at]"; or return 1',
    '  end',
    'end',
    'function __plainwire_place',
    '  test (count (__plainwire_words)) -eq $argv[1]',
    'end',
    'function __plainwire_from',
    '  test (count (__plainwire_words)) -ge $argv[1]',
    'end',
    'complete -c plainwire -f',
    `complete -c plainwire -n "__plainwire_place 1" -l version -s V -d ${quoted(VERSION)}`,
    ...first.map(({ name, brief }) => `complete -c plainwire -n "__plainwire_place 1" -a ${name} -d ${quoted(brief)}`),
    ...groups.flatMap((group) =>
      commands
        .filter(({ path }) => path.startsWith(`${group} `))
        .map(
          ({ path, brief }) =>
            `complete -c plainwire -n "__plainwire_path ${group}; and __plainwire_place 2" -a ${path.slice(group.length + 1)} -d ${quoted(brief)}`,
        ),
    ),
    ...commands.flatMap(ofCommand),
    '',
  ].join('\n')
}

function ofCommand({ path, flags, operands }: CompletedCommand): string[] {
  const here = `__plainwire_path ${path}`
  const words = path.split(' ').length
  return [
    ...flags.map(({ names, brief, value }) => {
      const shown = names
        .map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
        .join(' ')
      const takes = value === undefined ? '' : value === 'file' ? ' -r -F' : ` -x${list(value)}`
      return `complete -c plainwire -n "${here}" ${shown}${takes} -d ${quoted(brief)}`
    }),
    ...operands.flatMap((place, index) => {
      const last = index === operands.length - 1
      const at = `${last ? '__plainwire_from' : '__plainwire_place'} ${words + 1 + index}`
      if (place === 'nothing') return []
      return [`complete -c plainwire -n "${here}; and ${at}" ${place === 'file' ? '-F' : list(place).trim()}`]
    }),
  ]
}

function list(candidates: Candidates): string {
  if (candidates === 'host') return ' -a "(__fish_print_hostnames)"'
  return typeof candidates === 'string' ? '' : ` -a ${quoted(candidates.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
