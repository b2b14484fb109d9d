// Happy Eyeballs in a network of its own: a namespace with nothing in it but loopback and a cable whose far end answers
// nobody, so that a SYN goes out and is never heard of again. It goes away with the program that runs in it.

import { fileURLToPath } from 'node:url'
import { startPeer } from '@plainwire/testing'
import { describeInNamespace, networkNamespace } from '@plainwire/testing/namespace'
import { expect, test } from 'vitest'

// The getaddrinfo of the system puts the global IPv6 address first (RFC 6724 §6, rule 6).
const HOSTS = `
127.0.0.1 localhost
2001:db8:7::2 silent-then-open.test
10.7.0.1 silent-then-open.test
2001:db8:7::3 late-then-refused.test
10.7.0.1 late-then-refused.test
2001:db8:7::4 late-then-refused-2.test
10.7.0.1 late-then-refused-2.test
2001:db8:7::2 both-silent.test
10.7.0.2 both-silent.test
`

// Neighbours that are known for good, under a hardware address that the far end does not have: it drops what is sent there.
const SETUP = `
mount -t tmpfs none /mnt
printf %s "$1" > /mnt/hosts
mount --bind /mnt/hosts /etc/hosts
ip link set lo up
ip link add near type veth peer name far
ip link set near addrgenmode none up
ip link set far addrgenmode none up
ip addr add 10.7.0.1/24 dev near
ip addr add 2001:db8:7::1/64 dev near nodad
for address in 10.7.0.2 2001:db8:7::2 2001:db8:7::3 2001:db8:7::4; do
  ip neigh add "$address" lladdr 02:00:00:00:00:02 dev near nud permanent
done
ip route add unreachable 198.51.100.0/24
`

const PROGRAM = fileURLToPath(new URL('race-in-namespace.ts', import.meta.url))

interface Result {
  readonly end: string
  readonly elapsedMs: number
  readonly attempts: readonly string[]
  readonly sockets: readonly string[]
}

describeInNamespace(networkNamespace(SETUP, [HOSTS]), 'connect in a network namespace, RFC 8305', (inNamespace) => {
  async function run<T>(scenario: string): Promise<T> {
    const [program, ...args] = inNamespace(process.execPath, PROGRAM, scenario)
    await using peer = startPeer(program, args)
    const [json] = await peer.line(/^\{.*\}$/)
    expect(await peer.exited).toBe(0)
    return JSON.parse(json) as T
  }

  test('a silent first address costs 250 ms, and no socket is left but the winner’s', async () => {
    const { ours, node } = await run<{ ours: Result[]; node: Result[] }>('silent')
    const list = (results: Result[]): string => results.map(({ elapsedMs }) => elapsedMs.toFixed(0)).join(' ')
    process.stdout.write(`silent first address, ms: connect ${list(ours)}; Node's autoSelectFamily ${list(node)}\n`)
    for (const { end, attempts, sockets } of ours) {
      expect(end).toBe('10.7.0.1')
      expect(attempts).toEqual(['2001:db8:7::2 abandoned', '10.7.0.1 connected'])
      expect(sockets).toEqual(['established', 'established']) // both ends
    }
    // Never sooner, and the best of five on time: the others may have met a busy machine.
    const fastest = Math.min(...ours.map(({ elapsedMs }) => elapsedMs))
    expect(fastest).toBeGreaterThan(240)
    expect(fastest).toBeLessThan(300)
  })

  test('a first address that answers late wins when the second refuses', async () => {
    const { ours, node } = await run<{ ours: Result; node: Result }>('late')
    const list = ({ end, elapsedMs }: Result): string => `${end} after ${elapsedMs.toFixed(0)} ms`
    process.stdout.write(`late first address: connect ${list(ours)}; Node's autoSelectFamily ${list(node)}\n`)
    expect(ours.end).toBe('2001:db8:7::3')
    expect(ours.attempts).toEqual(['10.7.0.1 connect-refused', '2001:db8:7::3 connected'])
    expect(ours.elapsedMs).toBeGreaterThan(1000)
    expect(ours.sockets).toEqual(['established', 'established'])
  })

  test('an abort in the middle leaves no socket', async () => {
    const result = await run('aborted')
    expect(result).toEqual({
      end: 'mine',
      during: ['syn-sent', 'syn-sent'],
      after: [],
      attempts: ['2001:db8:7::2 abandoned', '10.7.0.2 abandoned'],
    })
  })

  test('probePort tells refused, silent and unreachable apart', async () => {
    expect(await run('probed')).toEqual({
      '10.7.0.1': 'refused connect to 10.7.0.1:9: connection refused (ECONNREFUSED)',
      '10.7.0.2': 'timed-out connect to 10.7.0.2:9: timed out after 300 ms',
      '192.0.2.7': 'unreachable connect to 192.0.2.7:9: network is unreachable (ENETUNREACH)',
      '198.51.100.7': 'unreachable connect to 198.51.100.7:9: no route to host (EHOSTUNREACH)',
      '2001:db8:7::2': 'timed-out connect to [2001:db8:7::2]:9: timed out after 300 ms',
    })
  })
})
