import { defineConfig, type Options } from 'tsup'
import { configure } from '../../tsup.base.ts'

/** The encoder trusts what a HeaderList received, and must know one of the parser's when it sees it. */
const headers = { headers: 'src/protocol/headers.ts' }

export default defineConfig([
  {
    ...(configure({
      entry: { index: 'src/index.ts' },
      apart: { ...headers, 'content-decoding': 'src/content-decoding.ts', tunnel: 'src/tunnel.ts' },
    }) as Options),
    clean: false,
  },
  {
    // Nobody waits for these, and what they share is most of them.
    ...(configure({
      entry: {
        parser: 'src/parser.ts',
        encoder: 'src/protocol/encoder.ts',
        origin: 'src/origin.ts',
        trace: 'src/trace.ts',
        dissect: 'src/dissect.ts',
      },
      madeElsewhere: headers,
      splitting: true,
    }) as Options),
    clean: false,
  },
])
