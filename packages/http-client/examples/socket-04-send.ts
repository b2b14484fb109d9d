// You will see a connection made, and an HTTP request go out on it, all of it.
import { get } from '@plainwire/http-client'

const url = process.argv[2] ?? 'http://www.google.com/'
try {
  const stopped = await get(url, { stopAfter: 'send' })
  console.log(`created: descriptor ${stopped.descriptor ?? 'none before it connected'}`)
  for (const { address, family } of stopped.addresses) console.log(`resolved: ${address} (IPv${family})`)
  console.log(`connected to: ${stopped.address} port ${stopped.port}`)
  console.log(`connected from: ${stopped.localAddress} port ${stopped.localPort}`)
  const text = new TextDecoder().decode(stopped.request)
  for (const line of text.split('\r\n')) console.log(`> ${line}`)
  console.log(`sent ${stopped.bytesSent} of ${stopped.request.length} bytes`)
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
