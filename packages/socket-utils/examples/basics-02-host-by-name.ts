// You will see the IP addresses of a server, looked up from its name, the system's favourite first.

import { resolveHost } from '@plainwire/socket-utils'

const host = process.argv[2] ?? 'www.google.com'

try {
  for (const { address, family } of await resolveHost(host)) {
    console.log(`${host} has the IPv${family} address ${address}`)
  }
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
