// Four faults, sorted by who must act.
import { get } from '@plainwire/http-client'
import { freePort, ProtocolError, NetworkError } from '@plainwire/socket-utils'

async function attempt(url: string, signal?: AbortSignal): Promise<string> {
  try {
    const { statusCode } = await get(url, { ...(signal && { signal }) })
    return `status ${statusCode}`
  } catch (error) {
    if (error instanceof ProtocolError) return `the peer broke HTTP: ${error.code}`
    if (error instanceof NetworkError) return `the network: ${error.code}, try again`
    if (error instanceof TypeError || error instanceof RangeError) return `our own mistake: ${error.message}`
    return `cancelled: ${String(error)}` // signal.reason, untouched
  }
}

const closed = await freePort()
console.log(await attempt(`http://127.0.0.1:${closed}/`))
console.log(await attempt('http://127.0.0.1:80800/'))
console.log(await attempt(`http://127.0.0.1:${closed}/`, AbortSignal.abort('the user left')))
