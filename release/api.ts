// `pnpm release:api`: writes down what the libraries promise, as built just now, in release/api/.

import { fileURLToPath } from 'node:url'
import { writeSurface } from './agreed-surface.ts'
import { LIBRARIES } from './family.ts'

for (const name of LIBRARIES) writeSurface(fileURLToPath(new URL('..', import.meta.url)), name)
