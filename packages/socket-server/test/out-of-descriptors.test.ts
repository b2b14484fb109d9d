// A process with 100 descriptors and 200 clients who want one each: Node itself serves some 77, and closes the others'
// connections without a word.

import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describeWithPeer, startPeer } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { canTransferSockets } from '../src/socket-transfer.ts'

const script = fileURLToPath(new URL('fixtures/echo-server.ts', import.meta.url))

/** How long nobody leaves. */
const SHORTAGE_MS = 400

interface Spent {
  readonly atMs: number
  readonly cpuMs: number
}

/** Connects, waits for its turn as long as it takes, stays until it may leave, and says what it got. */
async function patientClient(port: number, mayLeave: Promise<unknown>): Promise<string> {
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => {})
  client.write('hello')
  const got = await Promise.race([
    once(client, 'data').then(([bytes]) => String(bytes)),
    once(client, 'end').then(() => 'FIN'),
    once(client, 'close').then(() => 'closed'),
  ])
  await mayLeave
  client.end()
  return got
}

describeWithPeer('sh', '100 descriptors and 200 clients', (sh) => {
  test.runIf(canTransferSockets()).each([
    ['in one thread', {}],
    ['with an acceptor thread', { limits: { connections: 150 } }],
  ])('%s: all are served in the end, and the shortage is told', async (_, options) => {
    const command = `ulimit -n 100; exec "${process.execPath}" "${script}" '${JSON.stringify(options)}'`
    await using server = startPeer(sh, ['-c', command])
    const [, port] = await server.line(/"port":(\d+)/)
    const short = server.line(/"type":"out-of-descriptors","waits":true/)
    const mayLeave = short.then(() => setTimeout(SHORTAGE_MS))
    const replies = await Promise.all(Array.from({ length: 200 }, () => patientClient(Number(port), mayLeave)))
    expect(replies.filter((reply) => reply === 'hello')).toHaveLength(200)
    const began = JSON.parse((await short).input) as Spent
    const recovered = JSON.parse((await server.line(/"type":"recovered"/)).input) as Spent
    // It slept, rather than asking again and again: a busy loop would take the whole time on a processor.
    expect(recovered.cpuMs - began.cpuMs).toBeLessThan((recovered.atMs - began.atMs) / 2)
    server.process.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    const info = JSON.parse((await server.line(/"state"/)).input) as { accepted: number; outOfDescriptors: number }
    expect(info).toMatchObject({ accepted: 200, open: 0, cut: 0, closed: { reset: 0 } })
    expect(info.outOfDescriptors).toBeGreaterThan(0)
  })
})
