// In CI: wait until a service really answers, for half a minute at most. Here it starts while we wait.
import { get } from '@plainwire/http-client'
import { serveHttp } from '@plainwire/http-client/origin'
import { serveConcurrently } from '@plainwire/socket-server'
import { freePort, waitForPort } from '@plainwire/socket-utils'

const port = await freePort()
const starting = serveConcurrently((connection) => serveHttp(connection, { body: 'ready\n' }), { port })

const signal = AbortSignal.timeout(30_000) // for both steps together
await waitForPort({ host: '127.0.0.1', port, signal })
await using response = await get(`http://127.0.0.1:${port}/health`, { signal })
if (response.statusCode !== 200) throw new Error(`it answers ${response.statusCode}`)
console.log(`ready: ${(await response.text()).trim()}`)

await (await starting).close()
