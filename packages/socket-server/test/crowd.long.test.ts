// Ten thousand idle connections from one address, and what is left of the server for the others.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeWithPeer, runNode, startPeer } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { converse } from './client.ts'

const script = fileURLToPath(new URL('fixtures/echo-server.ts', import.meta.url))
const residentKb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

const crowd = `
import resource, socket, sys, time
port, count, source = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
clients, refused = [], 0
for _ in range(count):
    client = socket.create_connection(("127.0.0.1", port), source_address=(source, 0))
    try:
        client.sendall(b"x")
        if client.recv(1) != b"x": refused += 1
    except OSError:
        refused += 1
    clients.append(client)
print(f"there {count - refused} refused {refused}", flush=True)
time.sleep(600)
`

describeWithPeer('python3', 'a crowd', (python) => {
  test.runIf(process.platform === 'linux')(
    '10,000 idle connections of one address harm nobody, and are small',
    async () => {
      const options = { backlog: 4096, deadlines: { idleMs: 600_000, writeMs: 60_000, firstByteMs: 60_000 } }
      await using server = runNode(script, [JSON.stringify(options), 'fast'])
      const [, port] = await server.line(/"port":(\d+)/)
      for (let i = 0; i < 200; i++) expect(await converse(Number(port), 'warm')).toBe('warm')
      const before = residentKb(server.process.pid as number)
      await using idle = startPeer(python, ['-c', crowd, String(port), '10000', '127.0.0.9'])
      await idle.line(/^there 10000 refused 0$/)
      const started = performance.now()
      for (let i = 0; i < 100; i++) expect(await converse(Number(port), `client ${i}`)).toBe(`client ${i}`)
      expect((performance.now() - started) / 100).toBeLessThan(100)
      // Measured at 4 KB; the rest is for a heap that has not been swept.
      expect((residentKb(server.process.pid as number) - before) / 10_000).toBeLessThan(12)
      idle.process.kill('SIGKILL')
      server.process.kill('SIGTERM')
      expect(await server.exited).toBe(0)
      const info = JSON.parse((await server.line(/"state"/)).input) as { accepted: number; open: number }
      expect(info).toMatchObject({ accepted: 10_300, open: 0, cut: 0 })
    },
  )

  test('with a limit per address the crowd gets its share, and the others do not notice', async () => {
    await using server = runNode(script, [JSON.stringify({ limits: { perAddress: 100 } }), 'async'])
    const [, port] = await server.line(/"port":(\d+)/)
    await using greedy = startPeer(python, ['-c', crowd, String(port), '5000', '127.0.0.9'])
    await greedy.line(/^there 100 refused 4900$/)
    for (let i = 0; i < 50; i++) expect(await converse(Number(port), 'served')).toBe('served')
  })
})
