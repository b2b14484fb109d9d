// What stands on the left, in both languages. A page's own title is its label unless one is given.

import type { StarlightUserConfig } from '@astrojs/starlight/types'
import { LESSON_IDS } from './scripts/programs.ts'

const lessons = (part: string): string[] => LESSON_IDS.filter((id) => id.startsWith(part)).map((id) => `lessons/${id}`)

export const sidebar: StarlightUserConfig['sidebar'] = [
  { label: 'Guide', translations: { es: 'Guía' }, items: [{ autogenerate: { directory: 'guide' } }] },
  {
    label: 'Lessons',
    translations: { es: 'Lecciones' },
    items: [
      'lessons',
      { label: 'Names and time', translations: { es: 'Nombres y hora' }, items: lessons('basics') },
      { label: 'A client, step by step', translations: { es: 'Un cliente, paso a paso' }, items: lessons('socket') },
      { label: 'Servers', translations: { es: 'Servidores' }, items: lessons('server') },
    ],
  },
  { label: 'Recipes', translations: { es: 'Recetas' }, items: [{ autogenerate: { directory: 'recipes' } }] },
  { label: 'Playground', translations: { es: 'Laboratorio' }, items: [{ autogenerate: { directory: 'playground' } }] },
  {
    label: 'Reference',
    translations: { es: 'Referencia' },
    items: [{ autogenerate: { directory: 'reference', collapsed: true } }],
  },
]
