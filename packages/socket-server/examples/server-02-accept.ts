// Listens with a backlog and waits until one client connects; prints who it was.
import { serveOnce } from '@plainwire/socket-server'
import { formatEndpoint, parsePort } from '@plainwire/socket-utils/endpoint'

try {
  const server = await serveOnce(
    (connection) => {
      console.log(`accepted ${formatEndpoint(connection.remote)}`)
    },
    { host: '127.0.0.1', port: parsePort(process.argv[2] ?? '8888'), backlog: 5 },
  )
  console.log(`listening on ${formatEndpoint(server)} with a backlog of ${server.backlog}`)
  await server.finished
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
