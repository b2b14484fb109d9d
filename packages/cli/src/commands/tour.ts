import { defineCommand } from '../command.ts'
import { switchFlag } from '../flags.ts'
import type { StepFlags } from './lesson.ts'

export const tour = defineCommand<StepFlags>({
  brief: { en: 'All fifteen lessons, on this machine alone', es: 'Las quince lecciones, sin salir de esta máquina' },
  description: {
    en: 'Runs the fifteen lessons in order on real sockets, against servers that it starts itself on 127.0.0.1: no network, no privilege. Exit status 0 only if all fifteen showed what they say.',
    es: 'Ejecuta las quince lecciones en orden con sockets de verdad, contra servidores que arranca ella misma en 127.0.0.1: sin red ni privilegios. Estado de salida 0 solo si las quince mostraron lo que dicen.',
  },
  usage: { en: '', es: '' },
  examples: ['plainwire tour', 'plainwire tour --step'],
  output: 'either',
  flags: { step: switchFlag({ en: 'Wait for a key, and explain', es: 'Espera una tecla y explica' }) },
  aliases: { s: 'step' },
  load: async () => (await import('../run/tour.ts')).runTour,
})
