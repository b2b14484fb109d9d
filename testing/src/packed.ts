// The packages as people get them: built, packed, and installed into an empty folder.

import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const onWindows = process.platform === 'win32'

function run(command: string, args: readonly string[], cwd: string): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', shell: onWindows })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${stdout}\n${stderr}`)
  return stdout
}

/** Builds and packs all packages, and installs the tarballs into an empty folder in `directory`, whose path it gives. */
export function installPacked(directory: string): string {
  const tarballs = join(directory, 'tarballs')
  const home = join(directory, 'home')
  mkdirSync(tarballs)
  mkdirSync(home)
  run('npx', ['-y', 'pnpm@12', 'build'], ROOT)
  for (const name of readdirSync(join(ROOT, 'packages'))) {
    run('npx', ['-y', 'pnpm@12', 'pack', '--pack-destination', tarballs], join(ROOT, 'packages', name))
  }
  writeFileSync(join(home, 'package.json'), '{ "private": true, "type": "module" }\n')
  const files = readdirSync(tarballs).map((file) => join(tarballs, file))
  // Offline: whatever the packages need beyond each other would show here.
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...files], home)
  return home
}

/** The path of a Node of that major version, from the package registry. */
export function installNode(major: number, directory: string): string {
  const prefix = join(directory, `node-${major}`)
  mkdirSync(prefix)
  writeFileSync(join(prefix, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }\n')
  run('npm', ['install', '--no-audit', '--no-fund', `node@${major}`], prefix)
  return join(prefix, 'node_modules', 'node', 'bin', onWindows ? 'node.exe' : 'node')
}
