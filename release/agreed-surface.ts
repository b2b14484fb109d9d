// The public surface that was agreed on: release/api/*.txt, written by `pnpm release:api`. A change of it is in the same
// commit as what changed it, where whoever reads the commit cannot miss it.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publicSurface } from './public-surface.ts'

const agreed = (home: string, name: string): string => join(home, 'release/api', `${name}.txt`)

/** `home` is a clone that has been built. */
export function writeSurface(home: string, name: string): void {
  writeFileSync(agreed(home, name), publicSurface(join(home, 'packages', name)))
}

/** None, or one that names the first differences. */
export function surfaceFaults(home: string, name: string): string[] {
  const [before, now] = [readFileSync(agreed(home, name), 'utf8'), publicSurface(join(home, 'packages', name))]
  if (before === now) return []
  const [lost, gained] = [onlyIn(before, now, '-'), onlyIn(now, before, '+')]
  const first = [...lost.slice(0, 3), ...gained.slice(0, 3)].join(' | ')
  return [`${name}: the public surface changed (${first}): if it should, run pnpm release:api`]
}

function onlyIn(text: string, other: string, sign: string): string[] {
  const lines = new Set(other.split('\n'))
  return text.split('\n').flatMap((line) => (lines.has(line) ? [] : [`${sign} ${line.trim()}`]))
}
