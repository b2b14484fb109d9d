// You will see the name of the host that this code runs on.

import { localHostname } from '@plainwire/socket-utils'

console.log(`This host is called ${localHostname()}`)
