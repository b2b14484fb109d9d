// Every byte of an exchange with a flaky API, kept and shown as curl shows it; toHar() makes a file for browsers.
import { request } from '@plainwire/http-client'
import { formatCurlVerbose } from '@plainwire/http-client/trace'
import { serveHttp } from '@plainwire/http-client/origin'
import { serveConcurrently } from '@plainwire/socket-server'

await using api = await serveConcurrently((connection) =>
  serveHttp(connection, { statusCode: 503, headers: { 'Retry-After': '1' }, body: 'come back later\n' }),
)

const response = await request(`http://127.0.0.1:${api.port}/orders`, { trace: true })
await response.bytes()
const log = formatCurlVerbose(response.exchange)
console.log(log.replaceAll(String(api.port), '8080').trim())
