// What looks for faults in a release finds them: one sound candidate, spoiled in one place at a time.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryDirectory } from '@plainwire/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { surfaceFaults, writeSurface } from '../release/agreed-surface.ts'
import { type Candidate, headCommit, makeCandidate } from '../release/candidate.ts'
import { contentFaults, type Contents, unpack } from '../release/contents.ts'
import { LIBRARIES } from '../release/family.ts'
import { passGates } from '../release/gates.ts'
import { checkForJsr } from '../release/jsr.ts'
import { type Registry, startRegistry } from '../release/registry.ts'
import { describeContents } from '../release/sbom.ts'
import { overBudget } from '../release/sizes.ts'
import { installTools, type Tools } from '../release/tools.ts'

// Releases are made on Linux; npm and pnpm are no programs on Windows but scripts.
describe.skipIf(process.platform === 'win32')('the gates', () => {
  const scratch = temporaryDirectory()
  let tools: Tools
  let registry: Registry
  let candidate: Candidate
  let contents: readonly Contents[]

  beforeAll(async () => {
    const make = (name: string): string => {
      mkdirSync(join(scratch.path, name))
      return join(scratch.path, name)
    }
    tools = await installTools(process.env['PLAINWIRE_RELEASE_TOOLS'] ?? join(tmpdir(), 'plainwire-release-tools'))
    registry = await startRegistry(make('registry'), tools)
    candidate = await makeCandidate(await headCommit(), make('candidate'), tools, registry)
    // Whether the surface is the agreed one is for the rehearsal to say; here, whether a change of it is seen.
    for (const name of LIBRARIES) writeSurface(candidate.home, name)
    contents = await unpack(candidate, make('contents'))
  }, 300_000)
  afterAll(async () => {
    await registry?.[Symbol.asyncDispose]()
    scratch[Symbol.dispose]()
  })

  /** Changes a file of the candidate for as long as the returned value is in scope. */
  function spoil(path: string, change: (text: string) => string): Disposable {
    const file = join(candidate.home, path)
    const sound = readFileSync(file, 'utf8')
    const spoiled = change(sound)
    expect(spoiled, `${path} is as it was`).not.toBe(sound)
    writeFileSync(file, spoiled)
    return { [Symbol.dispose]: () => writeFileSync(file, sound) }
  }

  const allSurfaceFaults = () => LIBRARIES.flatMap((name) => surfaceFaults(candidate.home, name))
  const contentsOf = (name: string): Contents => {
    const found = contents.find((packed) => packed.name === name)
    if (found === undefined) throw new Error(`${name} was not packed`)
    return found
  }

  test('let a sound release pass', async () => {
    expect(allSurfaceFaults()).toEqual([])
    expect(contents.flatMap(contentFaults)).toEqual([])
    expect(await checkForJsr(candidate, tools, registry)).toEqual([])
  })

  test.each([
    [
      'a name less',
      'packages/ntp-client/dist/index.d.ts',
      (text: string) => text.replace(/export \{ query\b.*\n/, ''),
      '- function query(',
    ],
    [
      'a name more',
      'packages/socket-utils/dist/protocol/endpoint.d.ts',
      (text: string) => `${text}\nexport declare const surprise: 1\n`,
      '+ const surprise: 1',
    ],
    [
      'an option of another type',
      'packages/ntp-client/dist/client.d.ts',
      (text: string) => text.replace('timeoutMs?: number', 'timeoutMs?: string'),
      '+ readonly timeoutMs?: string',
    ],
    [
      'what a public declaration is made of, changed',
      'packages/ntp-client/dist/protocol/rate-limit.d.ts',
      (text: string) => text.replace('burst?: number', 'burst: number'),
      '+ readonly burst: number',
    ],
  ])('see in the public surface %s', (_, path, change, said) => {
    using _spoiled = spoil(path, change)
    expect(allSurfaceFaults()).toEqual([expect.stringContaining(said)])
  })

  test.each([
    ['another version', 'deno.json', '"version": "', '"version": "9', /deno\.json has version "9/],
    ['an entry less', 'deno.json', '"./packet": "./src/packet.ts",', '', /deno\.json has exports/],
    [
      'a type that has to be inferred',
      'src/packet.ts',
      /^/,
      'export const slow = [1].map(String)\n',
      /missing-explicit.*src\/packet\.ts/,
    ],
  ])('see for JSR %s', async (_, file, sound, spoiled, said) => {
    using _spoiled = spoil(`packages/ntp-client/${file}`, (text) => text.replace(sound, spoiled))
    expect(await checkForJsr(candidate, tools, registry)).toContainEqual(expect.stringMatching(said))
  })

  test('see that a source cannot be run', async () => {
    using _spoiled = spoil('packages/ntp-client/src/packet.ts', (text) => text.replace(/\bdecodePacket,/, ''))
    expect(await checkForJsr(candidate, tools, registry)).toContainEqual(
      expect.stringMatching(/^ntp-client from its sources, deno: .*decodePacket/),
    )
  })

  test('see that a source map is missing, is not named, or has no sources', () => {
    const { home, files, ...rest } = contentsOf('http-client')
    const [code, map] = [join(home, 'dist/parser.js'), join(home, 'dist/index.js.map')]
    const sound = [readFileSync(code, 'utf8'), readFileSync(map, 'utf8')] as const
    try {
      writeFileSync(code, sound[0].replace(/\/\/# sourceMappingURL.*/, ''))
      const { sourcesContent: _, ...bare } = JSON.parse(sound[1]) as { sourcesContent: string[] }
      writeFileSync(map, JSON.stringify(bare))
      expect(contentFaults({ ...rest, home, files })).toEqual([
        expect.stringMatching(/dist\/index\.js\.map lacks the source of src\//),
        'http-client: dist/parser.js names no source map',
      ])
      rmSync(map)
      expect(contentFaults({ ...rest, home, files })).toContain(
        'http-client: dist/index.js names a source map that is not there',
      )
    } finally {
      writeFileSync(code, sound[0])
      writeFileSync(map, sound[1])
    }
  })

  test.each([
    ['a test', 'dist/connect.test.d.ts'],
    ['a source', 'src/connect.ts'],
    ['a map of declarations', 'dist/index.d.ts.map'],
  ])('see that %s is packed', (_, file) => {
    const sound = contentsOf('socket-utils')
    expect(contentFaults({ ...sound, files: sound.files.toSpliced(0, 0, file) })).toContain(
      `socket-utils: nobody needs ${file}`,
    )
  })

  test('see that a licence is missing', () => {
    const sound = contentsOf('socket-utils')
    expect(contentFaults({ ...sound, files: sound.files.filter((file) => file !== 'LICENSE') })).toEqual([
      'socket-utils has no LICENSE',
    ])
  })

  test('see an entry over its budget, and one without', () => {
    const size = { minified: 100, compressed: 51 }
    expect(overBudget([{ entry: 'a', ...size, budget: 51 }])).toEqual([])
    expect(overBudget([{ entry: 'a', ...size, budget: 50 }])).toEqual(['a is 51 bytes min+gz, and 50 is the most'])
    expect(overBudget([{ entry: 'a', ...size, budget: undefined }])).toEqual([
      expect.stringContaining('no size budget'),
    ])
  })

  test('see an unused file, and a job that waits for one that is not there', async () => {
    writeFileSync(join(candidate.home, 'release/nobody.ts'), 'export const nothing = 1\n')
    using _spoiled = spoil('.github/workflows/docs.yml', (text) => text.replace('needs: build', 'needs: biuld'))
    const faults = await passGates(candidate, tools)
    rmSync(join(candidate.home, 'release/nobody.ts'))
    expect(faults).toEqual([
      expect.stringMatching(/^knip: .*release\/nobody\.ts/),
      expect.stringMatching(/^actionlint: \.github\/workflows\/docs\.yml:\d+: .*biuld/),
    ])
  }, 120_000)

  test('see that a bundled package has no notice', async () => {
    using _spoiled = spoil('packages/cli/THIRD-PARTY-NOTICES', (text) => text.replaceAll('@stricli/core', 'nobody'))
    expect(await describeContents(candidate, tools)).toEqual([
      'packages/cli brings @stricli/core, and THIRD-PARTY-NOTICES does not say so',
    ])
    const bill = JSON.parse(readFileSync(join(candidate.packs, 'sbom/plainwire-cli.json'), 'utf8')) as {
      components: readonly { readonly name: string }[]
    }
    expect(bill.components.map(({ name }) => name)).toContain('@stricli/core')
  }, 120_000)
})
