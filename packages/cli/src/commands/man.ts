import { defineCommand } from '../command.ts'
import { say } from '../language.ts'

export const FORMATS = ['mdoc', 'markdown'] as const

export interface ManFlags {
  readonly format: (typeof FORMATS)[number]
}

export const man = defineCommand<ManFlags>({
  brief: { en: 'The manual of all commands', es: 'El manual de todas las órdenes' },
  description: {
    en: 'Prints the manual page, as man(1) reads it, or as Markdown. On a terminal it is shown by man, where there is one.',
    es: 'Escribe la página de manual, como la lee man(1), o en Markdown. En un terminal la muestra man, si lo hay.',
  },
  usage: { en: '', es: '' },
  examples: ['plainwire man', 'plainwire man --format markdown'],
  output: 'text',
  flags: {
    format: {
      kind: 'enum',
      values: FORMATS,
      default: 'mdoc',
      brief: say({ en: 'For man(1), or for reading', es: 'Para man(1), o para leer' }),
    },
  },
  load: async () => (await import('../run/man.ts')).runMan,
})
