import { configure } from '../../tsup.base.ts'

export default configure({ entry: ['src/{index,parser,origin,trace,dissect}.ts', 'src/protocol/encoder.ts'] })
