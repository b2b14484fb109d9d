import { once } from 'node:events'
import { connect } from 'node:net'
import {
  bindOnly,
  serveConcurrently,
  serveIteratively,
  serveOnce,
  serveThreadPerClient,
} from '@plainwire/socket-server'
import echo from '@plainwire/socket-server/echo'
import { LineReader } from '@plainwire/socket-server/framing'
import { encodeProxyHeader } from '@plainwire/socket-server/proxy-header'
import { attempt, equal, report } from './check.mjs'

async function echoes(starting) {
  const server = await starting
  const socket = connect(server.port, server.host)
  await once(socket, 'connect')
  socket.end('hola')
  let heard = ''
  for await (const piece of socket.setEncoding('utf8')) heard += piece
  await server.close()
  equal(heard, 'hola')
}

await echoes(serveOnce(echo))
await echoes(serveIteratively(echo))
await echoes(serveConcurrently(echo))
await attempt('threadPerClient', () =>
  echoes(serveThreadPerClient(import.meta.resolve('@plainwire/socket-server/echo'))),
)
await attempt('bindOnly', async () => (await bindOnly()).close())
equal(typeof LineReader, 'function')
equal(typeof encodeProxyHeader, 'function')
report()
