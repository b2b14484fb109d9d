// Receives one message from one client, prints it, and sends it back.
import { type Connection, serveOnce } from '@plainwire/socket-server'
import { formatEndpoint, parsePort } from '@plainwire/socket-utils/endpoint'

async function echoOnce(connection: Connection): Promise<void> {
  console.log(`accepted ${formatEndpoint(connection.remote)}`)
  const message = await connection.read() // whatever one read returns: TCP keeps no borders between messages
  if (message === undefined) return console.log('received nothing: the client has finished')
  console.log(`received ${message.length} bytes: ${JSON.stringify(new TextDecoder().decode(message))}`)
  await connection.write(message)
  console.log(`sent ${message.length} bytes back`)
}

try {
  const port = parsePort(process.argv[2] ?? '8888')
  const server = await serveOnce(echoOnce, { host: '127.0.0.1', port, backlog: 5 })
  console.log(`listening on ${formatEndpoint(server)} with a backlog of ${server.backlog}`)
  await server.finished
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
