import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryDirectory } from '@plainwire/testing'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'src/protocol')),
)

describe('the guards of protocol/', () => {
  // A copy of the real configuration beside a real protocol folder: the probes must not lie in the tree itself.
  const copy = temporaryDirectory()
  const folder = join(copy.path, 'packages/socket-utils/src/protocol')

  beforeAll(() => {
    for (const file of [
      'package.json',
      'tsconfig.json',
      'tsconfig.protocol.json',
      'text-encoding.d.ts',
      '.oxlintrc.json',
    ]) {
      cpSync(join(root, file), join(copy.path, file))
    }
    mkdirSync(folder, { recursive: true })
    cpSync(join(root, 'packages/socket-utils/src/protocol/tsconfig.json'), join(folder, 'tsconfig.json'))
    symlinkSync(join(root, 'node_modules'), join(copy.path, 'node_modules'))
  })
  afterAll(() => copy[Symbol.dispose]())

  function check(tool: 'tsc' | 'oxlint', source: string): string {
    writeFileSync(join(folder, 'probe.ts'), source)
    const args = tool === 'tsc' ? ['-p', join(folder, 'tsconfig.json')] : ['--format', 'unix', join(folder, 'probe.ts')]
    const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', tool), args, {
      cwd: copy.path,
      encoding: 'utf8',
    })
    return stdout + stderr
  }

  const pure = 'export const length = (text: string): number => new TextEncoder().encode(text).length\n'

  test('let a pure file pass', () => {
    expect(check('tsc', pure)).toBe('')
    expect(check('oxlint', pure)).not.toMatch(/\[Error/)
  })

  test.each([
    ["import { connect } from 'node:net'\nexport { connect }\n", /node:net/],
    ["export const bytes = Buffer.from('x')\n", /Buffer/],
    ['export const timer = setTimeout(() => {}, 1)\n', /setTimeout/],
    ["export const page = fetch('http://127.0.0.1/')\n", /fetch/],
    ['export const argument = process.argv[2]\n', /process/],
    ["console.log('x')\n", /console/],
  ])('the compiler refuses %j', (source, named) => {
    expect(check('tsc', source)).toMatch(named)
  })

  test.each([
    ['export const now = Date.now()\n', /Date/],
    ['export const bits = Math.random()\n', /random/],
    ['export const everything = globalThis\n', /globalThis/],
    ["import { query } from '@plainwire/ntp-client'\nexport { query }\n", /ntp-client/],
    ["import { connect } from '@plainwire/socket-utils'\nexport { connect }\n", /socket-utils/],
    ["import { connect } from '../connect.ts'\nexport { connect }\n", /connect\.ts/],
  ])('the linter refuses %j', (source, named) => {
    const said = check('oxlint', source)
    expect(said).toMatch(named)
    expect(said).toMatch(/\[Error/)
  })

  test('the linter, type-aware, refuses a floating promise', () => {
    writeFileSync(join(folder, 'probe.ts'), 'export async function go(): Promise<void> {}\ngo()\n')
    const { stdout } = spawnSync(
      join(root, 'node_modules/.bin/oxlint'),
      ['--type-aware', '--format', 'unix', join(folder, 'probe.ts')],
      { cwd: copy.path, encoding: 'utf8' },
    )
    expect(stdout).toMatch(/no-floating-promises/)
  })

  test.each(packages)('%s is checked with them', (name) => {
    const manifest = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')
    expect(manifest).toContain('tsc -p src/protocol/tsconfig.json')
    const config = readFileSync(join(root, 'packages', name, 'src/protocol/tsconfig.json'), 'utf8')
    expect(config).toContain('tsconfig.protocol.json')
  })
})
