// A counter for many clients, spoken in lines; behind HAProxy each client keeps its own address.
import { connect } from '@plainwire/socket-utils'
import { type Connection, serveConcurrently } from '@plainwire/socket-server'
import { encodeProxyHeader } from '@plainwire/socket-server/proxy-header'

let total = 0

async function count(connection: Connection): Promise<void> {
  for await (const line of connection.lines({ maxLineBytes: 64 })) {
    const number = Number(line)
    if (Number.isSafeInteger(number)) total += number
    await connection.write(Number.isSafeInteger(number) ? `${total} for ${connection.remote.host}\n` : 'not a number\n')
  }
}

await using server = await serveConcurrently(count, {
  proxyProtocol: { trust: ['127.0.0.1'] },
  limits: { connections: 1000, perAddress: 10 },
  deadlines: { idleMs: 60_000, writeMs: 10_000 },
})

// What HAProxy does with `server one 127.0.0.1:8888 send-proxy-v2`: it tells for whom it speaks.
for (const [host, line] of [
  ['203.0.113.7', '20\n'],
  ['203.0.113.8', '22\n'],
] as const) {
  const { socket } = await connect({ host: '127.0.0.1', port: server.port })
  const source = { host, port: 40_000 }
  const destination = { host: '127.0.0.1', port: server.port }
  const addresses = { family: 'ipv4', transport: 'stream', source, destination } as const
  socket.write(encodeProxyHeader({ version: 2, command: 'proxy', addresses }))
  socket.end(line)
  for await (const bytes of socket.setEncoding('utf8')) console.log(String(bytes).trim())
}
