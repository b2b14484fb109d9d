// A release from beginning to end, before anybody sees it: versions, build, pack, checks, publish to a registry on
// loopback, install with every installer, run on every runtime.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { surfaceFaults } from './agreed-surface.ts'
import { headCommit, makeCandidate } from './candidate.ts'
import { type Consumed, consume, consumeCli, type Verdict } from './consume.ts'
import { contentFaults, type Contents, unpack } from './contents.ts'
import { LIBRARIES, PACKAGES } from './family.ts'
import { passGates } from './gates.ts'
import { checkForJsr } from './jsr.ts'
import { startRegistry } from './registry.ts'
import { run } from './run.ts'
import { describeContents } from './sbom.ts'
import { measureEntries, type EntrySize, overBudget } from './sizes.ts'
import type { Tools } from './tools.ts'

export interface Rehearsal {
  readonly verdicts: readonly Verdict[]
  readonly contents: readonly Contents[]
  readonly consumed: readonly Consumed[]
  readonly sizes: readonly EntrySize[]
  /** The directory of the bills of materials, one for each package. */
  readonly bills: string
  /** One line for each; none: nothing is in the way of a release. */
  readonly faults: readonly string[]
}

export interface RehearsalOptions {
  /** An empty directory for all that is made. */
  readonly directory: string
  readonly tools: Tools
  /** Which to look into, install and run. Default all. */
  readonly packages?: readonly string[]
  /** Told of each step as it ends. */
  readonly say?: (step: string) => void
  /** Changes what is packed, which then is built once. */
  readonly tamper?: (home: string) => void
}

export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const { directory, tools, packages = PACKAGES, say = () => {}, tamper } = options
  const make = (name: string): string => {
    const path = join(directory, name)
    mkdirSync(path)
    return path
  }
  await using registry = await startRegistry(make('registry'), tools)
  const commit = await headCommit()
  const candidate = await makeCandidate(commit, make('first'), tools, registry, tamper)
  const again = tamper ? candidate : await makeCandidate(commit, make('second'), tools, registry)
  const faults = candidate.tarballs
    .filter(({ sha256 }, index) => again.tarballs[index]?.sha256 !== sha256)
    .map(({ name }) => `${name}: two builds of one commit give two tarballs`)
  say(`built and packed: ${candidate.tarballs.map(({ name }) => name).join(', ')}`)

  const contents = await unpack(candidate, make('contents'))
  faults.push(...contents.flatMap(contentFaults))
  faults.push(...(await passGates(candidate, tools, packages)), ...(await describeContents(candidate, tools)))
  const libraries = LIBRARIES.filter((name) => packages.includes(name))
  faults.push(...libraries.flatMap((name) => surfaceFaults(candidate.home, name)))
  faults.push(...(await checkForJsr(candidate, tools, registry)))
  say('looked for faults with publint, attw, knip, deno and actionlint; wrote down the contents')

  await run('pnpm', ['changeset', 'publish', '--from-pack-dir', candidate.packs], {
    cwd: candidate.home,
    env: { ...tools.env, ...registry.env },
  })
  say(`published to ${registry.url}`)

  const homes = make('installs')
  const consumed = await Promise.all([
    ...libraries.map((name) => consume(name, homes, registry, tools)),
    ...(packages.includes('cli') ? [consumeCli(homes, registry, tools)] : []),
  ])
  const verdicts = consumed.flatMap(({ verdicts }) => verdicts)
  faults.push(
    ...verdicts
      .filter(({ ok }) => !ok)
      .map(({ package: name, installer, runtime, result }) => `${name} by ${installer}, ${runtime}: ${result}`),
  )
  say('installed and run')

  const sizes = await measureEntries(
    consumed.filter(({ name }) => name !== 'cli'),
    tools,
  )
  faults.push(...overBudget(sizes))
  return { verdicts, contents, consumed, sizes, bills: join(candidate.packs, 'sbom'), faults }
}
