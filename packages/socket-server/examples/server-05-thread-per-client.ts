// Gives every client a thread of its own; each prints its thread id and its client. Runs until Ctrl-C.
import { isMainThread, threadId } from 'node:worker_threads'
import { type Connection, serveThreadPerClient } from '@plainwire/socket-server'
import { formatEndpoint, parsePort } from '@plainwire/socket-utils/endpoint'

// Each client's thread imports this file too, and calls its default export.
export default async function echo(connection: Connection): Promise<void> {
  console.log(`thread ${threadId} serves ${formatEndpoint(connection.remote)}`)
  for await (const message of connection) await connection.write(message)
  console.log(`thread ${threadId} is done after ${connection.bytesRead} bytes`)
}

if (isMainThread) {
  try {
    const port = parsePort(process.argv[2] ?? '8888')
    const server = await serveThreadPerClient(import.meta.url, { host: '127.0.0.1', port, backlog: 10 })
    console.log(`listening on ${formatEndpoint(server)} with a backlog of ${server.backlog}, a thread for each client`)
    process.once('SIGINT', () => void server.close({ graceMs: 1000 }))
    await server.finished
  } catch (error) {
    console.error(String(error))
    process.exitCode = 1
  }
}
