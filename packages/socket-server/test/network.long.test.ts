// Networks as they are: loss, little room, resets from a third party, and peers that are suddenly gone. Each in a network
// namespace of its own, server and clients in processes of their own.

import { fileURLToPath } from 'node:url'
import { findProgram, type Peer, startPeer, temporaryDirectory } from '@plainwire/testing'
import { describeInNamespace, networkNamespace } from '@plainwire/testing/namespace'
import { expect, test } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const server = path('fixtures/echo-server.ts')
const clients = path('fixtures/echo-clients.ts')
const PORT = 4242

/** A shell in the namespace that starts the server, does the rest, and ends it. */
function script(options: object, layer: string, rest: string): string {
  return `"${process.execPath}" "${server}" '${JSON.stringify({ port: PORT, ...options })}' ${layer} & server=$!
until ss -Hltn | grep -q :${PORT}; do sleep 0.05; done
${rest}
kill -TERM $server
wait $server`
}

async function run(peer: Peer): Promise<{ info: ServerTold; output: string }> {
  await using running = peer
  await running.exited
  const output = running.output()
  const line = /^.*"state".*$/m.exec(output)?.[0]
  if (line === undefined) throw new Error(output)
  return { info: JSON.parse(line) as ServerTold, output }
}

interface ServerTold {
  readonly accepted: number
  readonly open: number
  readonly cut: number
  readonly closed: Readonly<Record<string, number>>
}

const balanced = ({ accepted, open, closed }: ServerTold): void => {
  expect(open).toBe(0)
  expect(Object.values(closed).reduce((sum, count) => sum + count)).toBe(accepted)
}

const missing = ['iptables', 'tc', 'ss'].filter((name) => findProgram(name) === undefined)
const namespace = missing.length > 0 ? `${missing.join(', ')} not installed` : networkNamespace()

describeInNamespace(namespace, 'in a network of its own', (inNamespace) => {
  const start = (text: string): Peer => {
    const [program, ...args] = inNamespace('sh', '-ec', text)
    return startPeer(program, args)
  }
  const talk = (count: number, messages: number, bytes: number): string =>
    `"${process.execPath}" "${clients}" ${PORT} ${count} ${messages} ${bytes}`

  test.each(['fast', 'async'])('%s layer: a twentieth of the packets lost, and not a byte', async (layer) => {
    const loss = 'iptables -A INPUT -p tcp -m statistic --mode random --probability 0.05 -j DROP'
    const { info, output } = await run(start(script({}, layer, `${loss}\n${talk(50, 20, 5000)}`)))
    expect(output).toContain('{"whole":1000}')
    expect(info).toMatchObject({ accepted: 50, cut: 0 })
    balanced(info)
  })

  test('20 Mbit a second', async () => {
    const slow = 'ip link set lo mtu 1500\ntc qdisc add dev lo root tbf rate 20mbit burst 16kb latency 200ms'
    const { info, output } = await run(start(script({}, 'fast', `${slow}\n${talk(16, 4, 65536)}`)))
    expect(output).toContain('{"whole":64}')
    balanced(info)
  })

  test('somebody in between resets everything, and it is counted as that', async () => {
    const reset = `(sleep 2; iptables -A INPUT -p tcp --dport ${PORT} -j REJECT --reject-with tcp-reset) &`
    const { info, output } = await run(start(script({}, 'async', `${reset}\n${talk(16, 1_000_000, 1000)}`)))
    expect(output).toMatch(/"broken: (ECONNRESET|EPIPE|ended early)":\d+/)
    balanced(info)
  })

  // The kernel's questions: the first after a second of silence, then one a second, ten in all.
  test('a peer that vanishes is noticed by keep-alive, and a writer by the write deadline', async () => {
    using directory = temporaryDirectory()
    const hold = `import socket, time
quiet = socket.create_connection(("127.0.0.1", ${PORT})); quiet.sendall(b"x"); quiet.recv(1)
greedy = socket.create_connection(("127.0.0.1", ${PORT})); greedy.sendall(b"y"); greedy.recv(1)
open("${directory.path}/ready", "w").close()
greedy.settimeout(2)
try: greedy.sendall(b"z" * 50_000_000)
except OSError: pass
time.sleep(60)`
    const vanish = `python3 -c '${hold}' & peer=$!
until [ -e ${directory.path}/ready ]; do sleep 0.05; done
sleep 3
iptables -A INPUT -p tcp --dport ${PORT} -j DROP
iptables -A OUTPUT -p tcp --sport ${PORT} -j DROP
kill -9 $peer
sleep 15`
    const options = { keepAliveMs: 1000, deadlines: { writeMs: 5000 }, graceMs: 1 }
    const { info } = await run(start(script(options, 'fast', vanish)))
    expect(info).toMatchObject({ accepted: 2, cut: 0, closed: { reset: 1, 'slow-reader': 1 } })
  })
})
