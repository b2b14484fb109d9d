import { buildCommand } from '@stricli/core'
import type { Context } from '../context.ts'
import { NegativeAnswer } from '../exit-code.ts'
import { type CommonFlags, json, lang } from '../flags.ts'
import { helpText } from '../help.ts'
import { say } from '../language.ts'

export const tourCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags]', es: '[opciones]' })],
    brief: say({
      en: 'All fifteen lessons, on this machine alone',
      es: 'Las quince lecciones, sin salir de esta máquina',
    }),
    fullDescription: helpText(
      {
        en: 'Runs the fifteen lessons in order on real sockets, against servers that it starts itself on 127.0.0.1: no network, no privilege. Exit status 0 only if all fifteen showed what they say.',
        es: 'Ejecuta las quince lecciones en orden con sockets de verdad, contra servidores que arranca ella misma en 127.0.0.1: sin red ni privilegios. Estado de salida 0 solo si las quince mostraron lo que dicen.',
      },
      'plainwire tour --json',
    ),
  },
  parameters: { flags: { json, lang } },
  async func(this: Context, flags: CommonFlags) {
    const { LESSONS } = await import('../lessons/lessons.ts')
    const { report, summary } = await import('../lessons/report.ts')
    const reports = []
    const print = flags.json ? undefined : this.print
    for (const lesson of LESSONS) reports.push(await report(lesson, { interruption: this.signal, print }))
    if (flags.json) this.print(JSON.stringify(reports, undefined, 2))
    else for (const line of summary(reports)) this.print(line)

    const wrong = reports.flatMap(({ id, fault }) => (fault === undefined ? [] : [`${id}: ${fault}`]))
    if (wrong.length > 0) throw new NegativeAnswer(wrong.join('; '))
  },
})
