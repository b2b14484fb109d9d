// How the command line runs from a checkout: pnpm starts scripts in the package's folder, but a relative path on the
// command line is relative to where the user stands. And Node keeps the JavaScript that it makes of our TypeScript, for
// the lessons' programs too: that is most of what starting costs.

import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../../../node_modules/.cache/node', import.meta.url))
enableCompileCache(process.env['NODE_COMPILE_CACHE'])

process.chdir(process.env['INIT_CWD'] ?? process.cwd())
await import('./main.ts')
