// Scripts with which shells complete plainwire's words. Everything is in the script: completing starts no program.

import type { Completes, ManualFlag, TableCommand } from '../command.ts'
import type { Shell } from '../commands/completion.ts'
import { say } from '../language.ts'
import { eachCommand, type Table } from '../table.ts'
import { bashScript } from './completion-bash.ts'
import { fishScript } from './completion-fish.ts'
import { powershellScript } from './completion-powershell.ts'
import { zshScript } from './completion-zsh.ts'

/** What may stand in a place, as a shell sees it. */
export type Candidates = 'host' | 'file' | 'nothing' | readonly string[]

export interface CompletedFlag {
  readonly names: readonly string[]
  readonly brief: string
  /** Undefined for a flag without a value. */
  readonly value: Candidates | undefined
}

export interface CompletedCommand {
  /** `serve echo`, or `get`. */
  readonly path: string
  readonly brief: string
  readonly flags: readonly CompletedFlag[]
  /** In order; the last holds for all that follow. */
  readonly operands: readonly Candidates[]
}

export interface Completed {
  readonly commands: readonly CompletedCommand[]
  /** First words with their briefs; a group's second words are in `commands`. */
  readonly first: readonly { readonly name: string; readonly brief: string; readonly isGroup: boolean }[]
}

const HELP: CompletedFlag = {
  names: ['--help', '-h'],
  brief: say({ en: 'Print this help and exit', es: 'Escribe esta ayuda y termina' }),
  value: undefined,
}

export function completed(table: Table): Completed {
  return {
    commands: eachCommand(table).map(({ path, entry }) => completedCommand(path.join(' '), entry)),
    first: Object.entries(table).map(([name, { brief, kind }]) => ({ name, brief, isGroup: kind === 'group' })),
  }
}

function completedCommand(path: string, { brief, flags, operands }: TableCommand): CompletedCommand {
  return {
    path,
    brief,
    flags: [...flags.map(completedFlag), HELP],
    operands: operands.map(({ completes }) => (completes === 'command' ? 'nothing' : completes)),
  }
}

const OF_FILES = ['--output', '--har', '--data', '--keys', '--unix-socket']

function completedFlag({ name, alias, brief, placeholder, values }: ManualFlag): CompletedFlag {
  const names = alias === undefined ? [name] : [name, `-${alias}`]
  const open: Exclude<Completes, 'command'> = OF_FILES.includes(name) ? 'file' : 'nothing'
  return { names, brief, value: placeholder === undefined ? undefined : (values ?? open) }
}

export function completionScript(shell: Shell, whole: Table): string {
  const table = completed(whole)
  switch (shell) {
    case 'bash':
      return bashScript(table)
    case 'zsh':
      return zshScript(table)
    case 'fish':
      return fishScript(table)
    case 'powershell':
      return powershellScript(table)
  }
}
