// Takes an address and a port, and shows that a bound socket is not a server yet.
import { bindOnly } from '@plainwire/socket-server'
import { formatEndpoint, parsePort } from '@plainwire/socket-utils/endpoint'

try {
  const socket = await bindOnly({ host: '127.0.0.1', port: parsePort(process.argv[2] ?? '8888') })
  console.log(`bound to ${formatEndpoint(socket)}`)
  console.log('nothing listens there yet: a client that connects is refused')
  await socket.close()
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
