// The command as a person runs it: a process, its two streams, its exit code.

import { fileURLToPath } from 'node:url'
import { type Peer, runNode } from '@plainwire/testing'

export const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Neither the locale nor the colours of whoever runs the tests. */
const PLAIN = { LC_ALL: 'C.UTF-8', PLAINWIRE_LANG: '', NO_COLOR: '1', FORCE_COLOR: undefined }

export interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Peer {
  return runNode(MAIN, args, { ...PLAIN, ...env })
}

/** Of an answer that never ends there is a gigabyte in a second: more than a string can hold. */
const MOST_KEPT = 1 << 24

/** Runs it to its end. */
export async function plainwire(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  await using peer = start(args, env)
  let stdout = ''
  let stderr = ''
  peer.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < MOST_KEPT) stdout += text
  })
  peer.process.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return { exitCode: await peer.exited, stdout, stderr }
}
