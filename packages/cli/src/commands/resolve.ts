import { defineCommand } from '../command.ts'
import { checkedEndpoint, parseName, switchFlag } from '../flags.ts'
import { say } from '../language.ts'

export interface ResolveFlags {
  readonly all?: boolean
  readonly ipv4?: boolean
  readonly ipv6?: boolean
  /** `system`, or a name server's address. */
  readonly nameServer?: string
}

export const resolve = defineCommand<ResolveFlags, string[]>({
  brief: {
    en: 'The address of a name, or the name of an address',
    es: 'La dirección de un nombre, o el nombre de una dirección',
  },
  description: {
    en: 'Asks the system, as every program on it would: its hosts file first, then its name servers. An address is looked up backwards. With several names each has a line; --name-server asks the name server alone, and shows how long its answer holds.',
    es: 'Pregunta al sistema, como lo haría cualquier programa: primero su fichero hosts, luego sus servidores de nombres. Una dirección se busca al revés. Con varios nombres hay una línea para cada uno; --name-server pregunta solo al servidor de nombres y muestra cuánto tiempo es válida su respuesta.',
  },
  usage: { en: 'NAME…', es: 'NOMBRE…' },
  examples: ['plainwire resolve localhost', 'plainwire resolve localhost 127.0.0.1 --all'],
  output: 'either',
  flags: {
    all: switchFlag({ en: 'Every address, not the first alone', es: 'Todas las direcciones, no solo la primera' }),
    ipv4: switchFlag({ en: 'IPv4 alone; also -4', es: 'Solo IPv4; también -4' }),
    ipv6: switchFlag({ en: 'IPv6 alone; also -6', es: 'Solo IPv6; también -6' }),
    nameServer: {
      kind: 'parsed',
      parse: checkedNameServer,
      optional: true,
      placeholder: say({ en: 'system|ADDR[:PORT]', es: 'system|DIRECCIÓN[:PUERTO]' }),
      brief: say({ en: 'Ask this name server alone', es: 'Pregunta solo a este servidor de nombres' }),
    },
  },
  aliases: { a: 'all' },
  rest: {
    name: { en: 'NAME', es: 'NOMBRE' },
    brief: {
      en: 'A host name, or an address to look up backwards',
      es: 'Un nombre, o una dirección para buscar al revés',
    },
    completes: 'host',
    parse: parseName,
  },
  timeout: '10s',
  load: async () => (await import('../run/resolve.ts')).runResolve,
})

function checkedNameServer(text: string): string {
  return text === 'system' ? text : checkedEndpoint(53)(text)
}
