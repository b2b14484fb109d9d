// Everything on the site that is not written by hand, made of the packages' own sources.

import { mkdir } from 'node:fs/promises'
import { writeLessons } from './lessons.ts'

export async function generate(): Promise<void> {
  await mkdir(new URL('../src/generated/', import.meta.url), { recursive: true })
  await writeLessons()
}
