import { buildCommand } from '@stricli/core'
import { resolveHost, reverseHost } from '@plainwire/socket-utils'
import type { Context } from '../context.ts'
import { type CommonFlags, json, lang, parseName, timeout } from '../flags.ts'
import { helpText } from '../help.ts'
import { say } from '../language.ts'

interface Flags extends CommonFlags {
  readonly all?: boolean
  readonly ipv4?: boolean
  readonly ipv6?: boolean
  readonly timeout: number
}

export const resolveCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags] [NAME]', es: '[opciones] [NOMBRE]' })],
    brief: say({
      en: 'The address of a name, or the name of an address',
      es: 'La dirección de un nombre, o el nombre de una dirección',
    }),
    fullDescription: helpText(
      {
        en: 'Asks the system, as every program on it would.',
        es: 'Pregunta al sistema, como lo haría cualquier programa.',
      },
      'plainwire resolve localhost --all',
    ),
  },
  parameters: {
    flags: {
      json,
      lang,
      timeout,
      all: {
        kind: 'boolean',
        optional: true,
        withNegated: false,
        brief: say({ en: 'Every address, not the first alone', es: 'Todas las direcciones' }),
      },
      ipv4: { kind: 'boolean', optional: true, withNegated: false, brief: say({ en: 'IPv4 alone', es: 'Solo IPv4' }) },
      ipv6: { kind: 'boolean', optional: true, withNegated: false, brief: say({ en: 'IPv6 alone', es: 'Solo IPv6' }) },
    },
    aliases: { a: 'all' },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: parseName,
          placeholder: say({ en: 'NAME', es: 'NOMBRE' }),
          brief: say({
            en: 'A host name, or an address to look up backwards',
            es: 'Un nombre, o una dirección para buscar al revés',
          }),
          default: 'localhost',
        },
      ],
    },
  },
  async func(this: Context, flags: Flags, name: string) {
    const family = flags.ipv4 === flags.ipv6 ? undefined : flags.ipv4 ? 4 : 6
    const options = { signal: this.signal, timeoutMs: flags.timeout }
    const addresses = await resolveHost(name, { ...options, ...(family && { family }) })
    if (addresses[0]?.address === name) {
      const found = await reverseHost(name, options)
      this.print(flags.json ? JSON.stringify(found) : found.name)
      return
    }
    const shown = flags.all ? addresses : addresses.slice(0, 1)
    if (flags.json) this.print(JSON.stringify({ name, addresses: shown }))
    else for (const { address } of shown) this.print(address)
  },
})
