import { defineConfig } from 'tsup'

export default defineConfig({
  // The two worker files are started by URL, so each is an entry of its own, flat beside the module that starts it.
  entry: {
    index: 'src/index.ts',
    echo: 'src/echo.ts',
    'acceptor-worker': 'src/acceptor-worker.ts',
    'client-worker': 'src/strategies/client-worker.ts',
  },
  outDir: 'dist',
  format: 'esm',
  target: 'node22.12',
  // One file per entry: a shared chunk would be another place to look for workers from.
  splitting: false,
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
  // The declarations come from tsc: TypeScript 7 has no compiler API that tsup could call.
  dts: false,
})
