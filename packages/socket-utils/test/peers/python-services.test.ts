import { readFileSync } from 'node:fs'
import { loadServices, type ServiceTable, type TransportProtocol } from '@plainwire/socket-utils'
import { describeWithPeer, startPeer } from '@plainwire/testing'
import { beforeAll, expect, test } from 'vitest'

// Python's answers come from the C library. glibc opens the file anew for each of the 327,680 questions, which takes it
// some 20 seconds on a busy machine: they are asked once, by one process, for all tests.
const DUMP = `
import json, socket, sys
PROTOCOLS = ['tcp', 'udp', 'sctp', 'dccp']
def ask(function, *args):
    try: return function(*args)
    except OSError: return None
by_port = {}
for protocol in PROTOCOLS + ['']:
    args = [protocol] if protocol else []
    answers = {port: ask(socket.getservbyport, port, *args) for port in range(65536)}
    by_port[protocol] = {port: name for port, name in answers.items() if name is not None}
by_name = {}
names = json.load(sys.stdin)
for protocol in PROTOCOLS + ['']:
    args = [protocol] if protocol else []
    by_name[protocol] = {name: ask(socket.getservbyname, name, *args) for name in names}
json.dump({'byPort': by_port, 'byName': by_name}, sys.stdout)
`

interface Answers {
  readonly byPort: Record<string, Record<number, string>>
  readonly byName: Record<string, Record<string, number | null>>
}

describeWithPeer('python3', 'the system’s services, beside Python’s getservbyport and getservbyname', (python) => {
  const protocols = ['tcp', 'udp', 'sctp', 'dccp', ''] as const
  const asked = (protocol: string): TransportProtocol | undefined => (protocol || undefined) as TransportProtocol
  let table: ServiceTable
  let names: string[]
  let python3: Answers

  beforeAll(async () => {
    table = await loadServices({ source: 'system' })
    // Every word of the file, so that names we might have missed are asked for too.
    const words = readFileSync('/etc/services', 'utf8').split(/[\s#]+/)
    const known = table.services.flatMap(({ name, aliases }) => [name, ...aliases])
    names = [...new Set([...known, ...words, ...known.map((name) => name.toUpperCase())])].filter((name) => name !== '')
    await using peer = startPeer(python, ['-c', DUMP], { input: JSON.stringify(names) })
    await peer.exited
    python3 = JSON.parse(peer.output()) as Answers
  }, 120_000)

  test('the same name for every port and protocol, and without one', () => {
    let compared = 0
    const differences: string[] = []
    for (const protocol of protocols) {
      for (let port = 0; port <= 65535; port++) {
        const [ours, theirs] = [table.byPort(port, asked(protocol))?.name, python3.byPort[protocol]?.[port]]
        if (ours !== theirs) differences.push(`${port}/${protocol}: ${ours}, Python says ${theirs}`)
        compared++
      }
    }
    process.stdout.write(`ports: ${compared} comparisons with Python, ${differences.length} differences\n`)
    expect(differences).toEqual([])
    expect(compared).toBe(5 * 65536)
  })

  test('the same port for every name and alias', () => {
    let compared = 0
    const differences: string[] = []
    for (const protocol of protocols) {
      for (const name of names) {
        const [ours, theirs] = [table.byName(name, asked(protocol))?.port ?? null, python3.byName[protocol]?.[name]]
        if (ours !== theirs) differences.push(`${name}/${protocol}: ${ours}, Python says ${theirs}`)
        compared++
      }
    }
    process.stdout.write(`names: ${compared} comparisons with Python, ${differences.length} differences\n`)
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(1000)
  })
})
