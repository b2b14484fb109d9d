import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages,apps}/*/{src,test}/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.long.test.ts'],
    // Tests start real programs on a machine that may have two cores: a deadline is for hangs, not for speed.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.test-reports/test.json' }]] : ['default'],
  },
})
