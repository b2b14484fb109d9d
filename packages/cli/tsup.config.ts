import { fileURLToPath } from 'node:url'
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

export default configure({
  entry: {
    main: 'src/main.ts',
    ...Object.fromEntries(RUN_BY_THEMSELVES.map((name) => [lastPart(name), fileOf(name)])),
  },
  // Everything is bundled: installing the command brings no other package.
  noExternal: [/.*/],
})
