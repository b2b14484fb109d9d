// Runs in a network of its own: our server at NTP's own port, and what ntpdig finds there, as it prints it.

import { startPeer } from '@plainwire/testing'
import { serveNtp, type ServeOptions } from '../../src/server.ts'

const [ntpdig = '', options = '{}'] = process.argv.slice(2)
await using server = await serveNtp({ ...(JSON.parse(options) as ServeOptions), port: 123 })
await using client = startPeer(ntpdig, ['-j', '-t', '10', server.host])
await client.exited
process.stdout.write(`${client.output()}\n`)
