import { buildCommand } from '@stricli/core'
import { localHostname } from '@plainwire/socket-utils'
import type { Context } from '../context.ts'
import { type CommonFlags, json, lang } from '../flags.ts'
import { say } from '../language.ts'

export const hostCommand = buildCommand({
  docs: {
    brief: say({ en: 'The name of this host', es: 'El nombre de este equipo' }),
    fullDescription: say({
      en: 'Prints the name by which this host knows itself.\n\nExample:\n  plainwire host',
      es: 'Escribe el nombre con el que este equipo se conoce.\n\nEjemplo:\n  plainwire host',
    }),
  },
  parameters: { flags: { json, lang } },
  func(this: Context, flags: CommonFlags) {
    const name = localHostname()
    this.print(flags.json ? JSON.stringify({ name }) : name)
  },
})
