import { once } from 'node:events'
import dns from 'node:dns/promises'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { connect, type ConnectStep, NetworkError } from '@plainwire/socket-utils'
import { describeWithPeer, startPeer } from '@plainwire/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// A listening socket whose queue is full: the kernel drops each further SYN without a word, as a black hole does, and
// takes the retransmitted one (a second later) once the queue is served.
const BLACK_HOLE = `
import select, signal, socket, sys
listener = socket.socket()
listener.bind(('127.0.0.2', 0))
listener.listen(0)
waiting = []
for attempt in range(10):
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(listener.getsockname())
    waiting.append(client)
    if not select.select([], [client], [], 0.3)[1]: break
def serve(*_):
    for client in waiting: client.close()
    print('serving', flush=True)
    while True: listener.accept()[0].sendall(b'at last')
signal.signal(signal.SIGUSR1, serve)
print('port', listener.getsockname()[1], flush=True)
signal.pause()
`

// Whole of 127.0.0.0/8 is loopback on Linux alone.
describe.runIf(process.platform === 'linux')('beside a black hole', () => {
  const { lookup } = dns
  beforeAll(() => {
    dns.lookup = (() =>
      Promise.resolve([
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])) as unknown as typeof lookup
    syncBuiltinESMExports()
  })
  afterAll(() => {
    dns.lookup = lookup
    syncBuiltinESMExports()
  })

  describeWithPeer('python3', 'connect, RFC 8305', (python) => {
    const blackHole = async () => {
      const peer = startPeer(python, ['-c', BLACK_HOLE])
      const port = Number((await peer.line(/^port (\d+)$/))[1])
      return { peer, port, [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose]() }
    }
    const attempts = (steps: readonly ConnectStep[]): string[] =>
      steps.flatMap((step) => (step.step === 'attempt' ? [`${step.address}: ${step.error?.code ?? 'connected'}`] : []))
    const openSockets = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length

    test('the second address wins, the first attempt is given up and closed', async () => {
      await using hole = await blackHole()
      await using server = net.createServer().listen(hole.port, '127.0.0.1')
      await once(server, 'listening')
      const before = openSockets()
      const startedAt = performance.now()
      const { socket, address, steps } = await connect({ host: 'twofold.test', port: hole.port })
      const elapsedMs = performance.now() - startedAt
      expect(address).toBe('127.0.0.1')
      expect(attempts(steps)).toEqual(['127.0.0.2: abandoned', '127.0.0.1: connected'])
      expect(elapsedMs).toBeGreaterThan(240)
      socket.destroy()
      await once(socket, 'close')
      // The server's end of the connection closes by itself, when it sees ours gone.
      await expect.poll(openSockets).toBeLessThanOrEqual(before)
    })

    test('a slow first address connects when the second refuses', async () => {
      await using hole = await blackHole()
      const { socket, address, steps } = await connect({
        host: 'twofold.test',
        port: hole.port,
        onStep: (step) => {
          if (step.step === 'attempt' && step.error?.code === 'connect-refused') hole.peer.process.kill('SIGUSR1')
        },
      })
      expect(address).toBe('127.0.0.2')
      expect(attempts(steps)).toEqual(['127.0.0.1: connect-refused', '127.0.0.2: connected'])
      expect(String((await once(socket, 'data'))[0])).toBe('at last')
      socket.destroy()
    })

    test('the deadline names the step, and keeps what had failed by then', async () => {
      await using hole = await blackHole()
      const before = openSockets()
      const timedOut = `connect to 127.0.0.2:${hole.port}: timed out after 200 ms`
      await expect(connect({ host: '127.0.0.2', port: hole.port, timeoutMs: 200 })).rejects.toThrow(
        new NetworkError('timed-out', timedOut),
      )
      const steps: ConnectStep[] = []
      await expect(
        connect({ host: 'twofold.test', port: hole.port, timeoutMs: 500, onStep: (step) => steps.push(step) }),
      ).rejects.toMatchObject({
        message: `connect to twofold.test:${hole.port}: timed out after 500 ms`,
        cause: { errors: [{ code: 'connect-refused' }] },
      })
      expect(attempts(steps)).toEqual(['127.0.0.1: connect-refused', '127.0.0.2: timed-out'])
      await expect.poll(openSockets).toBeLessThanOrEqual(before)
    })

    test('an abort in the middle leaves no socket', async () => {
      await using hole = await blackHole()
      const before = openSockets()
      const controller = new AbortController()
      const steps: ConnectStep[] = []
      const connecting = connect({
        host: 'twofold.test',
        port: hole.port,
        signal: controller.signal,
        onStep: (step) => {
          steps.push(step)
          if (step.step === 'attempt') controller.abort('mine')
        },
      })
      await expect(connecting).rejects.toBe('mine')
      expect(attempts(steps)).toEqual(['127.0.0.1: connect-refused', '127.0.0.2: abandoned'])
      await expect.poll(openSockets).toBeLessThanOrEqual(before)
    })
  })
})
