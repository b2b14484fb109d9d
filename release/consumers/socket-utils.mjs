import { once } from 'node:events'
import { createServer } from 'node:net'
import { connect, createSocket, reservePort, resolveHost, serviceByPort } from '@plainwire/socket-utils'
import { ByteReader } from '@plainwire/socket-utils/bytes'
import { parseEndpoint } from '@plainwire/socket-utils/endpoint'
import { ProtocolError } from '@plainwire/socket-utils/errors'
import { formatHexdump } from '@plainwire/socket-utils/hexdump'
import { parseServices } from '@plainwire/socket-utils/services'
import { attempt, equal, report } from './check.mjs'

const server = createServer((client) => client.end('hola'))
await once(server.listen(0, '127.0.0.1'), 'listening')
const { socket, steps } = await connect({ host: 'localhost', port: server.address().port, family: 4 })
for await (const bytes of socket) equal(String(bytes), 'hola')
equal(steps.at(-1).step, 'attempt')
socket.destroy()
server.close()

equal((await resolveHost('127.0.0.1'))[0].family, 4)
equal((await serviceByPort(80, 'tcp', { source: 'iana' })).name, 'http')
await (await reservePort())[Symbol.asyncDispose]()
equal(new ByteReader(Uint8Array.of(1, 2)).u16(), 0x0102)
equal(parseEndpoint('ntp://[::1]').port, 123)
equal(formatHexdump(Uint8Array.of(0x48, 0x69)).trimEnd(), '00000000: 4869                                     Hi')
equal(parseServices('ntp 123/udp\n').byPort(123, 'udp').name, 'ntp')
equal(new ProtocolError('a/code', 'a message').code, 'a/code')
await attempt('createSocket', () => createSocket()[Symbol.dispose]())
report()
