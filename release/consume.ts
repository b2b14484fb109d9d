// Strangers who install one package each: every installer into an empty folder, every runtime on what it installed.

import { cpSync, globSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { entries } from './entries.ts'
import type { Registry } from './registry.ts'
import { type Ended, outcome, run } from './run.ts'
import type { Tools } from './tools.ts'

/** A small program for each library. */
export const CONSUMERS = fileURLToPath(new URL('consumers', import.meta.url))

type Installer = 'npm' | 'pnpm' | 'bun' | 'deno'

const INSTALL: Readonly<Record<Installer, readonly string[]>> = {
  npm: ['install', '--no-audit', '--no-fund', '--loglevel=error'],
  pnpm: ['install', '--ignore-workspace', '--config.minimumReleaseAge=0'],
  bun: ['install', '--no-progress'],
  // It distrusts what is younger than a day, as all of this is.
  deno: ['install', '--minimum-dependency-age=0', '--quiet'],
}

/** On what an installer left, who runs it: the programs of tools.ts, and how they are told to run a file. */
const RUNTIMES: readonly (readonly [Installer, name: string, ...args: string[]])[] = [
  ['npm', 'node22.12'], // the oldest that the manifests allow
  ['npm', 'node22'],
  ['npm', 'node24'],
  ['npm', 'node26'],
  ['npm', 'bun'],
  ['npm', 'deno', 'run', '--allow-all', '--quiet'],
  ['pnpm', 'node26'],
  ['bun', 'bun'],
  ['deno', 'deno', 'run', '--allow-all', '--quiet'],
]

/** What a runtime is known to lack: the documented error is an answer there, and a fault where it is not. */
const LACKS: Readonly<Record<string, readonly string[]>> = {
  'node22.12': ['createSocket', 'threadPerClient', 'bindOnly'],
  node22: ['createSocket', 'threadPerClient', 'bindOnly'],
  bun: ['createSocket', 'threadPerClient', 'bindOnly', 'NtpClock'],
  deno: ['createSocket', 'threadPerClient', 'bindOnly', 'NtpClock'],
}

export interface Verdict {
  readonly package: string
  readonly installer: Installer
  readonly runtime: string
  /** `ok`, or `ok, without …` what the runtime is too old for, or what went wrong. */
  readonly result: string
  readonly ok: boolean
}

export interface Consumed {
  readonly name: string
  /** Where npm installed it. */
  readonly home: string
  readonly verdicts: readonly Verdict[]
  /** Of all that an install leaves, the packages of the family that it needs included. */
  readonly files: number
  readonly bytes: number
}

/** Installs the package with every installer, runs its consumer on every runtime, and requires each of its entries. */
export async function consume(name: string, directory: string, registry: Registry, tools: Tools): Promise<Consumed> {
  const homes = new Map<Installer, string>()
  const verdicts: Verdict[] = []
  for (const [installer, args] of Object.entries(INSTALL) as [Installer, readonly string[]][]) {
    const home = join(directory, `${name}-by-${installer}`)
    mkdirSync(home)
    cpSync(CONSUMERS, home, { recursive: true })
    writeFileSync(join(home, '.npmrc'), registry.npmrc)
    const manifest = { private: true, type: 'module', dependencies: { [`@plainwire/${name}`]: '*' } }
    writeFileSync(join(home, 'package.json'), JSON.stringify(manifest))
    const program = installer === 'npm' ? 'npm' : tools.program(installer)
    const ended = await outcome(program, args, { cwd: home, env: tools.env })
    if (ended.status === 0) homes.set(installer, home)
    else verdicts.push({ package: name, installer, runtime: 'install', ok: false, result: whatWentWrong(ended) })
  }
  for (const [installer, runtime, ...args] of RUNTIMES) {
    const home = homes.get(installer)
    if (home === undefined) continue
    const ended = await outcome(tools.program(runtime), [...args, `${name}.mjs`], { cwd: home, env: tools.env })
    verdicts.push({ package: name, installer, runtime, ...judge(runtime, ended) })
  }
  const byNpm = homes.get('npm')
  if (byNpm === undefined) return { name, home: '', verdicts, files: NaN, bytes: NaN }
  const importable = entries(join(byNpm, 'node_modules/@plainwire', name, 'package.json'))
    .filter(({ types }) => types !== undefined)
    .map(({ subpath }) => `@plainwire/${name}${subpath.slice(1)}`)
  const program = `console.log(${JSON.stringify(importable)}.map((entry) => typeof require(entry)).join())`
  const required = await outcome(tools.program('node22.12'), ['--input-type=commonjs', '-e', program], { cwd: byNpm })
  const ok = required.stdout === `${importable.map(() => 'object').join()}\n`
  verdicts.push({
    package: name,
    installer: 'npm',
    runtime: 'require()',
    ok,
    result: ok ? 'ok' : whatWentWrong(required),
  })
  return { name, home: byNpm, verdicts, ...footprintOf(byNpm) }
}

/** The command line, as somebody has it who wants nothing else: in a prefix of its own. */
export async function consumeCli(directory: string, registry: Registry, tools: Tools): Promise<Consumed> {
  const prefix = join(directory, 'global')
  mkdirSync(prefix)
  const install = [
    'install',
    '--global',
    '--prefix',
    prefix,
    '--userconfig',
    registry.npmrcPath,
    ...INSTALL.npm.slice(1),
  ]
  await run('npm', [...install, '@plainwire/cli'], { cwd: directory })
  const verdicts: Verdict[] = []
  for (const runtime of ['node22.12', 'node22', 'node24', 'node26']) {
    const args = [join(prefix, 'bin/plainwire'), 'tour', '--json']
    const { stdout, stderr, status } = await outcome(tools.program(runtime), args, { cwd: directory })
    const lessons = stdout === '' ? [] : (JSON.parse(stdout) as { id: string; ok: boolean; fault?: string }[])
    const failed = lessons.filter(({ ok }) => !ok)
    // A Node that is too old for a lesson is named by it, with the version that is needed.
    const ok = lessons.length === 15 && failed.every(({ fault }) => /26\.[46]/.test(fault ?? ''))
    const missing = failed.map(({ id }) => id).join(', ')
    const result = ok ? (missing ? `ok, without ${missing}` : 'ok') : whatWentWrong({ stdout, stderr, status })
    verdicts.push({ package: 'cli', installer: 'npm', runtime, ok, result })
  }
  const home = join(prefix, 'lib')
  return { name: 'cli', home, verdicts, ...footprintOf(home) }
}

/** What a consumer's end says of the runtime that ran it. */
export function judge(runtime: string, ended: Ended): Pick<Verdict, 'ok' | 'result'> {
  if (ended.status !== 0) return { ok: false, result: whatWentWrong(ended) }
  const { unsupported } = JSON.parse(ended.stdout) as { unsupported: readonly string[] }
  if (unsupported.length === 0) return { ok: true, result: 'ok' }
  const ok = unsupported.every((feature) => LACKS[runtime]?.includes(feature))
  return { ok, result: `${ok ? 'ok, ' : ''}without ${unsupported.join(', ')}` }
}

function whatWentWrong({ stdout, stderr, status }: Ended): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  // Runtimes differ in how much source they show before they say what was wrong.
  const telling = lines.findIndex((line) => /^\W*(?:uncaught )?(?:npm )?\w*error\b/i.test(line))
  return `exit ${status}: ${lines.slice(Math.max(telling, 0)).slice(0, 6).join(' | ').slice(0, 600)}`
}

/** Of what npm left in `node_modules`. */
export function footprintOf(home: string): Pick<Consumed, 'files' | 'bytes'> {
  const entries = globSync('node_modules/**', { cwd: home, withFileTypes: true })
  // npm's own note of what it did is no file of anybody's.
  const files = entries.filter((entry) => entry.isFile() && entry.name !== '.package-lock.json')
  const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0)
  return { files: files.length, bytes }
}
