// Before a version is packed to be published: if it has a tag already, the tag must be at this commit. A version that is
// tagged and has changed since needs a changeset, and so another number.

import { globSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readManifest } from './entries.ts'
import { run } from './run.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const inRoot = { cwd: ROOT }

const head = (await run('git', ['rev-parse', 'HEAD'], inRoot)).trim()
const commits = new Map<string, string>()
for (const line of (await run('git', ['ls-remote', '--tags', 'origin'], inRoot)).split('\n')) {
  const [commit = '', ref = ''] = line.split('\t')
  // A tag with a message is an object of its own; the second line, with ^{}, tells its commit.
  commits.set(ref.replace('refs/tags/', '').replace('^{}', ''), commit)
}
for (const path of globSync(join(ROOT, 'packages/*/package.json'))) {
  const { name, version } = readManifest(path)
  const tagged = commits.get(`${name}@${version}`)
  if (tagged === undefined || tagged === head) continue
  console.log(`${name}@${version} is tagged at ${tagged}, and this is ${head}: it needs a changeset`)
  process.exitCode = 1
}
