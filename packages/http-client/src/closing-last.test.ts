import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { get } from '@plainwire/http-client'
import { afterRequest, listen } from '../test/loopback.ts'

/** Nothing here waits for as long as a connection does that lingers, 100 ms; a busy machine may need another try. */
const AT_ONCE_MS = 80
const PATIENTLY = { retry: 4 }

const ANSWER = 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** A server that answers and leaves it at that; what it saw of its only client. */
async function lazyServer() {
  const client = Promise.withResolvers<Socket>()
  const server = await listen(
    afterRequest((socket) => {
      socket.write(ANSWER)
      client.resolve(socket)
    }),
  )
  return { server, client: client.promise, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('the server closes first, and the client right after it', PATIENTLY, async () => {
  await using lazy = await lazyServer()
  expect(await (await get(lazy.server.url)).text()).toBe('ok')
  const client = await lazy.client
  await setTimeout(20)
  expect(client.readableEnded).toBe(false)
  const closedAt = performance.now()
  client.end()
  await once(client, 'close')
  expect(performance.now() - closedAt).toBeLessThan(AT_ONCE_MS)
})

test('a server that does not close is not waited for', PATIENTLY, async () => {
  await using lazy = await lazyServer()
  await (await get(lazy.server.url)).text()
  await lazy.server.idle()
})

test('nor is one that says more', PATIENTLY, async () => {
  await using lazy = await lazyServer()
  await (await get(lazy.server.url)).text()
  const client = await lazy.client
  const saidAt = performance.now()
  client.write('more')
  await once(client, 'close')
  expect(performance.now() - saidAt).toBeLessThan(AT_ONCE_MS)
})

test('nor one whose answer was not read to its end', PATIENTLY, async () => {
  await using lazy = await lazyServer()
  const response = await get(lazy.server.url)
  const client = await lazy.client
  const closedAt = performance.now()
  await response.close()
  await once(client, 'close')
  expect(performance.now() - closedAt).toBeLessThan(AT_ONCE_MS)
})

test('the process need not wait either', PATIENTLY, async () => {
  await using lazy = await lazyServer()
  const program = `import { get } from '@plainwire/http-client'
    await (await get('${lazy.server.url}')).text()
    const readAt = performance.now()
    process.once('exit', () => console.log(performance.now() - readAt))`
  const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
  })
  expect(Number((await child).stdout)).toBeLessThan(AT_ONCE_MS)
})
