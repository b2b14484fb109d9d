import { buildCommand } from '@stricli/core'
import { quoted } from '@plainwire/socket-utils/errors'
import type { Context } from '../context.ts'
import { NegativeAnswer, UsageError } from '../exit-code.ts'
import { type CommonFlags, json, lang } from '../flags.ts'
import { helpText } from '../help.ts'
import { say } from '../language.ts'

export const lessonCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags] [ID [TARGET]]', es: '[opciones] [ID [DESTINO]]' })],
    brief: say({ en: 'One lesson, or the list of them', es: 'Una lección, o la lista de todas' }),
    fullDescription: helpText(
      {
        en: 'Explains a lesson and runs its program against a server of our own on 127.0.0.1; with TARGET, against that (a host, a URL, or for a server lesson the port to listen on). Without ID, the list.',
        es: 'Explica una lección y ejecuta su programa contra un servidor propio en 127.0.0.1; con DESTINO, contra ese (un equipo, una URL o, en las lecciones de servidor, el puerto en que escuchar). Sin ID, la lista.',
      },
      'plainwire lesson server-04',
    ),
  },
  parameters: {
    flags: { json, lang },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: String,
          placeholder: 'ID',
          brief: say({ en: 'basics-01 … server-05, or list', es: 'basics-01 … server-05, o list' }),
          default: 'list',
        },
        {
          parse: String,
          placeholder: say({ en: 'TARGET', es: 'DESTINO' }),
          brief: say({ en: 'A host, a URL or a port', es: 'Un equipo, una URL o un puerto' }),
          optional: true,
        },
      ],
    },
  },
  async func(this: Context, flags: CommonFlags, id: string, target?: string) {
    const { LESSONS } = await import('../lessons/lessons.ts')
    if (id === 'list') {
      const list = LESSONS.map((lesson) => ({ id: lesson.id, title: say(lesson.title), command: lesson.command }))
      if (flags.json) this.print(JSON.stringify(list, undefined, 2))
      else for (const lesson of list) this.print(`${lesson.id.padEnd(10)}${lesson.title}`)
      return
    }
    const lesson = LESSONS.find((known) => known.id === id)
    if (lesson === undefined) {
      const where = say({ en: 'see `plainwire lesson list`', es: 'mira `plainwire lesson list`' })
      throw new UsageError(
        say({ en: `no lesson ${quoted(id)}; ${where}`, es: `no hay lección ${quoted(id)}; ${where}` }),
      )
    }
    const { report } = await import('../lessons/report.ts')
    const print = flags.json ? undefined : this.print
    const told = await report(lesson, { interruption: this.signal, print, target })
    if (flags.json) this.print(JSON.stringify(told, undefined, 2))
    if (told.fault !== undefined) throw new NegativeAnswer(`${id}: ${told.fault}`)
  },
})
