// What is in the packed files: nothing that nobody asks for, and for every line that runs the line that was written.

import { existsSync, globSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Candidate } from './candidate.ts'
import { run } from './run.ts'

export interface Contents {
  readonly name: string
  /** Where it was unpacked. */
  readonly home: string
  readonly files: readonly string[]
  /** As it is downloaded, and as it lies on a disk; bytes. */
  readonly packedBytes: number
  readonly unpackedBytes: number
}

/** Unpacks every tarball into `directory`. */
export async function unpack({ tarballs }: Pick<Candidate, 'tarballs'>, directory: string): Promise<Contents[]> {
  return await Promise.all(
    tarballs.map(async ({ name, path }) => {
      const home = join(directory, name)
      mkdirSync(home)
      await run('tar', ['-xzf', path, '--strip-components=1', '-C', home], { cwd: directory })
      const entries = globSync('**', { cwd: home, withFileTypes: true }).filter((entry) => entry.isFile())
      const files = entries.map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1)).toSorted()
      const unpackedBytes = files.reduce((sum, file) => sum + statSync(join(home, file)).size, 0)
      return { name, home, files, packedBytes: statSync(path).size, unpackedBytes }
    }),
  )
}

/** What each package tells its reader: what it is, what it may be used for, what has changed. */
const ALWAYS = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']

/** What may be there besides. */
const LIBRARY = [/^dist\/[\w./-]+\.(?:js|js\.map|d\.ts)$/, /^THIRD-PARTY-NOTICES$/]
const COMMAND = [
  /^bin\/plainwire\.cjs$/,
  /^dist\/[\w.-]+\.c?js$/,
  /^man\/plainwire\.1$/,
  /^schemas\/[\w-]+\.json$/,
  /^THIRD-PARTY-NOTICES$/,
]

/** One line for each fault. */
export function contentFaults({ name, home, files }: Contents): string[] {
  const allowed = name === 'cli' ? COMMAND : LIBRARY
  const missing = ALWAYS.filter((file) => !files.includes(file)).map((file) => `${name} has no ${file}`)
  const surplus = files
    .filter((file) => !ALWAYS.includes(file) && (!allowed.some((form) => form.test(file)) || /\.test\./.test(file)))
    .map((file) => `${name}: nobody needs ${file}`)
  // The command line is one minified program that nobody steps through, and would be three times as large.
  const unmapped =
    name === 'cli' ? [] : files.filter((file) => file.endsWith('.js')).flatMap((file) => mapFault(home, file) ?? [])
  const widowed = files
    .filter((file) => file.endsWith('.map') && !files.includes(file.slice(0, -'.map'.length)))
    .map((file) => `${file} maps nothing`)
  return [...missing, ...surplus, ...[...unmapped, ...widowed].map((fault) => `${name}: ${fault}`)]
}

interface SourceMap {
  readonly sources: readonly string[]
  readonly sourcesContent?: readonly (string | null)[]
}

/** A debugger finds the map by the last line, and the source in the map. */
function mapFault(home: string, file: string): string | undefined {
  const code = readFileSync(join(home, file), 'utf8')
  const map = `${file}.map`
  if (!code.trimEnd().endsWith(`//# sourceMappingURL=${basename(map)}`)) return `${file} names no source map`
  if (!existsSync(join(home, map))) return `${file} names a source map that is not there`
  const { sources, sourcesContent = [] } = JSON.parse(readFileSync(join(home, map), 'utf8')) as SourceMap
  const shown = new Set(sources.filter((_, at) => sourcesContent[at]).map(withoutWayUp))
  // The bundler says above each module where it was; what stands above none is a helper of its own.
  const written = [...code.matchAll(/^\/\/ (\S+\.ts)$/gm)].map(([, path = '']) => withoutWayUp(path))
  const lacking = [...written, ...sources.map(withoutWayUp)].find((path) => !shown.has(path))
  return lacking && `${map} lacks the source of ${lacking}`
}

const withoutWayUp = (path: string): string => path.replace(/^(?:\.\.\/)+/, '')
