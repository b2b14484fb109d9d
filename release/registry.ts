// A registry of our own on loopback, real but without any upstream: what the packages need besides each other is missed here.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPeer, unusedPort } from '@plainwire/testing'
import type { Tools } from './tools.ts'

export interface Registry extends AsyncDisposable {
  readonly url: string
  /** Configuration for npm, pnpm, bun and Deno: this registry and no other. As text, and as a file. */
  readonly npmrc: string
  readonly npmrcPath: string
  /** The same for the environment of a program. Said twice, and above every file: nothing may go anywhere else. */
  readonly env: NodeJS.ProcessEnv
}

const CONFIG = `
storage: ./storage
auth: { htpasswd: { file: ./htpasswd } }
uplinks: {}
packages: { '@plainwire/*': { access: $anonymous, publish: $anonymous }, '**': { access: $anonymous } }
log: { type: stdout, format: pretty, level: warn }
`

export async function startRegistry(directory: string, tools: Tools): Promise<Registry> {
  const config = join(directory, 'verdaccio.yaml')
  writeFileSync(config, CONFIG)
  const port = await unusedPort()
  const url = `http://127.0.0.1:${port}/`
  const peer = startPeer(tools.program('verdaccio'), ['--config', config, '--listen', `127.0.0.1:${port}`])
  for (;;) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined)
    if (answer?.ok) break
    if (peer.process.exitCode !== null) throw new Error(`the registry ended:\n${peer.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  // npm publishes to nobody without a token, whatever it is.
  const npmrc = `registry=${url}\n//127.0.0.1:${port}/:_authToken=anybody\n`
  const npmrcPath = join(directory, 'npmrc')
  writeFileSync(npmrcPath, npmrc)
  const env = { NPM_CONFIG_USERCONFIG: npmrcPath, npm_config_registry: url }
  return { url, npmrc, npmrcPath, env, [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose]() }
}
