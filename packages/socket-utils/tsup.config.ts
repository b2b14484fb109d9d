import { configure } from '../../tsup.base.ts'

export default configure({ entry: ['src/index.ts', 'src/protocol/{bytes,errors,endpoint,services,hexdump}.ts'] })
