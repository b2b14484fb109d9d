// What was typed, in the words and the order that the command framework knows.

import { commonFlags } from './flags.ts'
import { loadTable } from './table.ts'

/** All spellings of the flags that every command has: those that are there or not, or those that take a value. */
function spellings(areSwitches: boolean): string[] {
  const { flags, aliases } = commonFlags('either', undefined)
  const names = Object.entries(flags).flatMap(([name, flag]) =>
    (flag.kind === 'boolean') === areSwitches ? [name] : [],
  )
  const letters = Object.entries(aliases).flatMap(([letter, name]) => (names.includes(name) ? [`-${letter}`] : []))
  return [...names.map((name) => `--${name}`), ...letters]
}

/**
 * `port wait HOST:PORT -- CMD…`: what follows `--` is not ours to read. `-4` and `-6` are flags, though no letters; and
 * `help get` is what people try first.
 */
export async function partedFromCommand(typed: readonly string[]): Promise<{
  readonly words: string[]
  readonly command: readonly string[]
}> {
  const args = await withValuesApart(await withCommonFlagsBehind(typed))
  if (args[0] === 'port' && args[1] === 'wait' && args.includes('--')) {
    const at = args.indexOf('--')
    return { words: args.slice(0, at), command: args.slice(at + 1) }
  }
  if (args[0] === 'help') return { words: [...args.slice(1), '--help'], command: [] }
  const families: Readonly<Record<string, string>> = { '-4': '--ipv4', '-6': '--ipv6' }
  const takesFamily = args[0] === 'resolve' || args[0] === 'get'
  return { words: args.map((word) => (takesFamily && families[word]) || word), command: [] }
}

/** `-XPOST`, `-t2s`, as curl and others take them: the framework would read so many switches, or an operand. */
async function withValuesApart(args: readonly string[]): Promise<readonly string[]> {
  if (!args.some((word) => /^-[a-zA-Z][^=]/.test(word))) return args
  const [name = '', verb = ''] = args
  const entry = (await loadTable(name))[name]
  const flags = (entry?.kind === 'group' ? entry.commands[verb] : entry)?.flags ?? []
  const takeValues = flags.filter(({ placeholder }) => placeholder !== undefined)
  const letters = takeValues.flatMap(({ alias }) => (alias === undefined ? [] : [`-${alias}`]))
  const names = [...letters, ...takeValues.map((flag) => flag.name)]
  const apart: string[] = []
  for (const [index, word] of args.entries()) {
    if (word === '--') return [...apart, ...args.slice(index)]
    const letter = word.slice(0, 2)
    const isValue = names.includes(args[index - 1] ?? '')
    if (!isValue && word.length > 2 && word[2] !== '=' && letters.includes(letter)) apart.push(letter, word.slice(2))
    else apart.push(word)
  }
  return apart
}

/** `plainwire --lang es host`: the flags of every command may stand before it, too; the framework knows them behind it. */
async function withCommonFlagsBehind(args: readonly string[]): Promise<readonly string[]> {
  if (!args[0]?.startsWith('-')) return args
  const switches = spellings(true)
  const values = spellings(false)
  let at = 0
  for (let word = args[at]; word !== undefined; word = args[at]) {
    if (values.includes(word)) at += 2
    else if (switches.includes(word) || values.some((flag) => word.startsWith(`${flag}=`))) at += 1
    else break
  }
  const [name, ...operands] = args.slice(at)
  if (at === 0) return args
  // Help and version are nobody's: what language they speak has been seen to by now.
  if (name === undefined || ['--help', '-h', '--version', '-V'].includes(name)) return args.slice(at)
  const table = await loadTable(name)
  if (!Object.hasOwn(table, name)) return args
  const verb = table[name]?.kind === 'group' ? operands.splice(0, 1) : []
  return [name, ...verb, ...args.slice(0, at), ...operands]
}
