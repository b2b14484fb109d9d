// A program of somebody who has installed the packages: one call of each, against each other, on loopback. Prints what
// it got as JSON. What this Node is too old for is reported by the code of its error.

import { get } from '@plainwire/http-client'
import { encodeRequest } from '@plainwire/http-client/encoder'
import { serveHttp } from '@plainwire/http-client/origin'
import { ResponseParser } from '@plainwire/http-client/parser'
import { authenticateWith, NtpClock, parseKeyFile, query, synchronize } from '@plainwire/ntp-client'
import { decodePacket } from '@plainwire/ntp-client/packet'
import { serveNtp } from '@plainwire/ntp-client/server'
import { bindOnly, serveConcurrently, serveIteratively, serveThreadPerClient } from '@plainwire/socket-server'
import echo from '@plainwire/socket-server/echo'
import { connect, createSocket, serviceByPort } from '@plainwire/socket-utils'
import { ByteReader } from '@plainwire/socket-utils/bytes'
import { parseEndpoint } from '@plainwire/socket-utils/endpoint'
import { NetworkError } from '@plainwire/socket-utils/errors'
import { formatHexdump } from '@plainwire/socket-utils/hexdump'
import { parseServices } from '@plainwire/socket-utils/services'

const codeOf = (work) =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'ok',
      (error) => (error instanceof NetworkError ? error.code : String(error)),
    )

async function echoed(server, text) {
  const { host, port, close } = await server
  const { socket } = await connect({ host, port })
  socket.end(text)
  let heard = ''
  for await (const piece of socket.setEncoding('utf8')) heard += piece
  await close()
  return heard
}

const ntp = await serveNtp({ port: 0, offsetMs: 60_000 })
const time = await query(`127.0.0.1:${ntp.port}`)

const keys = parseKeyFile('7 AES128 HEX:00112233445566778899AABBCCDDEEFF')
const honest = await Promise.all([0, 0].map((offsetMs) => serveNtp({ port: 0, offsetMs, keys })))
const servers = [ntp, ...honest].map(({ port }) => `127.0.0.1:${port}`)
const agreed = await synchronize(servers)
const proven = await query(servers[1], { authenticator: authenticateWith(keys[0]) })
const clock = await NtpClock.start(servers)
const clockMs = clock.now() - Date.now()
await clock.close()

const web = await serveConcurrently((connection) => serveHttp(connection, { body: 'hola' }))
const page = await get(`http://127.0.0.1:${web.port}/`)

console.log(
  JSON.stringify({
    offsetMs: Math.round(time.offsetMs / 1000) * 1000,
    falsetickers: agreed.falsetickers.length,
    provenMs: Math.round(proven.offsetMs / 1000) * 1000,
    clockMs: Math.round(clockMs / 1000) * 1000,
    clockState: clock.state,
    mode: decodePacket(new Uint8Array(48).fill(0x24)).mode,
    statusCode: page.statusCode,
    body: await page.text(),
    parsed: new ResponseParser({ method: 'GET' }).next() === undefined,
    requestLine: new TextDecoder()
      .decode(encodeRequest({ method: 'GET', requestTarget: '/', version: '1.0', headers: [] }))
      .split('\r\n')[0],
    iterative: await echoed(serveIteratively(echo), 'uno'),
    concurrent: await echoed(serveConcurrently(echo), 'dos'),
    threadPerClient: await codeOf(() =>
      echoed(serveThreadPerClient(import.meta.resolve('@plainwire/socket-server/echo')), 'tres'),
    ),
    bindOnly: await codeOf(async () => (await bindOnly()).close()),
    createSocket: await codeOf(() => createSocket()[Symbol.dispose]()),
    service: (await serviceByPort(80, 'tcp'))?.name,
    registry: parseServices('ntp 123/udp\n').byPort(123, 'udp')?.name,
    u16: new ByteReader(Uint8Array.of(1, 2)).u16(),
    port: parseEndpoint('ntp://[::1]').port,
    dump: formatHexdump(Uint8Array.of(0x48, 0x69)).trimEnd(),
  }),
)

// Nothing of ours may keep the process alive after this.
await web.close()
for (const server of [ntp, ...honest]) await server.close()
