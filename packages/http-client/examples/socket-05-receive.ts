// You will see a whole exchange: both ends, what was sent, and the status, headers and body that came back.
import { get } from '@plainwire/http-client'

const url = process.argv[2] ?? 'http://www.google.com/'
try {
  const response = await get(url)
  const { addresses, address, port, localAddress, localPort, bytesSent } = response.exchange
  for (const { address, family } of addresses) console.log(`resolved: ${address} (IPv${family})`)
  console.log(`connected to: ${address} port ${port}`)
  console.log(`connected from: ${localAddress} port ${localPort}`)
  console.log(`sent ${bytesSent} bytes`)
  console.log(`< HTTP/${response.version} ${response.statusCode} ${response.reasonPhrase}`)
  for (const [name, value] of response.headers) console.log(`< ${name}: ${value}`)
  const body = await response.bytes()
  console.log(`received a body of ${body.length} bytes, which begins:`)
  console.log(new TextDecoder().decode(body).split('\n').slice(0, 3).join('\n').slice(0, 200))
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
