// One generation of a server hands over to the next while clients come and go: none may notice.

import { fileURLToPath } from 'node:url'
import { describeInNamespace, networkNamespace } from '@plainwire/testing/namespace'
import { describeWithPeer, startPeer } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { until } from './client.ts'
import { churn } from './fixtures/churn.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

describeWithPeer('python3', 'on a socket that outlives both, as systemd keeps it', (python) => {
  test('five generations: nobody is refused, nobody reset', async () => {
    const args = [path('fixtures/holder.py'), process.execPath, path('fixtures/activated.ts')]
    await using holder = startPeer(python, args, { input: '\n\n\n\n' })
    const [, port] = await holder.line(/^port (\d+)$/)
    const clients = churn(Number(port), 8)
    await until(() => holder.output().match(/ended 0/g)?.length === 4)
    const atLast = clients.total
    await until(() => clients.total > atLast + 20)
    await clients.stop()
    expect(Object.fromEntries(clients.counts)).toEqual({ served: clients.total })
    expect(clients.total).toBeGreaterThan(50)
    holder.process.kill('SIGTERM')
    expect(await holder.exited).toBe(0)
    expect(holder.output().match(/ended 0/g)).toHaveLength(5)
  })
})

const migrating = 'ip link set lo up; echo 1 > /proc/sys/net/ipv4/tcp_migrate_req'
describeInNamespace(networkNamespace(migrating), 'on one port, with net.ipv4.tcp_migrate_req', (run) => {
  test('ten generations: nobody is refused, nobody reset', async () => {
    const [program, ...args] = run(process.execPath, path('fixtures/generations.ts'), '10')
    await using peer = startPeer(program, args)
    const line = await peer.line(/^\{.*\}$/)
    const counts = JSON.parse(line[0]) as Record<string, number>
    expect(counts).toEqual({ served: counts['served'] })
    expect(counts['served']).toBeGreaterThan(100)
  })
})
