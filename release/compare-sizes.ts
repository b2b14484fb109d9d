// `pnpm sizes`: what each library weighs beside packages that are used for the same. Those come from the npm registry into a
// scratch folder; ours are the packed files of the commit at HEAD.
//
//   PLAINWIRE_RELEASE_TOOLS=DIRECTORY keeps the tools for the next time.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@plainwire/testing'
import { headCommit, makeCandidate } from './candidate.ts'
import { footprintOf } from './consume.ts'
import { unpack } from './contents.ts'
import { LIBRARIES } from './family.ts'
import { startRegistry } from './registry.ts'
import { run } from './run.ts'
import { measureEntries, sizeOf } from './sizes.ts'
import { formatTable } from './table.ts'
import { installTools } from './tools.ts'

const PEERS = ['ntp-time-sync@0.5.0', 'undici@8.12.4', 'http-parser-js@0.5.10', 'get-port@7.2.0', 'stoppable@1.1.0']

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1)
const nameOf = (tarball: string): string => tarball.replace(/@[^@]*$/, '')

using scratch = temporaryDirectory()
const make = (name: string): string => {
  const path = join(scratch.path, name)
  mkdirSync(path, { recursive: true })
  return path
}
const tools = await installTools(process.env['PLAINWIRE_RELEASE_TOOLS'] ?? join(scratch.path, 'tools'))
await using registry = await startRegistry(make('registry'), tools)
const { tarballs } = await makeCandidate(await headCommit(), make('candidate'), tools, registry)

const ours = tarballs.filter(({ name }) => LIBRARIES.includes(name))
const fetched = make('fetched')
const peers = await Promise.all(
  PEERS.map(async (peer) => {
    const file = await run('npm', ['pack', '--silent', peer], { cwd: fetched })
    return { name: nameOf(peer), path: join(fetched, file.trim()), sha256: '' }
  }),
)

/** Installs tarballs into an empty folder, with whatever they need from the registry. */
async function install(name: string, paths: readonly string[]): Promise<string> {
  const home = make(`installed/${name}`)
  writeFileSync(join(home, 'package.json'), '{ "private": true, "type": "module" }')
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...paths], { cwd: home })
  return home
}

const core = ours.filter(({ name }) => name === 'socket-utils').map(({ path }) => path)
const homes = new Map(
  await Promise.all([
    ...ours.map(async ({ name, path }) => [name, await install(name, [...new Set([path, ...core])])] as const),
    ...peers.map(async ({ name, path }) => [name, await install(name, [path])] as const),
  ]),
)
const homeOf = (name: string): string => homes.get(name) ?? ''

const contents = await unpack({ tarballs: [...ours, ...peers] }, make('contents'))
const inOrder = [...LIBRARIES, ...peers.map(({ name }) => name)].flatMap(
  (name) => contents.find((packed) => packed.name === name) ?? [],
)
console.log(
  formatTable([
    ['package', 'packed', 'unpacked', 'files', 'installed, with what it needs', 'files'],
    ...inOrder.map(({ name, packedBytes, unpackedBytes, files }) => {
      const installed = footprintOf(homeOf(name))
      const own = [kilobytes(packedBytes), kilobytes(unpackedBytes), String(files.length)]
      return [name, ...own, kilobytes(installed.bytes), String(installed.files)]
    }),
  ]),
)

const ourEntries = await measureEntries(
  LIBRARIES.map((name) => ({ name, home: homeOf(name) })),
  tools,
)
const theirEntries = await Promise.all(
  peers.map(async ({ name }) => ({ entry: name, ...(await sizeOf(name, homeOf(name), tools)) })),
)
console.log()
console.log(
  formatTable([
    ['entry', 'min', 'min+gz'],
    ...[...ourEntries, ...theirEntries].map(({ entry, minified, compressed }) => [
      entry,
      kilobytes(minified),
      kilobytes(compressed),
    ]),
  ]),
)
console.log('\nkB of 1000 bytes; min and min+gz with all that an entry imports at once, Node’s own modules apart')
