// The table of exit statuses, in words: for `explain`, the man page and the site.

import { ExitCode } from '../exit-code.ts'
import { type Localized, say } from '../language.ts'

const MEANINGS: Readonly<Record<keyof typeof ExitCode, Localized>> = {
  ok: { en: 'The command did what it says.', es: 'La orden hizo lo que dice.' },
  no: {
    en: 'The answer is no: a port that is not open, a wait that ran out, no such service, a lesson that went wrong.',
    es: 'La respuesta es no: un puerto cerrado, una espera agotada, un servicio que no hay, una lección fallida.',
  },
  usage: {
    en: 'The command line was not understood, or this Node is too old for it.',
    es: 'No se entendió la línea de órdenes, o este Node es demasiado viejo para ella.',
  },
  lookup: { en: 'A name was not found.', es: 'No se encontró un nombre.' },
  connect: {
    en: 'No connection came about, or an address or port could not be had.',
    es: 'No hubo conexión, o no se pudo obtener una dirección o un puerto.',
  },
  protocol: {
    en: 'The peer broke its protocol, or refuses; or time servers do not agree.',
    es: 'El otro extremo incumplió su protocolo, o rehúsa; o los servidores de hora no coinciden.',
  },
  truncated: { en: 'The peer stopped in the middle.', es: 'El otro extremo paró a la mitad.' },
  status: {
    en: 'The status was 400 or above, and --fail was given.',
    es: 'El estado era 400 o más, y se dio --fail.',
  },
  write: { en: 'The answer could not be written.', es: 'No se pudo escribir la respuesta.' },
  read: { en: 'A file could not be read.', es: 'No se pudo leer un fichero.' },
  timeOut: { en: 'The time was up.', es: 'Se acabó el tiempo.' },
  tls: { en: 'The TLS handshake failed.', es: 'Falló la negociación TLS.' },
  redirects: { en: 'Too many redirects.', es: 'Demasiadas redirecciones.' },
  emptyReply: { en: 'The peer closed without an answer.', es: 'El otro extremo cerró sin responder.' },
  receive: {
    en: 'The connection broke, or something else failed on the way.',
    es: 'La conexión se rompió, u otra cosa falló por el camino.',
  },
  certificate: {
    en: 'The server’s certificate cannot be accepted.',
    es: 'No se puede aceptar el certificado del servidor.',
  },
  bug: { en: 'A fault in plainwire itself: please report it.', es: 'Un fallo de plainwire: por favor, avísanos.' },
  interrupted: { en: 'Ended by Ctrl-C.', es: 'Terminada con Ctrl-C.' },
  terminated: { en: 'Ended by SIGTERM.', es: 'Terminada por SIGTERM.' },
}

export function exitStatuses(): { readonly code: number; readonly meaning: string }[] {
  return Object.entries(MEANINGS)
    .map(([name, meaning]) => ({ code: ExitCode[name as keyof typeof ExitCode], meaning: say(meaning) }))
    .sort((a, b) => a.code - b.code)
}
