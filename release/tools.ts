// The programs that only a release needs: other runtimes and installers, a registry, and what looks for faults in packages.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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

/**
 * Installs them into a folder of `directory`, or finds them there from the last time: one for each list of them. Whoever
 * else does so at the same time does no harm.
 */
export async function installTools(directory: string): Promise<Tools> {
  const wanted = readFileSync(new URL('tools/package.json', import.meta.url), 'utf8')
  const home = join(directory, createHash('sha256').update(wanted).digest('hex').slice(0, 16))
  if (!existsSync(home)) {
    const underWay = `${home}.${process.pid}`
    mkdirSync(underWay, { recursive: true })
    writeFileSync(join(underWay, 'package.json'), wanted)
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: underWay })
    try {
      renameSync(underWay, home)
    } catch (error) {
      if (!existsSync(home)) throw error
      rmSync(underWay, { recursive: true }) // another was faster
    }
  }
  const modules = join(home, 'node_modules')
  const bin = join(modules, '.bin')
  return {
    // `node22` and the like are packages of one name, whose only program is `node`.
    program: (name) => (/^node\d/.test(name) ? join(modules, name, 'bin/node') : join(bin, name)),
    library: (name) => join(modules, name),
    env: { PATH: [bin, process.env['PATH']].join(delimiter) },
  }
}
