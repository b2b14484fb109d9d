// You will see the descriptor of a fresh TCP socket and where it is bound, or why it could not be created.
import { get } from '@plainwire/http-client'

const url = process.argv[2] ?? 'http://www.google.com/'
try {
  const { descriptor, localAddress, localPort } = await get(url, { stopAfter: 'create' })
  console.log(`created: descriptor ${descriptor}, bound to ${localAddress} port ${localPort}`)
} catch (error) {
  console.error(String(error)) // EMFILE, say: the process has no descriptor left
  process.exitCode = 1
}
