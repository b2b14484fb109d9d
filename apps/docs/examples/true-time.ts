// Three servers, one of which lies by an hour.
import { synchronize } from '@plainwire/ntp-client'
import { serveNtp } from '@plainwire/ntp-client/server'

await using one = await serveNtp({ port: 0 })
await using two = await serveNtp({ port: 0 })
await using liar = await serveNtp({ port: 0, offsetMs: 3_600_000 })

const servers = [one, two, liar].map(({ host, port }) => `${host}:${port}`)
const { offsetMs, survivors, falsetickers } = await synchronize(servers)

console.log(`offset below 50 ms: ${Math.abs(offsetMs) < 50}`)
console.log(
  `believed: ${survivors.map(({ server }) => (server === servers[2] ? 'the liar' : 'an honest one')).join(', ')}`,
)
console.log(
  `thrown out: ${falsetickers.map(({ server }) => (server === servers[2] ? 'the liar' : 'an honest one')).join(', ')}`,
)
