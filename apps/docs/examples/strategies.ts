// The same handler, one client at a time and all at once: a silent client is in front.
import { connect } from '@plainwire/socket-utils'
import { type Connection, serveConcurrently, serveIteratively } from '@plainwire/socket-server'

async function echo(connection: Connection): Promise<void> {
  for await (const line of connection.lines()) await connection.write(`${line}\n`)
}

for (const serve of [serveConcurrently, serveIteratively]) {
  await using server = await serve(echo)
  const { socket: silent } = await connect({ host: '127.0.0.1', port: server.port })
  const { socket } = await connect({ host: '127.0.0.1', port: server.port })
  socket.write('hello\n')
  const answer = await Promise.race([
    new Promise((resolve) => socket.once('data', (bytes) => resolve(`answered ${String(bytes).trim()}`))),
    new Promise((resolve) => setTimeout(resolve, 300, 'no answer: it waits behind the silent one')),
  ])
  console.log(`${serve.name}: ${String(answer)}`)
  for (const end of [silent, socket]) end.destroy()
}
