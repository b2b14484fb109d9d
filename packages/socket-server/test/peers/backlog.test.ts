// The kernel's own account of a listening socket: in `ss -ltn`, Send-Q is the backlog it was given and Recv-Q the
// clients that are connected and not accepted.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net, { type Socket } from 'node:net' // the object, since an older Node has no BoundSocket to import by name
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describeWithPeer, runProgram } from '@plainwire/testing'
import { expect, onTestFinished, test } from 'vitest'
import { serveConcurrently, serveIteratively, serveOnce, serveThreadPerClient } from '../../src/index.ts'
import type { Connection } from '../../src/index.ts'
import { canTransferSockets } from '../../src/socket-transfer.ts'
import { connectTo, reply, until } from '../client.ts'

const canBind = typeof net.BoundSocket === 'function' && process.platform !== 'win32'

describeWithPeer('ss', 'the backlog, as the kernel sees it', (ss) => {
  const listening = (port: number): { waiting: number; backlog: number } => {
    const line = runProgram(ss, ['-Hltn', `sport = :${port}`])
    const [, waiting, backlog] = line.split(/\s+/).map(Number)
    if (waiting === undefined || backlog === undefined) throw new Error(`nobody listens on ${port}: ${line}`)
    return { waiting, backlog }
  }
  const greetAndStay = async (connection: Connection): Promise<void> => {
    await connection.write('your turn')
    await connection.read()
  }
  const clients = async (port: number, count: number): Promise<Socket[]> => {
    const sockets: Socket[] = []
    for (let i = 0; i < count; i++) sockets.push(await connectTo(port))
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
    return sockets
  }
  const echoModule = new URL('../../src/echo.ts', import.meta.url)

  test.each([
    ['serveOnce', () => serveOnce(greetAndStay, { backlog: 64 })],
    ['serveIteratively', () => serveIteratively(greetAndStay, { backlog: 64 })],
    ['serveConcurrently', () => serveConcurrently(greetAndStay, { backlog: 64 })],
    ['serveThreadPerClient', () => serveThreadPerClient(echoModule, { backlog: 64 })],
  ])('%s has the backlog that was asked for', async (_, serve) => {
    await using server = await serve()
    expect(server.backlog).toBe(64)
    expect(listening(server.port)).toEqual({ waiting: 0, backlog: 64 })
  })

  test.runIf(canTransferSockets())('it is what was asked for after suspend() and resume(), too', async () => {
    await using server = await serveConcurrently(greetAndStay, { backlog: 64 })
    for (let count = 0; count < 2; count++) {
      server.suspend()
      const [client] = await clients(server.port, 1)
      expect(listening(server.port)).toEqual({ waiting: 1, backlog: 64 })
      server.resume()
      expect(await reply(client as Socket)).toBe('your turn')
      expect(listening(server.port)).toEqual({ waiting: 0, backlog: 64 })
      client?.destroy()
    }
  })

  test.runIf(canBind)('it is what was asked for on a descriptor that somebody else bound, too', async () => {
    using bound = new net.BoundSocket({ host: '127.0.0.1', port: 0 })
    const { port } = bound.address() as { port: number }
    const script = fileURLToPath(new URL('../fixtures/echo-server.ts', import.meta.url))
    for (const options of [{}, { limits: { connections: 9 } }]) {
      const args = [script, JSON.stringify({ ...options, fd: 3, backlog: 64 })]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', bound.fd()] })
      const exited = once(child, 'exit')
      await once(child.stdout as Readable, 'data')
      expect(listening(port).backlog).toBe(64)
      child.kill('SIGTERM')
      await exited
    }
  })

  test('an iterative server leaves all but one in it, and takes the next when the handler is done', async () => {
    let active = 0
    let most = 0
    const server = await serveIteratively(
      async (connection) => {
        most = Math.max(most, ++active)
        await greetAndStay(connection)
        active -= 1
      },
      { backlog: 8 },
    )
    const waiting = await clients(server.port, 5)
    const turns = waiting.map(reply)
    for (const [i, client] of waiting.entries()) {
      await turns[i]
      // The client is served, so it has left the queue, and whoever came later is still in it.
      expect(listening(server.port)).toEqual({ waiting: 4 - i, backlog: 8 })
      client.end()
    }
    await server.close()
    expect(most).toBe(1)
  })

  test('bytes that a waiting client sends wait with it, and reach the handler', async () => {
    const server = await serveIteratively(async (connection) => {
      const message = await connection.read()
      if (message) await connection.write(message)
    })
    const [first, second] = (await clients(server.port, 2)) as [Socket, Socket]
    second.end('sent while waiting')
    await until(() => listening(server.port).waiting === 1)
    first.end()
    expect(await reply(second)).toBe('sent while waiting')
    await server.close()
  })

  test('thread-per-client leaves those in it for whom there is no thread', async () => {
    await using server = await serveThreadPerClient(echoModule, { maxThreads: 2, backlog: 16 })
    const all = await clients(server.port, 5)
    const first = all[0] as Socket
    for (const client of all) client.write('hello')
    await Promise.all(all.slice(0, 2).map(reply))
    expect(listening(server.port)).toEqual({ waiting: 3, backlog: 16 })
    first.end()
    await reply(all[2] as Socket)
    expect(listening(server.port).waiting).toBe(2)
    for (const client of all) client.end()
  })

  test('nobody listens where bindOnly is, nor where a server was closed', async () => {
    const server = await serveIteratively(greetAndStay)
    const [first] = await clients(server.port, 3)
    await reply(first as Socket)
    await server.close({ graceMs: 0 })
    expect(runProgram(ss, ['-Hltn', `sport = :${server.port}`])).toBe('')
  })

  test.runIf(canTransferSockets())('an acceptor thread that is suspended accepts one more at the most', async () => {
    await using server = await serveConcurrently(greetAndStay, { limits: { connections: 100 } })
    const [before] = (await clients(server.port, 1)) as [Socket]
    expect(await reply(before)).toBe('your turn')
    server.suspend()
    // It sleeps once it has read the message, or has accepted somebody: who is ahead of that waits here, the others there.
    const during = await clients(server.port, 20)
    const here = (): number => server.info().waiting
    await until(() => here() + listening(server.port).waiting === 20)
    expect(here()).toBeLessThanOrEqual(1)
    expect(server.info()).toMatchObject({ open: 1, accepted: 1 })
    const turns = Promise.all(during.map(reply))
    server.resume()
    expect(await turns).toEqual(during.map(() => 'your turn'))
    expect(server.info()).toMatchObject({ open: 21, waiting: 0 })
    for (const client of [before, ...during]) client.destroy()
  })
})
