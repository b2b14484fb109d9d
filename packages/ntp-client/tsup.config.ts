import { configure } from '../../tsup.base.ts'

export default configure({ entry: ['src/index.ts', 'src/packet.ts', 'src/server.ts'] })
