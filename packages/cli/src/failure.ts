// What a failed command says and exits with: for each fault that a package can report, its exit code and what to do.

import { WireError } from '@plainwire/socket-utils/errors'
import { inSpanish } from './causes-in-spanish.ts'
import {
  ExitCode,
  FileFault,
  Interrupted,
  Malformed,
  NegativeAnswer,
  ProgramEnded,
  StatusFault,
  Unwritable,
  UsageError,
} from './exit-code.ts'
import { language, type Localized, say } from './language.ts'

export interface Fault {
  readonly exitCode: ExitCode
  /** What to do about it. */
  readonly advice: Localized
}

const CHECK_PEER: Localized = {
  en: 'The peer does not speak this protocol; check the address and the port.',
  es: 'El otro extremo no habla este protocolo; revisa la dirección y el puerto.',
}

/** By code. Made when asked for: most commands fail at nothing. */
export const faults = (): Readonly<Partial<Record<string, Fault>>> => ({
  'lookup-failed': {
    exitCode: ExitCode.lookup,
    advice: {
      en: 'Check the spelling, or your name server.',
      es: 'Revisa cómo está escrito, o tu servidor de nombres.',
    },
  },
  'connect-refused': {
    exitCode: ExitCode.connect,
    advice: {
      en: 'Is the server running, and is the port right?',
      es: '¿Está en marcha el servidor? ¿Es ese el puerto?',
    },
  },
  unreachable: {
    exitCode: ExitCode.connect,
    advice: { en: 'Check the network and the address.', es: 'Revisa la red y la dirección.' },
  },
  'address-in-use': {
    exitCode: ExitCode.connect,
    advice: { en: 'Choose another port, or stop what holds it.', es: 'Elige otro puerto, o detén a quien lo tiene.' },
  },
  'address-unavailable': {
    exitCode: ExitCode.connect,
    advice: {
      en: 'Use an address of this host; see `plainwire host`.',
      es: 'Usa una dirección de este equipo; mira `plainwire host`.',
    },
  },
  'permission-denied': {
    exitCode: ExitCode.connect,
    advice: {
      en: 'Ports below 1024 may need privileges, and a proxy a name and a password in its URL.',
      es: 'Los puertos menores de 1024 pueden pedir privilegios, y un proxy, nombre y contraseña en su URL.',
    },
  },
  'out-of-descriptors': {
    exitCode: ExitCode.connect,
    advice: { en: 'Close something, or raise `ulimit -n`.', es: 'Cierra algo, o sube `ulimit -n`.' },
  },
  'timed-out': {
    exitCode: ExitCode.timeOut,
    advice: {
      en: 'Wait longer with --timeout.',
      es: 'Espera más con --timeout.',
    },
  },
  'connection-closed': {
    exitCode: ExitCode.emptyReply,
    advice: { en: 'The server hung up; look at its log.', es: 'El servidor colgó; mira su registro.' },
  },
  'connection-reset': {
    exitCode: ExitCode.receive,
    advice: {
      en: 'The server broke the connection off; look at its log.',
      es: 'El servidor cortó la conexión; mira su registro.',
    },
  },
  'tls-failed': {
    exitCode: ExitCode.tls,
    advice: { en: 'Does the server speak TLS on this port?', es: '¿Habla TLS el servidor en este puerto?' },
  },
  'certificate-invalid': {
    exitCode: ExitCode.certificate,
    advice: {
      en: 'Do not trust this server, or trust its authority.',
      es: 'No te fíes de este servidor, o fíate de su autoridad.',
    },
  },
  unsupported: {
    exitCode: ExitCode.usage,
    advice: {
      en: 'Leave it out; if it is Node that lacks it, a newer one may have it.',
      es: 'Prescinde de ello; si es Node quien no lo tiene, quizá lo tenga uno más nuevo.',
    },
  },
  failed: {
    exitCode: ExitCode.receive,
    advice: {
      en: 'See the reason above; --help tells what is possible.',
      es: 'Mira el motivo; --help dice qué es posible.',
    },
  },
  'http/too-many-redirects': {
    exitCode: ExitCode.redirects,
    advice: {
      en: 'It may go round in circles; --max-redirects allows more.',
      es: 'Quizá da vueltas en círculo; --max-redirects permite más.',
    },
  },
  'http/truncated': {
    exitCode: ExitCode.truncated,
    advice: {
      en: 'The server stopped too early; try again.',
      es: 'El servidor paró antes de tiempo; prueba otra vez.',
    },
  },
  'ntp/kiss-of-death': {
    exitCode: ExitCode.protocol,
    advice: { en: 'The server asks you to stop; use another one.', es: 'El servidor te pide que pares; usa otro.' },
  },
  'ntp/no-majority': {
    exitCode: ExitCode.protocol,
    advice: {
      en: 'Ask more servers: four or more can outvote one that lies.',
      es: 'Pregunta a más servidores: cuatro o más ganan a uno que miente.',
    },
  },
  'ntp/unsynchronized': {
    exitCode: ExitCode.protocol,
    advice: { en: 'The server does not know the time; use another one.', es: 'El servidor no sabe la hora; usa otro.' },
  },
})

