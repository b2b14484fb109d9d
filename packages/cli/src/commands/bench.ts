import { defineCommand } from '../command.ts'
import { parseCount, parseDuration } from '../flags.ts'
import { say } from '../language.ts'

export interface BenchFlags {
  readonly connections: number
  readonly duration: number
  readonly rate?: number
  readonly size: number
}

const PROTOCOLS = ['echo', 'http'] as const
type Protocol = (typeof PROTOCOLS)[number]

export const bench = defineCommand<BenchFlags, [Protocol, string]>({
  brief: {
    en: 'How much a server bears, and how fast it answers',
    es: 'Cuánto aguanta un servidor y con qué rapidez responde',
  },
  description: {
    en: 'Asks from many connections at once and shows how many answers came and how long they took. Says when it is itself what limits the figures. --rate sends by the clock, so that a server that stalls cannot hide it.',
    es: 'Pregunta desde muchas conexiones a la vez y muestra cuántas respuestas llegaron y cuánto tardaron. Dice cuándo es ella misma lo que limita las cifras. --rate envía según el reloj, para que un servidor atascado no pueda ocultarlo.',
  },
  usage: { en: 'echo|http TARGET', es: 'echo|http DESTINO' },
  examples: ['plainwire bench echo 127.0.0.1:8888 -d 5s', 'plainwire bench http :8080/ -c 16 --rate 2000'],
  output: 'document',
  flags: {
    connections: {
      kind: 'parsed',
      parse: parseCount(1, 65_535),
      default: '64',
      placeholder: 'N',
      brief: say({ en: 'At the same time', es: 'A la vez' }),
    },
    duration: {
      kind: 'parsed',
      parse: parseDuration,
      default: '5s',
      placeholder: say({ en: 'TIME', es: 'TIEMPO' }),
      brief: say({ en: 'How long', es: 'Cuánto tiempo' }),
    },
    rate: {
      kind: 'parsed',
      parse: parseCount(1),
      optional: true,
      placeholder: 'N',
      brief: say({ en: 'Requests a second, all together', es: 'Peticiones por segundo, en total' }),
    },
    size: {
      kind: 'parsed',
      parse: parseCount(1, 2 ** 20),
      default: '64',
      placeholder: 'N',
      brief: say({ en: 'Bytes of a message, with echo', es: 'Bytes de un mensaje, con echo' }),
    },
  },
  aliases: { c: 'connections', d: 'duration', r: 'rate' },
  operands: [
    {
      name: { en: 'echo|http', es: 'echo|http' },
      brief: { en: 'What the server speaks', es: 'Qué habla el servidor' },
      completes: PROTOCOLS,
      parse: parseProtocol,
    },
    {
      name: { en: 'TARGET', es: 'DESTINO' },
      brief: { en: 'HOST:PORT, or a URL', es: 'EQUIPO:PUERTO, o una URL' },
      completes: 'host',
      parse: String,
    },
  ],
  load: async () => (await import('../run/bench.ts')).runBench,
})

function parseProtocol(text: string): Protocol {
  const protocol = PROTOCOLS.find((known) => known === text)
  if (protocol !== undefined) return protocol
  throw new TypeError(say({ en: `must be echo or http`, es: `debe ser echo o http` }))
}
