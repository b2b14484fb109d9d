import { parsePort } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'
import { defineCommand } from '../command.ts'
import { switchFlag } from '../flags.ts'
import { say } from '../language.ts'

const PROTOCOLS = ['tcp', 'udp', 'sctp', 'dccp'] as const

export interface Wanted {
  readonly text: string
  readonly portOrName: number | string
  readonly protocol: (typeof PROTOCOLS)[number] | undefined
}

export interface ServiceFlags {
  readonly iana?: boolean
}

export const service = defineCommand<ServiceFlags, [Wanted]>({
  brief: { en: 'The name of a port, or the port of a name', es: 'El nombre de un puerto, o el puerto de un nombre' },
  description: {
    en: 'Reads the system’s services file; where there is none, or with --iana, the IANA registry that comes with plainwire. Without an operand, 80/tcp. Exit status 1: no such service.',
    es: 'Lee el fichero de servicios del sistema; si no hay, o con --iana, el registro de la IANA que trae plainwire. Sin operando, 80/tcp. Estado de salida 1: no hay tal servicio.',
  },
  usage: { en: '[PORT|NAME[/PROTO]]', es: '[PUERTO|NOMBRE[/PROTO]]' },
  examples: ['plainwire service 80/tcp', 'plainwire service ntp --json'],
  output: 'document',
  flags: {
    iana: switchFlag({
      en: 'The IANA registry, not the system’s file',
      es: 'El registro de la IANA, no el del sistema',
    }),
  },
  operands: [
    {
      name: { en: 'PORT|NAME[/PROTO]', es: 'PUERTO|NOMBRE[/PROTO]' },
      brief: {
        en: 'A port or a name, with a protocol or without',
        es: 'Un puerto o un nombre, con protocolo o sin él',
      },
      completes: ['http', 'https', 'ntp/udp', 'ssh', 'domain/udp', 'echo/tcp'],
      parse: parseWanted,
      default: '80/tcp',
    },
  ],
  timeout: '10s',
  load: async () => (await import('../run/service.ts')).runService,
})

function parseWanted(text: string): Wanted {
  const [, portOrName = '', suffix] = /^([^/\s]+)(?:\/(\w+))?$/.exec(text) ?? []
  const protocol = PROTOCOLS.find((known) => known === suffix?.toLowerCase())
  if (portOrName === '' || (suffix !== undefined && protocol === undefined)) {
    throw new TypeError(
      say({
        en: `${quoted(text)} is no service: write 80, 80/tcp, http or ntp/udp`,
        es: `${quoted(text)} no es un servicio: escribe 80, 80/tcp, http o ntp/udp`,
      }),
    )
  }
  return { text, portOrName: /^-?[0-9]/.test(portOrName) ? parsePort(portOrName) : portOrName, protocol }
}
