import { buildCommand } from '@stricli/core'
import { localHostname } from '@plainwire/socket-utils'
import type { Context } from '../context.ts'
import { type CommonFlags, json, lang } from '../flags.ts'
import { helpText } from '../help.ts'
import { say } from '../language.ts'

export const hostCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags]', es: '[opciones]' })],
    brief: say({ en: 'The name of this host', es: 'El nombre de este equipo' }),
    fullDescription: helpText(
      {
        en: 'Prints the name by which this host knows itself.',
        es: 'Escribe el nombre con el que este equipo se conoce.',
      },
      'plainwire host',
    ),
  },
  parameters: { flags: { json, lang } },
  func(this: Context, flags: CommonFlags) {
    const name = localHostname()
    this.print(flags.json ? JSON.stringify({ name }) : name)
  },
})
