import { defineConfig } from 'vitest/config'

/** Campaigns of minutes: fuzzing, soaks, simulations, packages under every Node. CI runs them; `pnpm test` does not. */
export default defineConfig({
  test: {
    include: ['{packages,apps}/*/{src,test}/**/*.long.test.ts', 'test/**/*.long.test.ts'],
    // Most campaigns wait for clocks or programs; those that compute leave the second core to them.
    maxWorkers: 3,
    testTimeout: 15 * 60_000,
    hookTimeout: 5 * 60_000,
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.test-reports/long.json' }]] : ['default'],
  },
})
