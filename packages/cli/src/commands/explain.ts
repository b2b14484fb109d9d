import { defineCommand } from '../command.ts'

export const explain = defineCommand<object, [what?: string]>({
  brief: {
    en: 'What an exit status, an error or a field means',
    es: 'Qué es un estado de salida, un error o un campo',
  },
  description: {
    en: 'Explains an exit status (28), the code of an error (timed-out, http/bad-chunk, ECONNREFUSED) or a field of an answer (stratum, rootDispersion). Without an operand, the list.',
    es: 'Explica un estado de salida (28), el código de un error (timed-out, http/bad-chunk, ECONNREFUSED) o un campo de una respuesta (stratum, rootDispersion). Sin operando, la lista.',
  },
  usage: { en: '[CODE|ERROR|FIELD]', es: '[CÓDIGO|ERROR|CAMPO]' },
  examples: ['plainwire explain 28', 'plainwire explain stratum'],
  output: 'document',
  flags: {},
  operands: [
    {
      name: { en: 'CODE|ERROR|FIELD', es: 'CÓDIGO|ERROR|CAMPO' },
      brief: { en: 'Such as 28, timed-out or stratum', es: 'Como 28, timed-out o stratum' },
      completes: ['28', '7', '6', '60', 'timed-out', 'connect-refused', 'lookup-failed', 'stratum', 'offset'],
      parse: String,
      optional: true,
    },
  ],
  timeout: '10s',
  load: async () => (await import('../run/explain.ts')).runExplain,
})
