// The programs that only a release needs: other runtimes and installers, a registry, and what looks for faults in packages.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.ts'

export interface Tools {
  /** The path of a program. */
  readonly program: (name: string) => string
  /** The path of a package. */
  readonly library: (name: string) => string
  /** For the environment of one that starts others by name. */
  readonly env: { readonly PATH: string }
}

/** Installs them into `directory`, unless the same were installed there the last time. */
export async function installTools(directory: string): Promise<Tools> {
  mkdirSync(directory, { recursive: true })
  const wanted = readFileSync(new URL('tools/package.json', import.meta.url), 'utf8')
  const modules = join(directory, 'node_modules')
  const isComplete = join(modules, '.complete')
  if (!existsSync(isComplete) || readFileSync(isComplete, 'utf8') !== wanted) {
    writeFileSync(join(directory, 'package.json'), wanted)
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: directory })
    writeFileSync(isComplete, wanted)
  }
  const bin = join(modules, '.bin')
  return {
    // `node22` and the like are packages of one name, whose only program is `node`.
    program: (name) => (/^node\d/.test(name) ? join(modules, name, 'bin/node') : join(bin, name)),
    library: (name) => join(modules, name),
    env: { PATH: [bin, process.env['PATH']].join(delimiter) },
  }
}
