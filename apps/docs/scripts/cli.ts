// The command line of this repository, as it is at this moment.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const START = fileURLToPath(new URL('src/start.ts', import.meta.resolve('@plainwire/cli/package.json')))

/** What `plainwire …` prints; rejects unless it succeeds. */
export async function plainwire(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [START, ...args], { maxBuffer: 1 << 26 })
  return stdout
}
