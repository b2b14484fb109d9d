import { configure } from '../../tsup.base.ts'

export default configure({
  // The clock's thread is started by URL, so it is an entry of its own, beside the module that starts it.
  entry: ['src/index.ts', 'src/packet.ts', 'src/server.ts', 'src/clock-worker.ts'],
  // One file per entry: a shared chunk would be another place to look for the thread from.
  splitting: false,
})
