// One backend of a fleet: answers GET with who the client is, as HAProxy tells by PROXY v2, and drains on SIGTERM.
// Listens on the port in argv, or on what systemd hands over. See fleet.ts, and deploy/.
import { activatedSockets, type Connection, drainOnSignals, serveConcurrently } from '@plainwire/socket-server'
import { formatEndpoint, parsePort } from '@plainwire/socket-utils/endpoint'

async function answer(connection: Connection): Promise<void> {
  for await (const line of connection.lines({ ending: 'crlf', maxLineBytes: 8192 })) {
    if (line !== '') continue // no more than the end of a request's head is looked at
    const body = `${formatEndpoint(connection.remote)} served by ${process.pid}\n`
    const head = ['HTTP/1.1 200 OK', 'Content-Type: text/plain', `Content-Length: ${Buffer.byteLength(body)}`]
    await connection.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  }
}

try {
  const activated = activatedSockets()
  const server = await serveConcurrently(answer, {
    ...(activated.length > 0 ? { listeners: activated } : { port: parsePort(process.argv[2] ?? '8888') }),
    backlog: 1024,
    proxyProtocol: { trust: ['127.0.0.0/8'] },
    limits: { connections: 10_000 },
    deadlines: { handshakeMs: 5000, firstByteMs: 10_000, idleMs: 60_000, writeMs: 30_000 },
  })
  drainOnSignals(server, { graceMs: 10_000 })
  console.log(`process ${process.pid} listens on ${formatEndpoint(server)}`)
  const { connections, cut } = await server.finished
  console.log(`process ${process.pid} served ${connections} connections, and cut ${cut}`)
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
