// After `changeset version`, which knows package.json alone: the same version in each deno.json.

import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readManifest } from './entries.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

for (const path of globSync(join(ROOT, 'packages/*/deno.json'))) {
  const { version } = readManifest(join(dirname(path), 'package.json'))
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace(/("version": )"[^"]*"/, `$1"${version}"`))
}
