// You will see the name of the service that a port and a protocol belong to, and who says so.

import { serviceByPort, type TransportProtocol } from '@plainwire/socket-utils'
import { parsePort } from '@plainwire/socket-utils/endpoint'

const target = process.argv[2] ?? '80/tcp'
const [port = '', protocol] = target.split('/')

try {
  const service = await serviceByPort(parsePort(port), protocol as TransportProtocol | undefined)
  if (service === undefined) throw new Error(`no service is known for ${target}`)
  const authority = service.source === 'system' ? "this system's services file" : "IANA's registry"
  console.log(`${service.port}/${service.protocol} is ${service.name}`)
  console.log(`aliases: ${service.aliases.join(', ') || 'none'}`)
  console.log(`source: ${authority}`)
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
