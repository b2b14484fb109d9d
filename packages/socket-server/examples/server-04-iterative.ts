// Echoes for up to ten clients, one at a time, until one sends an empty message: it finishes without having sent a byte.
import { type Connection, serveIteratively } from '@plainwire/socket-server'
import { formatEndpoint, parsePort } from '@plainwire/socket-utils/endpoint'

const stop = new AbortController()
let count = 0

async function echo(connection: Connection): Promise<void> {
  count += 1
  console.log(`connection ${count} from ${formatEndpoint(connection.remote)}`)
  for await (const message of connection) await connection.write(message)
  if (connection.bytesRead === 0) stop.abort()
  console.log(`connection ${count} ended after ${connection.bytesRead} bytes`)
}

try {
  const port = parsePort(process.argv[2] ?? '8888')
  const options = { host: '127.0.0.1', port, backlog: 10, totalConnections: 10, signal: stop.signal }
  const server = await serveIteratively(echo, options)
  console.log(`listening on ${formatEndpoint(server)} with a backlog of ${server.backlog}`)
  const { connections } = await server.finished
  console.log(`stopped after ${connections} connections: ${stop.signal.aborted ? 'an empty message' : 'that is all'}`)
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
