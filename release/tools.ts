// The programs that only a release needs: other runtimes and installers, a registry, and what looks for faults in packages.

import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.ts'

export interface Tools {
  /** The path of a program. */
  readonly program: (name: string) => string
  /** For the environment of one that starts others by name. */
  readonly env: { readonly PATH: string }
}

/** Installs them into `directory`, or finds them there from the last time. */
export async function installTools(directory: string): Promise<Tools> {
  mkdirSync(directory, { recursive: true })
  copyFileSync(new URL('tools/package.json', import.meta.url), join(directory, 'package.json'))
  const modules = join(directory, 'node_modules')
  if (!existsSync(join(modules, '.package-lock.json'))) {
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: directory })
  }
  const bin = join(modules, '.bin')
  return {
    // `node22` and the like are packages of one name, whose only program is `node`.
    program: (name) => (/^node\d/.test(name) ? join(modules, name, 'bin/node') : join(bin, name)),
    env: { PATH: [bin, process.env['PATH']].join(delimiter) },
  }
}
