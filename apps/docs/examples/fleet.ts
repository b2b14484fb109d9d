// A server that is asked to end while a client is in the middle of a request.
import { once } from 'node:events'
import { connect } from '@plainwire/socket-utils'
import { serveConcurrently } from '@plainwire/socket-server'

const server = await serveConcurrently(async (connection) => {
  for await (const line of connection.lines()) await connection.write(`${line.toUpperCase()}\n`)
})
const { socket } = await connect({ host: '127.0.0.1', port: server.port })
socket.setEncoding('utf8').write('half a li')
while (server.info().bytesRead < 9) await new Promise(setImmediate)

const closed = server.close({ graceMs: 5000 }) // what drainOnSignals does at SIGTERM
socket.end('ne\n')
console.log(String(await once(socket, 'data')).trim())
await closed
console.log(await server.finished)
