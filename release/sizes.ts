// What each entry costs whoever bundles it: minified and compressed, with all that it imports but Node's own modules.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import type { Consumed } from './consume.ts'
import { entries } from './entries.ts'
import { run } from './run.ts'
import type { Tools } from './tools.ts'

const BUDGETS = fileURLToPath(new URL('budgets.json', import.meta.url))

export interface EntrySize {
  /** As it is imported: `@plainwire/http-client/parser`. */
  readonly entry: string
  /** Bytes; what it loads only later is not in it. */
  readonly minified: number
  readonly compressed: number
  /** What `compressed` may be at most. */
  readonly budget: number | undefined
}

/** Every entry that somebody may import. */
export async function measureEntries(
  consumed: readonly Pick<Consumed, 'name' | 'home'>[],
  tools: Tools,
): Promise<EntrySize[]> {
  const budgets = JSON.parse(readFileSync(BUDGETS, 'utf8')) as Readonly<Record<string, number>>
  const entries = consumed
    .filter(({ home }) => home !== '')
    .flatMap(({ name, home }) => entriesOf(`@plainwire/${name}`, home).map((entry) => ({ entry, home })))
  return await Promise.all(
    entries.map(async ({ entry, home }) => {
      const nothing = { minified: NaN, compressed: NaN } // what cannot be imported is a fault of its own
      const size = await sizeOf(entry, home, tools).catch(() => nothing)
      return { entry, ...size, budget: budgets[entry] }
    }),
  )
}

export function overBudget(sizes: readonly EntrySize[]): string[] {
  return sizes.flatMap(({ entry, compressed, budget }) => {
    if (budget === undefined) return [`${entry} has no size budget (release/budgets.json)`]
    if (Number.isNaN(compressed)) return [`${entry} cannot be bundled`]
    return compressed > budget ? [`${entry} is ${compressed} bytes min+gz, and ${budget} is the most`] : []
  })
}

function entriesOf(name: string, home: string): string[] {
  return entries(join(home, 'node_modules', name, 'package.json'))
    .filter(({ types }) => types !== undefined)
    .map(({ subpath }) => name + subpath.slice(1))
}

interface Metafile {
  readonly outputs: Readonly<Record<string, Output>>
}

interface Output {
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
}

/** `home` is where its package is installed. */
export async function sizeOf(
  entry: string,
  home: string,
  tools: Tools,
): Promise<Pick<EntrySize, 'minified' | 'compressed'>> {
  const name = entry.replaceAll('/', '_')
  const options = ['--bundle', '--minify', '--format=esm', '--splitting', '--platform=node', '--log-level=error']
  const outputs = [`--outdir=sizes/${name}`, `--metafile=sizes/${name}.json`]
  await run(tools.program('esbuild'), [`main=${entry}`, ...options, ...outputs], { cwd: home })
  const metafile = JSON.parse(readFileSync(join(home, `sizes/${name}.json`), 'utf8')) as Metafile
  const loaded = loadedAtOnce(metafile, `sizes/${name}/main.js`)
  const bytes = Buffer.concat([...loaded].map((path) => readFileSync(join(home, path))))
  return { minified: bytes.length, compressed: gzipSync(bytes, { level: 9 }).length }
}

/** An output and what it imports, chunk by chunk; what it imports later, or Node has, is not among it. */
function loadedAtOnce({ outputs }: Metafile, main: string): Set<string> {
  const loaded = new Set<string>()
  const load = (path: string): void => {
    const output = outputs[path]
    if (output === undefined || loaded.has(path)) return
    loaded.add(path)
    for (const { path, kind } of output.imports) if (kind === 'import-statement') load(path)
  }
  load(main)
  return loaded
}
