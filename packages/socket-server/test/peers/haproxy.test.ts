// A server of ours behind HAProxy: whom it serves, and what it makes of health checks.

import { writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect, type NetConnectOpts } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { waitForPort } from '@plainwire/socket-utils'
import { describeWithPeer, type Peer, startPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Connection, type RunningServer, serveConcurrently } from '../../src/index.ts'
import { until } from '../client.ts'

describeWithPeer('haproxy', 'behind HAProxy', (program) => {
  const directory = temporaryDirectory()
  const faults: unknown[] = []
  const seen: { remote: unknown; version: number | undefined }[] = []
  let server: RunningServer
  let haproxy: Peer
  let ports: Record<'v1' | 'v2', number>

  beforeAll(async () => {
    const handler = async (connection: Connection): Promise<void> => {
      seen.push({ remote: connection.remote, version: connection.proxy?.version })
      for await (const message of connection) await connection.write(message)
    }
    server = await serveConcurrently(handler, {
      proxyProtocol: { trust: ['127.0.0.1'] },
      limits: { perAddress: 2 },
      onError: (error) => faults.push(error),
    })
    ports = { v1: await unusedPort(), v2: await unusedPort() }
    const forward = (name: 'v1' | 'v2', options: string): string => `
listen ${name}
  bind 127.0.0.1:${ports[name]}
  bind ${directory.path}/${name}.sock
  server ours 127.0.0.1:${server.port} ${options} check inter 50ms
`
    const config = join(directory.path, 'haproxy.cfg')
    const defaults = 'defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 20s\n  timeout server 20s\n'
    writeFileSync(config, defaults + forward('v1', 'send-proxy') + forward('v2', 'send-proxy-v2'))
    haproxy = startPeer(program, ['-db', '-f', config])
    await waitForPort({ host: '127.0.0.1', port: ports.v2 })
  })
  afterAll(async () => {
    await haproxy[Symbol.asyncDispose]()
    await server.close({ graceMs: 0 })
    directory[Symbol.dispose]()
  })

  const converse = async (to: NetConnectOpts): Promise<{ port: number; reply: string }> => {
    const socket = connect({ allowHalfOpen: true, ...to })
    await once(socket, 'connect')
    const port = socket.localPort ?? 0
    socket.write('hello')
    const [first] = (await once(socket, 'data')) as [Buffer]
    socket.end()
    return { port, reply: String(first) + (await text(socket)) }
  }

  test('health checks are no connections, no handler sees them, and nobody calls them errors', async () => {
    await until(() => server.info().healthChecks >= 6)
    const { accepted, closed } = server.info()
    expect(seen).toHaveLength(accepted)
    expect(closed).toMatchObject({ reset: 0, 'proxy-error': 0, 'handler-error': 0 })
    expect(faults).toEqual([])
  })

  test.each(['v1', 'v2'] as const)('%s: the handler sees the client, not the proxy', async (name) => {
    const { port, reply } = await converse({ port: ports[name], host: '127.0.0.1' })
    expect(reply).toBe('hello')
    expect(seen.at(-1)).toEqual({ remote: { host: '127.0.0.1', port }, version: name === 'v1' ? 1 : 2 })
  })

  test.each(['v1', 'v2'] as const)(
    '%s: a client of a Unix socket is served, though HAProxy does not name it',
    async (name) => {
      const { reply } = await converse({ path: join(directory.path, `${name}.sock`) })
      expect(reply).toBe('hello')
      expect(seen.at(-1)).toMatchObject({ remote: { host: '127.0.0.1' } })
    },
  )

  test('limits are of the clients, not of the proxy', async () => {
    await until(() => server.info().open === 0)
    const from = (localAddress: string): NetConnectOpts => ({ port: ports.v2, host: '127.0.0.1', localAddress })
    const stay = async (localAddress: string): Promise<string> => {
      const socket = connect(from(localAddress)).on('error', () => {})
      socket.write('x')
      return Promise.race([once(socket, 'data').then(() => 'served'), once(socket, 'close').then(() => 'turned away')])
    }
    const outcomes = []
    for (const address of ['127.0.0.2', '127.0.0.2', '127.0.0.2', '127.0.0.3']) outcomes.push(await stay(address))
    expect(outcomes).toEqual(['served', 'served', 'turned away', 'served'])
    expect(server.info().closed.limit).toBe(1)
  })
})
