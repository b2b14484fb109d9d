import { writeFile } from 'node:fs/promises'
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

/** A quarter of a megabyte that few commands look into: a file of its own, so that the others need not read it. */
const REGISTRY = fileURLToPath(
  new URL('iana-registry.generated.ts', import.meta.resolve('@plainwire/socket-utils/services')),
)

const registryApart: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'registry-apart',
  setup(build) {
    build.onResolve({ filter: /iana-registry\.generated\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './iana-registry.cjs', external: true } : undefined,
    )
  },
}

/** Everything is bundled: installing the command brings no other package. */
const noExternal = [/.*/]

export default defineConfig([
  {
    ...(configure({ entry: { main: 'src/main.ts', 'iana-registry': REGISTRY }, noExternal }) as Options),
    esbuildPlugins: [registryApart],
    // One file, and CommonJS: each ES module file costs a millisecond to find and read, and importing a module of Node's
    // from one makes all of its exports, wanted or not. What is imported with import() is still evaluated only then.
    format: 'cjs',
    outExtension: () => ({ js: '.cjs' }),
    splitting: false,
    // There is nothing to import that `require` could not bring, and what runs in a vm.Script has no import() of its own.
    esbuildOptions: (options) => void (options.supported = { 'dynamic-import': false }),
    // Workers and lessons are looked for beside this URL, and are called `.js` as it is.
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "var bundleUrl = require('node:url').pathToFileURL(__dirname + '/main.js').href" },
    minify: true,
    sourcemap: false,
    clean: false,
    // For who starts it by this name.
    onSuccess: () => writeFile(new URL('dist/main.js', import.meta.url), "import './main.cjs'\n"),
  },
  {
    ...(configure({
      entry: Object.fromEntries(RUN_BY_THEMSELVES.map((name) => [lastPart(name), fileOf(name)])),
      noExternal,
    }) as Options),
    minify: true,
    sourcemap: false,
    clean: false,
  },
])
