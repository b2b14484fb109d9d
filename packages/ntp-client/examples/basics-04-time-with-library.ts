// You will see what time a server says it is, and how far this machine's clock is from that.

import { query } from '@plainwire/ntp-client'

const server = process.argv[2] ?? 'pool.ntp.org'

try {
  const { offsetMs, delayMs, stratum } = await query(server)
  const time = new Date(Date.now() + offsetMs)
  console.log(`time:       ${time.toISOString()}`)
  console.log(`offset:     ${offsetMs.toFixed(3)} ms (this clock is ${offsetMs < 0 ? 'ahead' : 'behind'})`)
  console.log(`round trip: ${delayMs.toFixed(3)} ms`)
  console.log(`stratum:    ${stratum}`)
} catch (error) {
  const { name, message } = error as Error
  console.error(`${name}: ${message}`)
  process.exitCode = 1
}
