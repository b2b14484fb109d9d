// You will see a socket created, the host resolved, and both ends of the connection.
import { get } from '@plainwire/http-client'

const url = process.argv[2] ?? 'http://www.google.com/'
try {
  const stopped = await get(url, { stopAfter: 'connect' })
  console.log(`created: descriptor ${stopped.descriptor ?? 'none before it connected'}`)
  for (const { address, family } of stopped.addresses) console.log(`resolved: ${address} (IPv${family})`)
  console.log(`connected to: ${stopped.address} port ${stopped.port}`)
  console.log(`connected from: ${stopped.localAddress} port ${stopped.localPort}`)
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
