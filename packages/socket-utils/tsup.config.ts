import { configure } from '../../tsup.base.ts'

export default configure({
  entry: {
    index: 'src/index.ts',
    connect: 'src/connecting.ts',
    bytes: 'src/protocol/bytes.ts',
    endpoint: 'src/protocol/endpoint.ts',
    services: 'src/protocol/services.ts',
    hexdump: 'src/protocol/hexdump.ts',
  },
  apart: {
    // Everybody asks of what was thrown whether it is a WireError.
    errors: 'src/protocol/errors.ts',
    'connect-tls': 'src/connect-tls.ts',
    'iana-registry': 'src/protocol/iana-registry.generated.ts',
  },
})
