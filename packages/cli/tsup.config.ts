import { fileURLToPath } from 'node:url'
import { defineConfig, type Options } from 'tsup'
import { configure } from '../../tsup.base.ts'
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

/** Everything is bundled: installing the command brings no other package. */
const noExternal = [/.*/]

const minified: Options = { minify: true, sourcemap: false, clean: false }

export default defineConfig([
  {
    ...(configure({ entry: { main: 'src/main.ts' }, splitting: true, noExternal }) as Options),
    ...minified,
    // For scripts/pack-program.ts, which makes two files of them.
    outDir: 'dist/parts',
    metafile: true,
    esbuildPlugins: [registryApart],
    // Workers and lessons are looked for beside this URL.
    define: { 'import.meta.url': 'folderUrl' },
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
