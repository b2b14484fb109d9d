import { authenticateWith, NtpClock, parseKeyFile, query, synchronize } from '@plainwire/ntp-client'
import { decodePacket, encodePacket } from '@plainwire/ntp-client/packet'
import { serveNtp } from '@plainwire/ntp-client/server'
import { attempt, equal, report } from './check.mjs'

const near = (offsetMs) => Math.round(offsetMs / 1000) + 0 // not -0
const keys = parseKeyFile('7 AES128 HEX:00112233445566778899AABBCCDDEEFF')
const running = await Promise.all([60_000, 0, 0].map((offsetMs) => serveNtp({ port: 0, offsetMs, keys })))
const servers = running.map(({ port }) => `127.0.0.1:${port}`)
equal(near((await query(servers[0])).offsetMs), 60)
equal(near((await query(servers[1], { authenticator: authenticateWith(keys[0]) })).offsetMs), 0)
equal((await synchronize(servers)).falsetickers.length, 1)
await attempt('NtpClock', async () => {
  const clock = await NtpClock.start(servers)
  equal(near(clock.now() - Date.now()), 0)
  await clock.close()
  equal(clock.state, 'closed')
})
for (const server of running) await server.close()
equal(decodePacket(encodePacket({ version: 4, mode: 3, transmitTimestamp: 7n })).transmitTimestamp, 7n)
report()
