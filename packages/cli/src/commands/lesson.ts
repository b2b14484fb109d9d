import { defineCommand } from '../command.ts'
import { switchFlag } from '../flags.ts'

export interface StepFlags {
  readonly step?: boolean
}

const IDS = ['basics', 'socket', 'server'].flatMap((part) => [1, 2, 3, 4, 5].map((number) => `${part}-0${number}`))

export const lesson = defineCommand<StepFlags, [id: string, target?: string]>({
  brief: { en: 'One lesson, or the list of them', es: 'Una lección, o la lista de todas' },
  description: {
    en: 'Explains a lesson and runs its program against a server of our own on 127.0.0.1; with TARGET, against that (a host, a URL, or for a server lesson the port to listen on). --step waits for a key after each line of the program, and says what just happened at the socket. Without ID, the list.',
    es: 'Explica una lección y ejecuta su programa contra un servidor propio en 127.0.0.1; con DESTINO, contra ese (un equipo, una URL o, en las lecciones de servidor, el puerto en que escuchar). --step espera una tecla tras cada línea del programa y dice qué acaba de pasar en el socket. Sin ID, la lista.',
  },
  usage: { en: '[ID [TARGET]]', es: '[ID [DESTINO]]' },
  examples: ['plainwire lesson server-04', 'plainwire lesson socket-05 --step'],
  output: 'document',
  flags: { step: switchFlag({ en: 'Wait for a key, and explain', es: 'Espera una tecla y explica' }) },
  aliases: { s: 'step' },
  operands: [
    {
      name: { en: 'ID', es: 'ID' },
      brief: { en: 'basics-01 … server-05, or list', es: 'basics-01 … server-05, o list' },
      completes: [...IDS, 'list'],
      parse: String,
      default: 'list',
    },
    {
      name: { en: 'TARGET', es: 'DESTINO' },
      brief: { en: 'A host, a URL or a port', es: 'Un equipo, una URL o un puerto' },
      completes: 'host',
      parse: String,
      optional: true,
    },
  ],
  load: async () => (await import('../run/lesson.ts')).runLesson,
})
