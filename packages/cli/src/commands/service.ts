import { buildCommand } from '@stricli/core'
import { serviceByName, serviceByPort } from '@plainwire/socket-utils'
import { parsePort } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'
import type { Context } from '../context.ts'
import { NegativeAnswer } from '../exit-code.ts'
import { type CommonFlags, json, lang } from '../flags.ts'
import { helpText } from '../help.ts'
import { say } from '../language.ts'

const PROTOCOLS = ['tcp', 'udp', 'sctp', 'dccp'] as const

interface Wanted {
  readonly text: string
  readonly portOrName: number | string
  readonly protocol: (typeof PROTOCOLS)[number] | undefined
}

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

export const serviceCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags] [PORT|NAME[/PROTO]]', es: '[opciones] [PUERTO|NOMBRE[/PROTO]]' })],
    brief: say({
      en: 'The name of a port, or the port of a name',
      es: 'El nombre de un puerto, o el puerto de un nombre',
    }),
    fullDescription: helpText(
      {
        en: 'Reads the system’s services file; where there is none, the IANA registry of this package. Exit status 1: no such service.',
        es: 'Lee el fichero de servicios del sistema; si no hay, el registro de la IANA que lleva este paquete. Estado de salida 1: no hay tal servicio.',
      },
      'plainwire service 80/tcp',
    ),
  },
  parameters: {
    flags: { json, lang },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: parseWanted,
          placeholder: say({ en: 'PORT|NAME[/PROTO]', es: 'PUERTO|NOMBRE[/PROTO]' }),
          brief: say({
            en: 'A port or a name, with a protocol or without',
            es: 'Un puerto o un nombre, con protocolo o sin él',
          }),
          default: '80/tcp',
        },
      ],
    },
  },
  async func(this: Context, flags: CommonFlags, { text, portOrName, protocol }: Wanted) {
    const service =
      typeof portOrName === 'number'
        ? await serviceByPort(portOrName, protocol)
        : await serviceByName(portOrName, protocol)
    if (service === undefined) {
      throw new NegativeAnswer(
        say({ en: `no service is known as ${quoted(text)}`, es: `no se conoce ningún servicio ${quoted(text)}` }),
      )
    }
    if (flags.json) return this.print(JSON.stringify(service))
    const { name, port, aliases, source } = service
    const also = aliases.length > 0 ? `  ${say({ en: 'also', es: 'también' })} ${aliases.join(', ')}` : ''
    this.print(
      `${name}  ${port}/${service.protocol}${also}  (${source === 'system' ? say({ en: 'system', es: 'sistema' }) : 'IANA'})`,
    )
  },
})
