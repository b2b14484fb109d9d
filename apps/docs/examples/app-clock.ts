// Right time for one program, whatever the machine's clock says: here three servers say that it is an hour later.
import { NtpClock } from '@plainwire/ntp-client'
import { serveNtp } from '@plainwire/ntp-client/server'

const anHourAhead = { port: 0, offsetMs: 3_600_000 }
const labs = await Promise.all([1, 2, 3].map(() => serveNtp(anHourAhead)))

await using clock = await NtpClock.start(labs.map(({ host, port }) => `${host}:${port}`))
clock.on('falseticker', (server) => console.log(`${server} lies`))

const hours = (clock.now() - Date.now()) / 3_600_000
console.log(
  `ahead of the machine by ${hours.toFixed(3)} h, surely right to a tenth of a second: ${clock.maxErrorMs < 100}`,
)

for (const lab of labs) await lab.close()
