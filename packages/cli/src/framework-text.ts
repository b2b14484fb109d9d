// What the command framework says by itself, in both languages and in our form: one line, `plainwire: …`.

import {
  type ApplicationText,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from '@stricli/core'
import { causeOf, failureLine } from './failure.ts'
import { language, say } from './language.ts'

const messageOf = (error: unknown): string => (error instanceof Error ? causeOf(error) : String(error))
const list = (words: readonly string[]): string => words.join(', ')
const didYouMean = (words: readonly string[]): string =>
  words.length === 0 ? '' : say({ en: `; did you mean ${list(words)}?`, es: `; ¿querías decir ${list(words)}?` })

/** Operands are named by their placeholder, which is in capitals. */
const shownName = (name: string): string => (/^[a-z]/.test(name) ? `--${name}` : name)

function usageFault(fault: string): string {
  return `plainwire: ${fault}${fault.endsWith('?') ? '' : '.'} ${say({ en: 'See --help.', es: 'Mira --help.' })}`
}

function argumentFault(error: unknown): string {
  if (!(error instanceof ArgumentScannerError)) return failureLine(error)
  return usageFault(
    formatMessageForArgumentScannerError(error, {
      AliasNotFoundError: ({ input }) => say({ en: `no flag -${input}`, es: `no hay opción -${input}` }),
      // The fault shows the value, as far as it may be shown: a URL may hold a password.
      ArgumentParseError: ({ externalFlagNameOrPlaceholder: name, exception }) =>
        `${shownName(name)}: ${messageOf(exception)}`,
      EnumValidationError: ({ externalFlagName: name, input, values }) =>
        say({
          en: `--${name} "${input}": must be one of ${list(values)}`,
          es: `--${name} "${input}": debe ser uno de ${list(values)}`,
        }),
      FlagNotFoundError: ({ input, corrections }) =>
        say({ en: `no flag --${input}`, es: `no hay opción --${input}` }) +
        didYouMean(corrections.map((flag) => `--${flag}`)),
      InvalidNegatedFlagSyntaxError: ({ externalFlagName: name, valueText }) =>
        say({
          en: `--${name} takes no value, got "${valueText}"`,
          es: `--${name} no lleva valor; llegó "${valueText}"`,
        }),
      UnexpectedFlagError: ({ externalFlagName: name, input }) =>
        say({ en: `--${name} given twice: "${input}"`, es: `--${name} está repetida: "${input}"` }),
      UnexpectedPositionalError: ({ expectedCount, input }) =>
        say({
          en: `one operand too many: "${input}" (at most ${expectedCount})`,
          es: `sobra "${input}" (como mucho ${expectedCount})`,
        }),
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
      return usageFault(say({ en: `${input} comes after the command`, es: `${input} va después de la orden` }))
    }
    return usageFault(
      say({ en: `no command "${input}"`, es: `no hay orden "${input}"` }) +
        didYouMean(corrections.map((word) => word.replaceAll('`', ''))),
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
