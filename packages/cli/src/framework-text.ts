// What the command framework says by itself, in both languages and in our form: one line, `plainwire: …`.

import {
  type ApplicationText,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from '@stricli/core'
import { quoted } from '@plainwire/socket-utils/errors'
import { causeOf, failureLine } from './failure.ts'
import { language, say } from './language.ts'

const messageOf = (error: unknown): string => (error instanceof Error ? causeOf(error) : String(error))

/** A choice, as the language tells it: `a, b, c`, or `a, b o c`. */
function choice(words: readonly string[]): string {
  return language === 'en' ? words.join(', ') : new Intl.ListFormat(language, { type: 'disjunction' }).format(words)
}

/** What may be meant: the framework also offers what is far from what was typed. */
function didYouMean(typed: string, words: readonly string[], dashes = ''): string {
  const near = words.filter((word) => sharesBeginning(typed, word) || distance(typed, word) <= 2)
  if (near.length === 0) return ''
  const meant = choice(near.map((word) => dashes + word))
  return say({ en: `; did you mean ${meant}?`, es: `; ¿querías decir ${meant}?` })
}

const sharesBeginning = (one: string, other: string): boolean => one.length >= 3 && other.startsWith(one.slice(0, 3))

/** How many letters have to be put in, taken out or replaced to make one word of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let index = 0; index < from.length; index++) {
    const next = [index + 1]
    for (let at = 0; at < to.length; at++) {
      const replaced = (row[at] ?? 0) + (from[index] === to[at] ? 0 : 1)
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Operands are named by their placeholder, which is in capitals or has a choice in it. */
const shownName = (name: string): string => (/^[a-z][a-z0-9-]*$/.test(name) ? `--${name}` : name)

/** What the parser of a flag or an operand complains of. It shows the value, as far as it may be shown: a URL may hold a password. */
function parseFault(name: string, input: string, exception: unknown): string {
  const fault = messageOf(exception)
  // One of few words: those that it may be say well enough which operand is meant.
  return /^(?:must be|debe ser) /.test(fault) ? `${quoted(input)} ${fault}` : `${shownName(name)}: ${fault}`
}

function usageFault(fault: string): string {
  return `plainwire: ${fault}${fault.endsWith('?') ? '' : '.'} ${say({ en: 'See --help.', es: 'Mira --help.' })}`
}

function argumentFault(error: unknown): string {
  if (!(error instanceof ArgumentScannerError)) return failureLine(error)
  return usageFault(
    formatMessageForArgumentScannerError(error, {
      AliasNotFoundError: ({ input }) => say({ en: `no flag -${input}`, es: `no existe la opción -${input}` }),
      ArgumentParseError: ({ externalFlagNameOrPlaceholder: name, input, exception }) =>
        parseFault(name, input, exception),
      EnumValidationError: ({ externalFlagName: name, input, values }) =>
        say({
          en: `--${name} "${input}": must be one of ${choice(values)}`,
          es: `--${name} "${input}": debe ser ${choice(values)}`,
        }),
      FlagNotFoundError: ({ input, corrections }) =>
        say({ en: `no flag --${input}`, es: `no existe la opción --${input}` }) +
        didYouMean(kebab(input), corrections.map(kebab), '--'),
      InvalidNegatedFlagSyntaxError: ({ externalFlagName: name, valueText }) =>
        say({
          en: `--${name} takes no value, got "${valueText}"`,
          es: `--${name} no lleva valor; llegó "${valueText}"`,
        }),
      // A switch has a value, too, for the framework.
      UnexpectedFlagError: ({ externalFlagName: name, input }) =>
        say({ en: `--${name} given twice`, es: `--${name} está repetida` }) + (input === 'true' ? '' : `: "${input}"`),
      UnexpectedPositionalError: ({ expectedCount, input }) => {
        const most =
          expectedCount === 0
            ? say({ en: 'it takes none', es: 'no admite operandos' })
            : say({ en: `at most ${expectedCount}`, es: `como mucho ${expectedCount}` })
        return say({ en: `one operand too many: "${input}" (${most})`, es: `sobra "${input}" (${most})` })
      },
      UnsatisfiedFlagError: ({ externalFlagName: name }) =>
        say({ en: `--${name} needs a value`, es: `--${name} necesita un valor` }),
      UnsatisfiedPositionalError: ({ placeholder }) =>
        say({ en: `${placeholder} is missing`, es: `falta ${placeholder}` }),
    }),
  )
}

const ours: Partial<ApplicationText> = {
  noCommandRegisteredForInput: ({ input, corrections }) => {
    if (input.startsWith('-')) {
      const meant = didYouMean(input.replace(/^-+/, ''), ['help', 'version'], '--')
      if (meant !== '') {
        return usageFault(say({ en: `no flag ${input}`, es: `no existe la opción ${input}` }) + meant)
      }
      return usageFault(say({ en: `${input} comes after the command`, es: `${input} va después de la orden` }))
    }
    return usageFault(
      say({ en: `no command "${input}"`, es: `no existe la orden "${input}"` }) +
        didYouMean(
          input,
          corrections.map((word) => word.replaceAll('`', '')),
        ),
    )
  },
  exceptionWhileParsingArguments: argumentFault,
  exceptionWhileLoadingCommandFunction: failureLine,
  exceptionWhileLoadingCommandContext: failureLine,
  exceptionWhileRunningCommand: failureLine,
  commandErrorResult: failureLine,
}

const english: Partial<ApplicationText> = {
  briefs: {
    help: 'Print this help and exit',
    helpAll: 'Print the help, hidden parts too, and exit',
    version: 'Print the version and exit',
    argumentEscapeSequence: 'What follows are operands',
  },
}

const spanish: Partial<ApplicationText> = {
  headers: { usage: 'USO', aliases: 'ALIAS', commands: 'ÓRDENES', flags: 'OPCIONES', arguments: 'OPERANDOS' },
  keywords: { default: 'por defecto =', separator: 'separador =' },
  briefs: {
    help: 'Escribe esta ayuda y termina',
    helpAll: 'Escribe la ayuda, con lo oculto, y termina',
    version: 'Escribe la versión y termina',
    argumentEscapeSequence: 'Lo que sigue son operandos',
  },
}

export const frameworkText: ApplicationText = { ...text_en, ...(language === 'es' ? spanish : english), ...ours }
