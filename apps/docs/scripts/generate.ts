// Everything on the site that is not written by hand, made of the packages' own sources.

import { mkdir } from 'node:fs/promises'
import { writeExamples } from './examples.ts'
import { writeLessons } from './lessons.ts'
import { writeReference } from './reference.ts'

export async function generate(): Promise<void> {
  await mkdir(new URL('../src/generated/', import.meta.url), { recursive: true })
  await Promise.all([writeLessons(), writeExamples(), writeReference()])
}
