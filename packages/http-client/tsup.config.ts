import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/{index,parser,origin}.ts', 'src/protocol/encoder.ts'],
  outDir: 'dist',
  format: 'esm',
  target: 'node22.12',
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
  // The declarations come from tsc: TypeScript 7 has no compiler API that tsup could call.
  dts: false,
})
