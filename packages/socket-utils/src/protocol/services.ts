// Which service has which port: a services file by the C library's rules, or the registry of IANA.

import { quoted } from './errors.ts'

/** What getservbyport's second argument is in practice; a services file may hold others, such as `ddp`. */
export type TransportProtocol = 'tcp' | 'udp' | 'sctp' | 'dccp'

/** One line of a services file, or one entry of IANA's registry. */
export interface Service {
  readonly name: string
  /** 0 to 65535. */
  readonly port: number
  /** As the table has it: one of TransportProtocol, or what else a services file says. */
  readonly protocol: string
  /** Other names of the same port, in the table's order. */
  readonly aliases: readonly string[]
  /** What IANA says that it is, or the comment on its line of the system's file; absent where neither says anything. */
  readonly description?: string
  /** The services file of the system, or IANA's registry as it is bundled. */
  readonly source: 'system' | 'iana'
}

/** Services in their table's order, which decides: the first that matches is the answer, as in the C library. */
export class ServiceTable {
  readonly services: readonly Service[]
  // Made when first asked for: most programs look up either ports or names.
  #ports: Index<number> | undefined
  #names: Index<string> | undefined

  constructor(services: Iterable<Service>) {
    this.services = [...services]
  }

  /**
   * The service of a port, as getservbyport; undefined for a port without one. Without a protocol the table's order
   * decides, so that port 514 is `shell` (TCP) where that line stands first, not `syslog` (UDP).
   * RangeError for a port outside 0 to 65535, TypeError for an unknown protocol.
   */
  byPort(port: number, protocol?: TransportProtocol): Service | undefined {
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw new RangeError(`port must be 0 to 65535, got ${quoted(port)}`)
    }
    this.#ports ??= indexByPort(this.services)
    return this.#ports.get(knownProtocol(protocol))?.get(port)
  }

  /** The service with this name or alias, as getservbyname: upper and lower case differ. TypeError as byPort. */
  byName(name: string, protocol?: TransportProtocol): Service | undefined {
    if (typeof name !== 'string') throw new TypeError(`service name must be a string, got ${quoted(name)}`)
    this.#names ??= indexByName(this.services)
    return this.#names.get(knownProtocol(protocol))?.get(name)
  }
}

/**
 * The text of a services file (`name port/protocol alias… # comment`). What the C library skips is skipped, so that a
 * broken line costs no other: no port, no digits, anything but `/` after them. As there, `0x50` and `0120` are 80. A
 * port above 65535 is skipped too, where glibc would take it modulo 65536.
 */
export function parseServices(text: string): ServiceTable {
  return new ServiceTable(
    text
      .split('\n')
      .map(parseLine)
      .filter((service) => service !== undefined),
  )
}

/** IANA's registry as bundled; loaded when first called (110 kB, 49 kB compressed). */
export async function ianaServices(): Promise<ServiceTable> {
  const { IANA_REGISTRY } = await import('./iana-registry.generated.ts')
  return new ServiceTable(expandRegistry(IANA_REGISTRY))
}

/** C's white space; `\s` would take in a no-break space, which may be part of a name. */
const BLANK = /[ \t\v\f\r]+/

function parseLine(line: string): Service | undefined {
  const [, entry = '', comment = ''] = /^([^#]*)#?(.*)$/s.exec(line) ?? []
  const content = entry.replace(/^[ \t\v\f\r]+/, '')
  const [name = '', portAndProtocol = '', ...aliases] = content.split(BLANK)
  const [, digits = '', protocol = ''] = /^\+?(0x[0-9a-f]+|[0-9]+)(?:\/+(.*))?$/i.exec(portAndProtocol) ?? []
  const port = parseCInteger(digits)
  if (port === undefined || port > 65535) return undefined
  const description = comment.trim()
  return {
    name,
    port,
    protocol,
    aliases: aliases.filter((alias) => alias !== ''),
    ...(description !== '' && { description }),
    source: 'system',
  }
}

/** strtoul with base 0. */
function parseCInteger(digits: string): number | undefined {
  if (/^0[0-7]+$/.test(digits)) return parseInt(digits, 8)
  return /^(?:0x[0-9a-f]+|0|[1-9][0-9]*)$/i.test(digits) ? Number(digits) : undefined
}

const PROTOCOL_LETTERS: Readonly<Record<string, TransportProtocol>> = { t: 'tcp', u: 'udp', s: 'sctp', d: 'dccp' }

/** A line of the generated table is `80 tu http www www-http<TAB>World Wide Web HTTP` or `6000-6063 tu x11<TAB>…`. */
function* expandRegistry(registry: string): Generator<Service> {
  for (const line of registry.split('\n')) {
    const [entry = '', description] = line.split('\t')
    const [ports = '', letters = '', name = '', ...aliases] = entry.split(' ')
    const [first = NaN, last = first] = ports.split('-').map(Number)
    for (let port = first; port <= last; port++) {
      for (const letter of letters) {
        const protocol = PROTOCOL_LETTERS[letter] ?? letter
        yield { name, port, protocol, aliases, ...(description !== undefined && { description }), source: 'iana' }
      }
    }
  }
}

/** By protocol; `any` is for a look-up that names none. */
type Index<K> = ReadonlyMap<string, ReadonlyMap<K, Service>>

function indexByPort(services: readonly Service[]): Index<number> {
  const index = new Map([['any', new Map<number, Service>()]])
  for (const service of services) {
    for (const table of tablesOf(index, service)) addFirst(table, service.port, service)
  }
  return index
}

function indexByName(services: readonly Service[]): Index<string> {
  const index = new Map([['any', new Map<string, Service>()]])
  for (const service of services) {
    for (const table of tablesOf(index, service)) {
      addFirst(table, service.name, service)
      for (const alias of service.aliases) addFirst(table, alias, service)
    }
  }
  return index
}

function tablesOf<K>(index: Map<string, Map<K, Service>>, { protocol }: Service): Map<K, Service>[] {
  const own = index.get(protocol) ?? new Map<K, Service>()
  index.set(protocol, own)
  return [own, index.get('any') ?? own]
}

function addFirst<K>(table: Map<K, Service>, key: K, service: Service): void {
  if (!table.has(key)) table.set(key, service)
}

function knownProtocol(protocol: string | undefined): string {
  if (protocol === undefined) return 'any'
  if (protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp' || protocol === 'dccp') return protocol
  throw new TypeError(`protocol must be tcp, udp, sctp or dccp, got ${quoted(protocol)}`)
}
