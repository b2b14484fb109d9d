// What starting costs, from the built package (`pnpm build` first): each command beside what people would use instead,
// in turns, medians of the rounds, and the difference to a Node that does nothing. Load from elsewhere hits all alike.
//
//   node bench/startup.ts [ROUNDS]        default 21

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../bin/plainwire.cjs', import.meta.url))
const ROUNDS = Number(process.argv[2] ?? 21)
const { execPath: node } = process

if (!existsSync(new URL('../dist/program.js', import.meta.url)))
  throw new Error('dist is not there: run pnpm build first')

const directory = mkdtempSync(join(tmpdir(), 'plainwire-startup-'))
const empty = join(directory, 'empty.mjs')
const fetching = join(directory, 'fetch.mjs')
const packet = join(directory, 'packet.hex')
writeFileSync(empty, '')
writeFileSync(fetching, 'process.stdout.write(await (await fetch(process.argv[2])).text())\n')
writeFileSync(packet, `${'240206e9'.padEnd(96, '0')}\n`)

const servers: ChildProcess[] = []
/** What it says first, or undefined if it could not listen there. */
async function serve(what: string, listen: string): Promise<string | undefined> {
  const child = spawn(node, [MAIN, 'serve', what, '--listen', listen], { stdio: ['ignore', 'pipe', 'ignore'] })
  servers.push(child)
  const lines = createInterface({ input: child.stdout })
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [])])) as [string?]
  child.stdout.resume()
  return line
}

const url = (await serve('http', ':0')) ?? ''
const timeUrl = (await serve('time', ':0')) ?? ''
/** ntpdig asks port 123 and no other: another address of this host, for who may have that port. */
const NTPDIG_SERVER = '127.0.0.2'
const wellKnown = await serve('time', `${NTPDIG_SERVER}:123`)
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

const CASES: readonly (readonly [name: string, command: readonly string[], input?: string])[] = [
  ['empty Node', [node, empty]],
  ['plainwire --version', [node, MAIN, '--version']],
  ['plainwire --help', [node, MAIN, '--help']],
  ['plainwire host', [node, MAIN, 'host']],
  ['plainwire service 80/tcp', [node, MAIN, 'service', '80/tcp']],
  ['plainwire get URL', [node, MAIN, 'get', url]],
  ['  fetch script', [node, fetching, url]],
  ...(has('curl') ? [['  curl', ['curl', '-s', url]] as const] : []),
  ['plainwire time SERVER -n 1', [node, MAIN, 'time', timeUrl, '-n', '1']],
  ...(has('ntpdig') && wellKnown !== undefined ? [['  ntpdig', ['ntpdig', NTPDIG_SERVER]] as const] : []),
  ['plainwire dissect ntp --hex', [node, MAIN, 'dissect', 'ntp', packet, '--hex']],
  ...(has('tshark') && has('text2pcap')
    ? [
        [
          '  text2pcap | tshark',
          [
            'sh',
            '-c',
            `sed 's/../& /g; s/^/000000 /' ${packet} | text2pcap -q -u 40000,123 - ${directory}/x.pcap 2>/dev/null; tshark -r ${directory}/x.pcap -T json >/dev/null 2>&1`,
          ],
        ] as const,
      ]
    : []),
]

const took = new Map<string, number[]>(CASES.map(([name]) => [name, []]))
try {
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, [program = '', ...args]] of CASES) {
      const startedAt = performance.now()
      const child = spawn(program, args, { stdio: 'ignore' })
      await once(child, 'exit')
      if (round > 0) took.get(name)?.push(performance.now() - startedAt) // the first round warms the disk's cache
    }
  }
} finally {
  for (const server of servers) server.kill()
  rmSync(directory, { recursive: true })
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
const base = took.get('empty Node') ?? []
console.log(`${ROUNDS} rounds, Node ${process.versions.node}, load ${(loadavg()[0] ?? NaN).toFixed(1)}`)
console.log(`${' '.repeat(30)}   median    least   median over empty Node, round by round`)
for (const [name, values] of took) {
  const differences = values.map((value, round) => value - (base[round] ?? NaN))
  const columns = [median(values), Math.min(...values), median(differences)]
  console.log(`${name.padEnd(30)}${columns.map((ms) => `${ms.toFixed(1).padStart(8)} `).join('')} ms`)
}
