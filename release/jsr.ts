// JSR takes sources, not what was built, and has a manifest of its own for each library: deno.json, which must say what
// package.json says.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Candidate } from './candidate.ts'
import { judge } from './consume.ts'
import { type Manifest, readManifest } from './entries.ts'
import { LIBRARIES } from './family.ts'
import type { Registry } from './registry.ts'
import { outcome } from './run.ts'
import type { Tools } from './tools.ts'

/** One line for each fault. Nothing is sent to anybody: whatever Deno would ask of JSR goes to `registry`. */
export async function checkForJsr({ home }: Candidate, tools: Tools, registry: Registry): Promise<string[]> {
  const faults = LIBRARIES.flatMap((name) => disagreements(join(home, 'packages', name)))
  // What the compiler says of the sources was said before; this looks for types that only a compiler could tell.
  const args = ['publish', '--dry-run', '--allow-dirty', '--no-check']
  const env = { ...tools.env, JSR_URL: registry.url }
  const { status, stdout, stderr } = await outcome(tools.program('deno'), args, { cwd: home, env })
  if (status === 0) return [...faults, ...(await runSources(home, { program: tools.program('deno'), env }))]
  const slow = [...`${stdout}\n${stderr}`.matchAll(/^error\[.*\n.*-->.*$/gm)].map(([found]) =>
    found.replace(/\s*-->\s*/, ' in ').replace(`${home}/`, ''),
  )
  return [...faults, ...(slow.length > 0 ? slow : [stderr.slice(-600)]).map((what) => `deno publish: ${what}`)]
}

/** As who installs from JSR gets them: no build, Deno reads the TypeScript. */
async function runSources(
  home: string,
  { program, env }: { readonly program: string; readonly env: NodeJS.ProcessEnv },
): Promise<string[]> {
  const cwd = join(home, 'release/consumers') // within the workspace, where the libraries are known by name
  const ended = LIBRARIES.map(async (name) => {
    const args = ['run', '--allow-all', '--quiet', `${name}.mjs`]
    const { ok, result } = judge('deno', await outcome(program, args, { cwd, env }))
    return ok ? [] : [`${name} from its sources, deno: ${result}`]
  })
  return (await Promise.all(ended)).flat()
}

function disagreements(folder: string): string[] {
  const manifest = readManifest(join(folder, 'package.json'))
  const deno = JSON.parse(readFileSync(join(folder, 'deno.json'), 'utf8')) as Partial<Manifest>
  const expected = { name: manifest.name, version: manifest.version, exports: sourcesOf(manifest) }
  return (['name', 'version', 'exports'] as const)
    .filter((key) => JSON.stringify(deno[key]) !== JSON.stringify(expected[key]))
    .map(
      (key) =>
        `${manifest.name}: deno.json has ${key} ${JSON.stringify(deno[key])}, package.json ${JSON.stringify(expected[key])}`,
    )
}

/** Examples are for this workspace. */
function sourcesOf({ exports }: Manifest): Manifest['exports'] {
  return Object.fromEntries(
    Object.entries(exports).filter(([subpath]) => subpath !== './package.json' && !subpath.includes('*')),
  )
}
