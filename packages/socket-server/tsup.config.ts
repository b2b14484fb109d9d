import { configure } from '../../tsup.base.ts'

export default configure({
  // The worker files are started by URL, so each is an entry of its own, flat beside the module that starts it.
  entry: {
    index: 'src/index.ts',
    echo: 'src/echo.ts',
    framing: 'src/framing.ts',
    load: 'src/load.ts',
    'proxy-header': 'src/proxy-header.ts',
    'acceptor-worker': 'src/acceptor-worker.ts',
    'client-worker': 'src/strategies/client-worker.ts',
    'pool-worker': 'src/strategies/pool-worker.ts',
    'process-worker': 'src/strategies/process-worker.ts',
  },
})
