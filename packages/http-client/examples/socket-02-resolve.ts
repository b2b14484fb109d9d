// You will see a socket created, then every address of the host.
import { get } from '@plainwire/http-client'

const url = process.argv[2] ?? 'http://www.google.com/'
try {
  const { descriptor, addresses } = await get(url, { stopAfter: 'resolve' })
  console.log(`created: descriptor ${descriptor ?? 'none before it connects'}`)
  for (const { address, family } of addresses) console.log(`resolved: ${address} (IPv${family})`)
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
