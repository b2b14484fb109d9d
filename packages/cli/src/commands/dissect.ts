import { defineCommand } from '../command.ts'
import { switchFlag } from '../flags.ts'
import { say } from '../language.ts'

export const DISSECTABLE = ['auto', 'ntp', 'http'] as const
export type Dissectable = (typeof DISSECTABLE)[number]

export interface DissectFlags {
  readonly hex?: boolean
  readonly base64?: boolean
}

export const dissect = defineCommand<DissectFlags, [Dissectable, string]>({
  brief: { en: 'What the bytes of a packet or message mean', es: 'Qué significan los bytes de un paquete o mensaje' },
  description: {
    en: 'Takes an NTP packet or HTTP messages apart, field by field, beside their bytes. Reads FILE, or stdin for -; the bytes as they are, or with --hex as hexadecimal digits or a dump of xxd, hexdump -C or od -A x -t x1. Nothing is sent anywhere.',
    es: 'Descompone un paquete NTP o mensajes HTTP, campo a campo, junto a sus bytes. Lee FICHERO, o stdin con -; los bytes tal cual o, con --hex, como cifras hexadecimales o un volcado de xxd, hexdump -C u od -A x -t x1. No se envía nada a ningún sitio.',
  },
  usage: { en: 'auto|ntp|http [FILE|-]', es: 'auto|ntp|http [FICHERO|-]' },
  examples: [
    "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | plainwire dissect http -",
    'plainwire dissect ntp packet.bin --json',
  ],
  output: 'document',
  flags: {
    hex: switchFlag({ en: 'Hexadecimal digits, or a dump of xxd', es: 'Cifras hexadecimales, o volcado de xxd' }),
    base64: switchFlag({ en: 'Base64', es: 'Base64' }),
  },
  operands: [
    {
      name: { en: 'auto|ntp|http', es: 'auto|ntp|http' },
      brief: { en: 'What it is; auto looks for itself', es: 'Qué es; auto lo averigua' },
      completes: DISSECTABLE,
      parse: parseKind,
    },
    {
      name: { en: 'FILE', es: 'FICHERO' },
      brief: { en: 'Where the bytes are; - is stdin', es: 'Dónde están los bytes; - es stdin' },
      completes: 'file',
      parse: String,
      default: '-',
    },
  ],
  timeout: '30s',
  load: async () => (await import('../run/dissect.ts')).runDissect,
})

function parseKind(text: string): Dissectable {
  const kind = DISSECTABLE.find((known) => known === text)
  if (kind !== undefined) return kind
  throw new TypeError(say({ en: 'must be auto, ntp or http', es: 'debe ser auto, ntp o http' }))
}
