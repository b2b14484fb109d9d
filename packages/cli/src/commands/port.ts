import { parseEndpoint } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'
import { defineCommand, type Operand, type TableGroup } from '../command.ts'
import { parseCount, parseDuration } from '../flags.ts'
import { say } from '../language.ts'

export interface Place {
  readonly host: string
  readonly port: number
}

/** `HOST:PORT`, `:PORT` or a port alone, which are this host's, `localhost` in both families. */
function parsePlace(text: string): Place {
  const whole = /^:?[0-9]+$/.test(text) ? `localhost:${text.replace(':', '')}` : text
  const endpoint = parseEndpoint(whole)
  if ('path' in endpoint || endpoint.port === 0) {
    throw new TypeError(
      say({
        en: `${quoted(text)} is no port: write HOST:PORT`,
        es: `${quoted(text)} no es un puerto: escribe EQUIPO:PUERTO`,
      }),
    )
  }
  return { host: endpoint.host, port: endpoint.port }
}

const place: Operand<Place> = {
  name: { en: 'HOST:PORT', es: 'EQUIPO:PUERTO' },
  brief: { en: 'A port; :PORT is one of this host', es: 'Un puerto; :PUERTO es uno de este equipo' },
  completes: 'host',
  parse: parsePlace,
}

export interface WaitFlags {
  readonly for: 'open' | 'closed'
  readonly interval: number
}

export interface FreeFlags {
  readonly count: number
}

const check = defineCommand<object, Place[]>({
  brief: { en: 'Is a port open', es: 'Si un puerto está abierto' },
  description: {
    en: 'Connects, and closes at once. Says whether the port is open, refused, silent or unreachable. Exit status 0: all are open; 1: one is not.',
    es: 'Conecta y cierra enseguida. Dice si el puerto está abierto, rechaza la conexión, no responde o no se alcanza. Estado de salida 0: todos abiertos; 1: alguno no.',
  },
  usage: { en: 'HOST:PORT…', es: 'EQUIPO:PUERTO…' },
  examples: ['plainwire port check localhost:80', 'plainwire port check :8080 :8888 --json'],
  output: 'either',
  flags: {},
  rest: place,
  timeout: '2s',
  load: async () => (await import('../run/port.ts')).checkPorts,
})

const wait = defineCommand<WaitFlags, Place[]>({
  brief: { en: 'Wait until ports are open, or closed', es: 'Espera a que unos puertos se abran o se cierren' },
  description: {
    en: 'Tries again and again until every port is open (or closed, with --for), then runs the command after `--`, if there is one, and exits with its status. localhost means 127.0.0.1 and ::1. Exit status 1: the time was up.',
    es: 'Prueba una y otra vez hasta que todos los puertos estén abiertos (o cerrados, con --for); luego ejecuta la orden que siga a `--`, si la hay, y sale con su estado. localhost es 127.0.0.1 y ::1. Estado de salida 1: se acabó el tiempo.',
  },
  usage: { en: 'HOST:PORT… [-- CMD…]', es: 'EQUIPO:PUERTO… [-- ORDEN…]' },
  examples: ['plainwire port wait :5432 --timeout 30s -- echo ready', 'plainwire port wait :8080 --for closed'],
  output: 'either',
  flags: {
    for: {
      kind: 'enum',
      values: ['open', 'closed'],
      default: 'open',
      brief: say({ en: 'What to wait for', es: 'A qué se espera' }),
    },
    interval: {
      kind: 'parsed',
      parse: parseDuration,
      default: '250ms',
      placeholder: say({ en: 'TIME', es: 'TIEMPO' }),
      brief: say({ en: 'Between two tries', es: 'Entre dos intentos' }),
    },
  },
  rest: place,
  timeout: '30s',
  endless: () => true, // the command that follows takes as long as it takes
  load: async () => (await import('../run/port.ts')).waitForPorts,
})

const free = defineCommand<FreeFlags>({
  brief: { en: 'A port that nothing listens on', es: 'Un puerto en el que nadie escucha' },
  description: {
    en: 'Prints a port of 127.0.0.1 that was free a moment ago; with --count several, all different.',
    es: 'Escribe un puerto de 127.0.0.1 que estaba libre hace un momento; con --count, varios, todos distintos.',
  },
  usage: { en: '', es: '' },
  examples: ['plainwire port free', 'plainwire port free --count 3 --json'],
  output: 'document',
  flags: {
    count: {
      kind: 'parsed',
      parse: parseCount(1, 1000),
      default: '1',
      placeholder: 'N',
      brief: say({ en: 'How many', es: 'Cuántos' }),
    },
  },
  aliases: { n: 'count' },
  timeout: '10s',
  load: async () => (await import('../run/port.ts')).freePorts,
})

export const port: TableGroup = {
  kind: 'group',
  brief: say({ en: 'Check a port, wait for it, find a free one', es: 'Mira un puerto, lo espera o busca uno libre' }),
  commands: { check, wait, free },
}
