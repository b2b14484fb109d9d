import { defineCommand } from '../command.ts'
import { switchFlag } from '../flags.ts'

export interface HostFlags {
  readonly interfaces?: boolean
  readonly full?: boolean
}

export const host = defineCommand<HostFlags>({
  brief: { en: 'The name of this host, and its addresses', es: 'El nombre de este equipo y sus direcciones' },
  description: {
    en: 'Prints the name by which this host knows itself; with --full the name with its domain, where the system knows one; with --interfaces its network interfaces and their addresses.',
    es: 'Escribe el nombre con el que este equipo se conoce; con --full, el nombre con su dominio, si el sistema lo conoce; con --interfaces, sus interfaces de red y las direcciones de cada una.',
  },
  usage: { en: '', es: '' },
  examples: ['plainwire host', 'plainwire host --interfaces --json'],
  output: 'document',
  flags: {
    interfaces: switchFlag({ en: 'Its network interfaces, too', es: 'También sus interfaces de red' }),
    full: switchFlag({ en: 'The name with its domain', es: 'El nombre con su dominio' }),
  },
  aliases: { i: 'interfaces' },
  timeout: '10s',
  load: async () => (await import('../run/host.ts')).runHost,
})
