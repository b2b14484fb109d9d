// The program that uses every strategy, from source and as people ship it: the package's own dist, and a program with
// all of it in one file and the two workers beside it.

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runNode, temporaryDirectory } from '@plainwire/testing'
import { build } from 'tsup'
import { expect, test } from 'vitest'
import config from '../tsup.config.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const program = path('fixtures/every-strategy.ts')

const summary = '{"connections":1,"handlerErrors":0,"resets":0,"cut":0}'
const printed = [
  'bound',
  ...['once', 'iterative', 'concurrent', 'threads'].flatMap((name) => [
    `${name}: through ${name}`,
    `${name}: ${summary}`,
  ]),
  'closed',
]

async function run(file: string, ...args: string[]): Promise<string[]> {
  await using child = runNode(file, args)
  await child.exited
  return child.output().split('\n')
}

test('from source, and nothing keeps the process alive', async () => {
  expect(await run(program)).toEqual(printed)
})

test('in one file, the workers beside it', async () => {
  using directory = temporaryDirectory()
  const entry = {
    program: program,
    echo: path('../src/echo.ts'),
    // As another package's build names them.
    'acceptor-worker': fileURLToPath(import.meta.resolve('@plainwire/socket-server/acceptor-worker')),
    'client-worker': fileURLToPath(import.meta.resolve('@plainwire/socket-server/client-worker')),
  }
  await bundle(directory.path, entry)
  expect(await run(join(directory.path, 'program.mjs'), pathToFileURL(join(directory.path, 'echo.mjs')).href)).toEqual(
    printed,
  )
})

test('as the package is built, its entries beside each other', async () => {
  using directory = temporaryDirectory()
  const { entry } = config as { entry: Record<string, string> }
  await bundle(
    directory.path,
    Object.fromEntries(Object.entries(entry).map(([name, file]) => [name, path(`../${file}`)])),
  )
  for (const name of ['index', 'echo', 'acceptor-worker', 'client-worker']) {
    expect(existsSync(join(directory.path, `${name}.mjs`)), name).toBe(true)
  }
  const user = join(directory.path, 'user.mjs')
  writeFileSync(
    user,
    `import { connect } from 'node:net'
    import { serveThreadPerClient } from './index.mjs'
    const server = await serveThreadPerClient(new URL('./echo.mjs', import.meta.url))
    const socket = connect(server.port, '127.0.0.1')
    socket.on('data', (bytes) => console.log(String(bytes)))
    socket.end('through dist')
    await new Promise((resolve) => socket.on('close', resolve))
    await server.close()`,
  )
  expect(await run(user)).toEqual(['through dist'])
})

function bundle(outDir: string, entry: Record<string, string>): Promise<unknown> {
  return build({
    ...(config as object),
    entry,
    outDir,
    // Outside the workspace nothing says that a .js file is a module, nor where its packages are.
    outExtension: () => ({ js: '.mjs' }),
    noExternal: [/./],
    tsconfig: path('../tsconfig.json'),
    config: false,
    silent: true,
  })
}
