// One deadline for a whole operation, and a reason that comes back as it was given.
import { get } from '@plainwire/http-client'
import { NetworkError } from '@plainwire/socket-utils'
import { serveConcurrently } from '@plainwire/socket-server'

// Accepts, reads, and never answers.
await using silent = await serveConcurrently(async (connection) => {
  for await (const _ of connection);
})
const url = `http://127.0.0.1:${silent.port}/`

const late = await get(url, { timeoutMs: 200 }).catch((error: unknown) => error)
console.log(late instanceof NetworkError && late.code)

const closing = new AbortController()
const pending = get(url, { signal: closing.signal }).catch((error: unknown) => error)
closing.abort('the page was closed')
console.log(await pending)
