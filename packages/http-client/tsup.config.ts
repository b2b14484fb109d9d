import { configure } from '../../tsup.base.ts'

export default configure({ entry: ['src/{index,parser,origin,trace}.ts', 'src/protocol/encoder.ts'] })
