import { fileURLToPath } from 'node:url'
import { defineConfig } from 'tsup'
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

export default defineConfig({
  entry: {
    main: 'src/main.ts',
    ...Object.fromEntries(RUN_BY_THEMSELVES.map((name) => [lastPart(name), fileOf(name)])),
  },
  outDir: 'dist',
  format: 'esm',
  target: 'node22.12',
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
  dts: false,
  // Everything is bundled: installing the command brings no other package.
  noExternal: [/.*/],
})
