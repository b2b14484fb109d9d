import { defineCommand } from '../command.ts'
import { checkedEndpoint, parseCount, parseDuration, switchFlag } from '../flags.ts'
import { say } from '../language.ts'

export interface TimeFlags {
  readonly samples: number
  readonly trace?: boolean
  readonly watch?: boolean
  readonly interval: number
  readonly count?: number
  readonly keys?: string
  readonly key?: number
}

export const time = defineCommand<TimeFlags, string[]>({
  brief: {
    en: 'The time of NTP servers, and how far off our clock is',
    es: 'La hora de servidores NTP, y cuánto se desvía nuestro reloj',
  },
  description: {
    en: 'Asks a server several times and keeps the answer with the least delay. A positive offset means that the local clock is behind: add it. Several servers are asked side by side, and a table says who agrees with the majority and who lies. Without SERVER, a server of our own on 127.0.0.1. --watch asks on and on and draws the drift; --timeout is then for each question.',
    es: 'Pregunta varias veces a un servidor y se queda con la respuesta de menor retardo. Un desfase positivo dice que el reloj local va atrasado: hay que sumarlo. A varios servidores se les pregunta a la vez, y una tabla dice quién está con la mayoría y quién miente. Sin SERVIDOR, uno propio en 127.0.0.1. --watch pregunta sin parar y dibuja la deriva; --timeout vale entonces para cada pregunta.',
  },
  usage: { en: '[SERVER…]', es: '[SERVIDOR…]' },
  examples: [
    'plainwire time pool.ntp.org',
    'plainwire time --trace --samples 1',
    'plainwire time 0.pool.ntp.org 1.pool.ntp.org 2.pool.ntp.org',
    'plainwire time --watch --count 20 --interval 200ms',
  ],
  output: 'either',
  flags: {
    samples: {
      kind: 'parsed',
      parse: parseCount(1, 64),
      placeholder: 'N',
      default: '4',
      brief: say({ en: 'How often to ask', es: 'Cuántas veces preguntar' }),
    },
    trace: switchFlag({ en: 'Every byte of each exchange, on stderr', es: 'Cada byte de cada intercambio, en stderr' }),
    watch: switchFlag({ en: 'Ask on and on, and draw the drift', es: 'Pregunta sin parar y dibuja la deriva' }),
    interval: {
      kind: 'parsed',
      parse: parseDuration,
      placeholder: say({ en: 'TIME', es: 'TIEMPO' }),
      default: '1s',
      brief: say({ en: 'With --watch, between two answers', es: 'Con --watch, entre dos respuestas' }),
    },
    count: {
      kind: 'parsed',
      parse: parseCount(1),
      optional: true,
      placeholder: 'N',
      brief: say({ en: 'With --watch, stop after so many', es: 'Con --watch, para tras N respuestas' }),
    },
    keys: {
      kind: 'parsed',
      parse: String,
      optional: true,
      placeholder: say({ en: 'FILE', es: 'FICHERO' }),
      brief: say({
        en: 'Keys, as chrony has them, to prove answers',
        es: 'Claves, en el formato de chrony, para comprobar respuestas',
      }),
    },
    key: {
      kind: 'parsed',
      parse: parseCount(1, 2 ** 32 - 1),
      optional: true,
      placeholder: 'ID',
      brief: say({ en: 'Which of the keys; else the first', es: 'Cuál de las claves; si no, la primera' }),
    },
  },
  aliases: { n: 'samples', w: 'watch', i: 'interval', c: 'count' },
  rest: {
    name: { en: 'SERVER', es: 'SERVIDOR' },
    brief: { en: 'HOST, HOST:PORT, [V6]:PORT, ntp://HOST', es: 'EQUIPO, EQUIPO:PUERTO, [V6]:PUERTO, ntp://EQUIPO' },
    completes: 'host',
    parse: checkedEndpoint(123),
    minimum: 0,
  },
  timeout: '10s',
  endless: ({ watch }) => watch === true,
  load: async () => (await import('../run/time.ts')).runTime,
})
