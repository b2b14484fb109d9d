// A line of the command table: what a person can type, as data. The parser, the help, the completions, the man page and
// the reference page of the site all come from it; what a command does is loaded when it is called.

import { buildCommand, type Command, type CommandFunction, type FlagParametersForType } from '@stricli/core'
import type { Context } from './context.ts'
import { type CommonFlags, commonFlags, type Output } from './flags.ts'
import { type Localized, say } from './language.ts'

/** What a shell may offer where an operand stands. */
export type Completes = 'host' | 'file' | 'command' | 'nothing' | readonly string[]

export interface Operand<T = unknown> {
  /** As it stands in the usage line, such as `SERVER`. */
  readonly name: Localized
  readonly brief: Localized
  readonly completes: Completes
  /** TypeError or RangeError, in the person's language, for what it cannot be. */
  readonly parse: (text: string) => T | Promise<T>
  readonly default?: string
  readonly optional?: boolean
}

/** What a command does. */
export type Run<FLAGS extends object, ARGS extends readonly unknown[]> = (
  context: Context,
  flags: FLAGS & CommonFlags,
  ...args: ARGS
) => Promise<void>

/** What a command has beyond what every command has. */
export interface CommandSpec<FLAGS extends object, ARGS extends readonly unknown[]> {
  readonly brief: Localized
  readonly description: Localized
  /** The operands in the usage line: `[URL]`. */
  readonly usage: Localized
  /** Command lines that work as they stand, the best first. */
  readonly examples: readonly string[]
  readonly output: Output
  readonly operands?: { readonly [K in keyof ARGS]: Operand<NonNullable<ARGS[K]>> }
  /** In place of `operands`: as many as one likes of one kind. */
  readonly rest?: Operand<ARGS[number]> & { readonly minimum?: number }
  readonly flags: FlagParametersForType<FLAGS, Context>
  readonly aliases?: Readonly<Record<string, keyof FLAGS & string>>
  /** For the whole command unless --timeout says otherwise; undefined: as long as it takes. */
  readonly timeout?: string
  /** Whether --timeout is for something less than the whole. */
  readonly endless?: (flags: FLAGS) => boolean
  readonly load: () => Promise<Run<FLAGS, ARGS>>
}

/** A flag as the manual shows it. */
export interface ManualFlag {
  readonly name: string
  readonly alias: string | undefined
  readonly brief: string
  /** Undefined for a flag without a value. */
  readonly placeholder: string | undefined
  readonly values: readonly string[] | undefined
  readonly default: string | undefined
  /** Every command has it. */
  readonly common: boolean
}

export interface TableCommand {
  readonly kind: 'command'
  readonly brief: string
  readonly description: string
  readonly usage: string
  readonly examples: readonly string[]
  readonly output: Output
  readonly operands: readonly { readonly name: string; readonly brief: string; readonly completes: Completes }[]
  readonly flags: readonly ManualFlag[]
  readonly command: Command<Context>
}

export interface TableGroup {
  readonly kind: 'group'
  readonly brief: string
  readonly commands: Readonly<Record<string, TableCommand>>
}

export function defineCommand<FLAGS extends object = object, ARGS extends readonly unknown[] = []>(
  spec: CommandSpec<FLAGS, ARGS>,
): TableCommand {
  const common = commonFlags(spec.output, spec.timeout)
  const flags = { ...spec.flags, ...common.flags } as unknown as FrameworkFlags
  const aliases = { ...spec.aliases, ...common.aliases } as Readonly<Record<string, string>>
  // The framework's types follow each flag from its parser to the function; generic as we are here they cannot.
  const build = buildCommand as unknown as (args: object) => Command<Context>
  const operands: readonly Operand[] = spec.rest ? [spec.rest] : (spec.operands ?? [])
  const positional = spec.rest
    ? { kind: 'array', parameter: positionalOf(spec.rest), minimum: spec.rest.minimum ?? 1 }
    : { kind: 'tuple', parameters: operands.map(positionalOf) }
  return {
    kind: 'command',
    brief: say(spec.brief),
    description: say(spec.description),
    usage: say(spec.usage),
    examples: spec.examples,
    output: spec.output,
    operands: operands.map(({ name, brief, completes }) => ({ name: say(name), brief: say(brief), completes })),
    get flags() {
      return manualFlags(flags, aliases, new Set(Object.keys(common.flags)))
    },
    get command() {
      return build({
        docs: { brief: say(spec.brief) },
        parameters: { flags, aliases, positional },
        loader: async () => within(await spec.load(), spec),
      })
    },
  }
}

function positionalOf({ name, brief, parse, default: fallback, optional }: Operand): object {
  return {
    parse,
    placeholder: say(name),
    brief: say(brief),
    ...(fallback !== undefined && { default: fallback }),
    ...(optional && { optional }),
  }
}

/** What has a time-out by default hands it to its package, whose error knows what was waited for: this is for the rest. */
const BACKSTOP_MS = 2000

/** The command's own function, told by the flags that all commands share how to speak and when to give up. */
function within<FLAGS extends object, ARGS extends readonly unknown[]>(
  run: Run<FLAGS, ARGS>,
  { endless, timeout }: Pick<CommandSpec<FLAGS, ARGS>, 'endless' | 'timeout'>,
): CommandFunction<never, ARGS, Context> {
  return async function (this: Context, flags: FLAGS & CommonFlags, ...args: ARGS) {
    const graceMs = endless?.(flags) ? Infinity : timeout === undefined ? 0 : BACKSTOP_MS
    await this.during(flags, graceMs, () => run(this, flags, ...args))
  }
}

type FrameworkFlags = Readonly<
  Record<
    string,
    {
      readonly kind: 'boolean' | 'counter' | 'enum' | 'parsed'
      readonly brief: string
      readonly placeholder?: string
      readonly values?: readonly string[]
      readonly default?: unknown
    }
  >
>

function manualFlags(
  flags: FrameworkFlags,
  aliases: Readonly<Record<string, string>>,
  common: ReadonlySet<string>,
): ManualFlag[] {
  return Object.entries(flags).map(([key, { kind, brief, placeholder, values, default: fallback }]) => ({
    name: `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    alias: Object.keys(aliases).find((letter) => aliases[letter] === key),
    brief,
    placeholder: kind === 'boolean' || kind === 'counter' ? undefined : (values?.join('|') ?? placeholder ?? 'VALUE'),
    values,
    default: typeof fallback === 'string' ? fallback : undefined,
    common: common.has(key),
  }))
}
