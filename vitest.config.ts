import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages,apps}/*/{src,test}/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.long.test.ts'],
    // Tests start real programs on a machine that may have two cores: a deadline is for hangs, not for speed.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Most tests wait for a process or a socket, so that four at a time pay even on two cores.
    maxWorkers: Math.max(4, availableParallelism()),
    // For the programs that tests start: Node keeps the JavaScript that it makes of our TypeScript.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)) },
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.test-reports/test.json' }]] : ['default'],
  },
})
