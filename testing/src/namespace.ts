// A network of one's own: a namespace of Linux with nothing in it but what the program sets up, so that a test may take
// any port, drop packets or leave an address silent. It goes away with the program that runs in it.

import { spawnSync } from 'node:child_process'
import { describe, test } from 'vitest'
import { findProgram } from './peers.ts'

/** Gives what to start in order to run a program in a fresh network, after the setup. */
export type InNamespace = (program: string, ...args: readonly string[]) => readonly [string, ...string[]]

/**
 * How this user may have a namespace (root, or anybody where user namespaces are allowed), or why not. `setup` is a shell
 * script that runs in it first, with `arguments` as its own; it stops at the first command that fails.
 */
export function networkNamespace(
  setup = 'ip link set lo up',
  setupArguments: readonly string[] = [],
): InNamespace | string {
  if (process.platform !== 'linux') return 'needs Linux'
  const missing = ['unshare', 'ip', 'mount', 'sh'].filter((name) => findProgram(name) === undefined)
  if (missing.length > 0) return `${missing.join(', ')} not installed`
  const script = `${setup}\nshift ${setupArguments.length}\nexec "$@"`
  const refusals: string[] = []
  for (const flags of [
    ['--net', '--mount'],
    ['--map-root-user', '--net', '--mount'],
  ]) {
    const args = [...flags, 'sh', '-ec', script, 'sh', ...setupArguments]
    const tried = spawnSync('unshare', [...args, 'true'])
    if (tried.status === 0) return (program, ...rest) => ['unshare', ...args, program, ...rest]
    refusals.push(String(tried.stderr).trim())
  }
  return refusals.join('; ')
}

/** A `describe` for tests in a network of their own; where there can be none it is as for a peer that is not installed. */
export function describeInNamespace(
  namespace: InNamespace | string,
  title: string,
  body: (run: InNamespace) => void,
): void {
  if (typeof namespace !== 'string') {
    describe(title, () => body(namespace))
  } else if (process.env['CI'] && process.platform === 'linux') {
    test(`${title}: needs a network namespace, which CI must allow`, () => {
      throw new Error(namespace)
    })
  } else {
    process.stderr.write(`\n!!! SKIPPED: ${title} — no network namespace: ${namespace}\n\n`)
    describe.skip(title, () => body((program, ...args) => [program, ...args]))
  }
}
