// What would be released: a commit with its changesets applied, built and packed in a clone of its own.

import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Registry } from './registry.ts'
import { run } from './run.ts'
import type { Tools } from './tools.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

export interface Candidate {
  /** The clone. */
  readonly home: string
  /** A directory as `changeset publish --from-pack-dir` takes it. */
  readonly packs: string
  readonly tarballs: readonly Tarball[]
}

export interface Tarball {
  readonly name: string
  readonly path: string
  readonly sha256: string
}

/** The commit at HEAD, which may be another by the time that it is asked for again. */
export async function headCommit(): Promise<string> {
  return (await run('git', ['rev-parse', 'HEAD'], { cwd: ROOT })).trim()
}

/** What `registry` has already is not packed. `tamper` changes the clone before it is packed: a rehearsal must be able to fail. */
export async function makeCandidate(
  commit: string,
  directory: string,
  { env }: Tools,
  registry: Registry,
  tamper: (home: string) => void = () => {},
): Promise<Candidate> {
  const [home, packs] = [join(directory, 'plainwire'), join(directory, 'packs')]
  await run('git', ['clone', '--quiet', '--no-tags', ROOT, home], { cwd: directory })
  const inHome = { cwd: home, env }
  await run('git', ['reset', '--quiet', '--hard', commit], inHome)
  await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], inHome)
  // Without changesets the versions are what they are, and changesets calls it a fault to ask for others.
  if (globSync('.changeset/*.md', { cwd: home }).length > 0) {
    if ((await run('git', ['rev-parse', '--is-shallow-repository'], inHome)).trim() === 'true') {
      // It would look for the commits of the changesets for ever.
      throw new Error('a shallow clone does not know when its changesets were added: git fetch --unshallow')
    }
    await run('pnpm', ['release:version'], inHome)
  }
  await run('pnpm', ['build'], inHome)
  tamper(home)
  await run('pnpm', ['changeset', 'pack', '--out-dir', packs], { cwd: home, env: { ...env, ...registry.env } })
  const tarballs = globSync(join(packs, 'packages/*.tgz')).map((path) => {
    const name = /^plainwire-(.*)-\d/.exec(basename(path))?.[1] ?? basename(path)
    return { name, path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }
  })
  return { home, packs, tarballs: tarballs.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}