/** Of an error with this code; what a peer did wrong has the same one whatever it was, unless the table says otherwise. */
export function exitCodeOf(code: string): number {
  return faults()[code]?.exitCode ?? ExitCode.protocol
}

function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof WireError)) return undefined
  const protocolBroken = { exitCode: ExitCode.protocol, advice: CHECK_PEER }
  return faults()[error.code] ?? (error.name === 'ProtocolError' ? protocolBroken : faults()['failed'])
}

/** Our own, which say what happened in the person's language and need no advice. */
const OWN: readonly (readonly [abstract new (...args: never[]) => Error, ExitCode])[] = [
  [Unwritable, ExitCode.write],
  [FileFault, ExitCode.read],
  [NegativeAnswer, ExitCode.no],
  [StatusFault, ExitCode.status],
  [Malformed, ExitCode.protocol],
  [UsageError, ExitCode.usage],
]

export function exitCodeFor(error: unknown): number {
  if (error instanceof Interrupted || error instanceof ProgramEnded) return error.exitCode
  const own = OWN.find(([type]) => error instanceof type)
  if (own) return own[1]
  if (isOfArguments(error)) return ExitCode.usage
  return faultOf(error)?.exitCode ?? ExitCode.bug
}

/** What happened, in the person's language as far as we have it there. */
export function causeOf(error: Error): string {
  const { message } = error
  if (language === 'en') return message
  return inSpanish(message, error instanceof WireError ? error.code : undefined)
}

/** The one line that a failed command prints: what was being done, to what, what happened, what to do. */
export function failureLine(error: unknown): string {
  if (error instanceof Interrupted) return say({ en: 'plainwire: stopped', es: 'plainwire: detenido' })
  if (error instanceof ProgramEnded) return ''
  if (error instanceof Error && (OWN.some(([type]) => error instanceof type) || isOfArguments(error))) {
    return `plainwire: ${causeOf(error)}`
  }
  const fault = faultOf(error)
  if (fault && error instanceof Error) return `plainwire: ${causeOf(error)}. ${say(fault.advice)}`
  const shown = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const bug = say({
    en: 'This is a bug in plainwire; please report it.',
    es: 'Es un error de plainwire; por favor, avísanos.',
  })
  return `plainwire: ${shown}. ${bug}`
}

/**
 * A package that refuses its arguments: they are the person's, handed on as they were typed. One of the platform's own has
 * a code (`ERR_…`) or none of our form, and is a bug.
 */
function isOfArguments(error: unknown): error is TypeError | RangeError {
  if (!(error instanceof TypeError || error instanceof RangeError) || 'code' in error) return false
  return /^no (?:port|socket path) in\b|\bmust be\b|\bgot\b|^".*": |\bcannot be\b|\bis no\b|\bdoes not fit\b|\basks for\b|\bstands alone\b|\bbeside\b|\bneeds a\b/.test(
    error.message,
  )
}
