// A time server that is a quarter of a second ahead, and a client that finds out.
import { query } from '@plainwire/ntp-client'
import { serveNtp } from '@plainwire/ntp-client/server'

await using server = await serveNtp({ port: 0, offsetMs: 250 })
const { offsetMs, maxErrorMs } = await query(`127.0.0.1:${server.port}`)

console.log(`this clock is about ${Math.round(offsetMs)} ms behind`)
console.log(maxErrorMs < 50 ? 'and that is surely right to 50 ms' : `give or take ${maxErrorMs} ms`)
