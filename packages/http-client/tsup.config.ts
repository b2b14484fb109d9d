import { configure } from '../../tsup.base.ts'

export default configure({
  entry: {
    index: 'src/index.ts',
    parser: 'src/parser.ts',
    encoder: 'src/protocol/encoder.ts',
    origin: 'src/origin.ts',
    trace: 'src/trace.ts',
    dissect: 'src/dissect.ts',
  },
  apart: {
    // The encoder trusts what a HeaderList received, and must know one of the parser's when it sees it.
    headers: 'src/protocol/headers.ts',
    'content-decoding': 'src/content-decoding.ts',
    tunnel: 'src/tunnel.ts',
  },
})
