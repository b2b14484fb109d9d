import { configure } from '../../tsup.base.ts'

export default configure({
  entry: {
    index: 'src/index.ts',
    packet: 'src/packet.ts',
    server: 'src/server.ts',
    // The clock's thread is started by URL, beside the module that starts it.
    'clock-worker': 'src/clock-worker.ts',
  },
})
