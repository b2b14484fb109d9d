import { defineConfig, type Options } from 'tsup'

/** How every package becomes JavaScript; each says what its entries are. */
export function configure(options: Pick<Options, 'entry' | 'noExternal' | 'splitting'>) {
  return defineConfig({
    outDir: 'dist',
    format: 'esm',
    target: 'node22.12',
    removeNodeProtocol: false,
    sourcemap: true,
    clean: true,
    // The declarations come from tsc: TypeScript 7 has no compiler API that tsup could call.
    dts: false,
    ...options,
  })
}
