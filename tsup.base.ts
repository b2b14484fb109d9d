import { resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'

type Entries = Readonly<Record<string, string>>

interface Build extends Pick<Options, 'noExternal' | 'splitting'> {
  readonly entry: Entries
  /**
   * What the entries import instead of bringing a copy each: modules that are loaded only when they are needed, and those
   * whose classes must be the same for all, since somebody asks `instanceof`.
   */
  readonly apart?: Entries
  /** The same, where another build of this package makes them: two that write one file would race. */
  readonly madeElsewhere?: Entries
}

/**
 * How every package becomes JavaScript; each says what its entries are, by the names of their files in dist. An entry is
 * one file unless `splitting`: to find, read and link a module costs Node almost a millisecond, and what entries share would
 * be many.
 */
export function configure({ entry, apart = {}, madeElsewhere = {}, splitting = false, ...options }: Build) {
  return defineConfig({
    entry: { ...entry, ...apart },
    outDir: 'dist',
    format: 'esm',
    target: 'node22.12',
    removeNodeProtocol: false,
    sourcemap: true,
    clean: true,
    splitting,
    esbuildPlugins: [keepApart({ ...apart, ...madeElsewhere }, splitting)],
    // The declarations come from tsc: TypeScript 7 has no compiler API that tsup could call.
    dts: false,
    ...options,
  })
}

function keepApart(apart: Entries, splitting: boolean): NonNullable<Options['esbuildPlugins']>[number] {
  const names = new Map(Object.entries(apart).map(([name, source]) => [resolve(source), name]))
  return {
    name: 'keep-apart',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
        if (kind === 'entry-point') return undefined
        const name = names.get(resolve(resolveDir, path))
        if (name !== undefined) return { path: `./${name}.js`, external: true }
        // Brought along, what it imports of Node's would be loaded at once with the rest.
        if (kind === 'dynamic-import' && !splitting)
          return { errors: [{ text: `${path} is imported when needed, and must be apart` }] }
        return undefined
      })
    },
  }
}
