import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Options } from 'tsup'
import { configure } from '../../tsup.base.ts'
import { packProgram } from './scripts/pack-program.ts'
import { LESSONS } from './src/lessons/lessons.ts'

/** Modules that run in a process or a thread of their own: each an entry, all in one folder, where their starters look. */
const RUN_BY_THEMSELVES = [
  ...LESSONS.map(({ program }) => program),
  '@plainwire/socket-server/echo',
  '@plainwire/socket-server/acceptor-worker',
  '@plainwire/socket-server/client-worker',
]

const fileOf = (name: string): string => fileURLToPath(import.meta.resolve(name))
const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1)

/**
 * A quarter of a megabyte that few commands look into: a file of its own, so that the others need not read it. By the way
 * to it from bin/, whose `require` what is built has.
 */
const REGISTRY = fileURLToPath(
  new URL('iana-registry.generated.ts', import.meta.resolve('@plainwire/socket-utils/services')),
)

const registryApart: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'registry-apart',
  setup(build) {
    build.onResolve({ filter: /iana-registry\.generated\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: '../dist/iana-registry.cjs', external: true } : undefined,
    )
  },
}

/** What is longer at work than in starting; a command that answers and is done need not read it. */
const LATER = [
  ...globSync('src/run/{serve-*,bench,lesson,tour,man,completion}.ts'),
  '../socket-server/src/index.ts',
  '../http-client/src/origin.ts',
  '../ntp-client/src/server.ts',
]

/** Everything is bundled: installing the command brings no other package. */
const noExternal = [/.*/]

const minified: Options = { minify: true, sourcemap: false, clean: false }

export default defineConfig([
  {
    ...(configure({ entry: { main: 'src/main.ts' }, splitting: true, noExternal }) as Options),
    ...minified,
    outDir: 'dist/parts',
    metafile: true,
    esbuildPlugins: [registryApart],
    // Workers and lessons are looked for beside this URL.
    define: { 'import.meta.url': 'folderUrl' },
    onSuccess: () =>
      packProgram({
        parts: new URL('dist/parts/', import.meta.url),
        folder: new URL('dist/', import.meta.url),
        entry: 'src/main.ts',
        later: LATER,
      }),
  },
  {
    ...(configure({ entry: { 'iana-registry': REGISTRY } }) as Options),
    ...minified,
    format: 'cjs',
    outExtension: () => ({ js: '.cjs' }),
  },
  {
    ...(configure({
      entry: Object.fromEntries(RUN_BY_THEMSELVES.map((name) => [lastPart(name), fileOf(name)])),
      splitting: true,
      noExternal,
    }) as Options),
    ...minified,
  },
])
