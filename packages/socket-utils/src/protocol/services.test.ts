import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ianaServices, parseServices } from './services.ts'

const FILE = `# Network services, Internet style

tcpmux\t\t1/tcp\t\t\t\t# TCP port service multiplexer
nbp\t\t2/ddp\t\t\t# Name Binding Protocol
http\t\t80/tcp\t\twww\t\t# WorldWideWeb HTTP
shell\t\t514/tcp\t\tcmd syslog\t# no passwords used
syslog\t\t514/udp
late\t\t80/tcp\t\thttp tardy
aux\t\t700/udp\t\taux700 # the alias
aux\t\t700/tcp
`

describe('a services file, by the C library’s rules', () => {
  const table = parseServices(FILE)

  test('gives name, port, protocol and aliases', () => {
    expect(table.byPort(80, 'tcp')).toEqual({
      name: 'http',
      port: 80,
      protocol: 'tcp',
      aliases: ['www'],
      description: 'WorldWideWeb HTTP',
      source: 'system',
    })
    expect(table.byPort(514, 'udp')).toEqual({
      name: 'syslog',
      port: 514,
      protocol: 'udp',
      aliases: [],
      source: 'system',
    })
  })

  test('the first line that matches wins, by port and by name, an alias counting as a name', () => {
    expect(table.byPort(80)?.name).toBe('http')
    expect(table.byName('http', 'tcp')?.name).toBe('http')
    expect(table.byName('syslog')).toMatchObject({ name: 'shell', protocol: 'tcp' })
    expect(table.byName('syslog', 'udp')).toMatchObject({ name: 'syslog' })
    expect(table.byName('tardy')).toMatchObject({ name: 'late', port: 80 })
  })

  test('without a protocol the order of the file decides', () => {
    expect(table.byPort(700)?.protocol).toBe('udp')
    expect(table.byPort(514)?.protocol).toBe('tcp')
    expect(table.byName('aux')?.protocol).toBe('udp')
    expect(table.byPort(2)).toMatchObject({ name: 'nbp', protocol: 'ddp' })
  })

  test('what is not there is undefined, upper and lower case apart', () => {
    expect(table.byPort(81)).toBeUndefined()
    expect(table.byPort(80, 'udp')).toBeUndefined()
    expect(table.byPort(2, 'tcp')).toBeUndefined()
    expect(table.byPort(80, 'dccp')).toBeUndefined()
    expect(table.byName('HTTP')).toBeUndefined()
    expect(table.byName('www', 'udp')).toBeUndefined()
    expect(table.byName('')).toBeUndefined()
    expect(table.byName('constructor')).toBeUndefined()
  })

  test('takes the comment for what the service is, whole and without the space around it', () => {
    const described = (line: string): string | undefined => parseServices(line).services[0]?.description
    expect(described('a 1/tcp b\t#\t two # three \r')).toBe('two # three')
    expect(described('a 1/tcp#x')).toBe('x')
    for (const line of ['a 1/tcp', 'a 1/tcp #', 'a 1/tcp # \t\r']) {
      expect(parseServices(line).services[0]).not.toHaveProperty('description')
    }
  })

  test('lists its services in order', () => {
    expect(table.services.map(({ name }) => name).join(' ')).toBe('tcpmux nbp http shell syslog late aux aux')
  })
})

// Each answer is glibc 2.36's to a file of that one line, by Python's getservbyport.
describe('a line, as glibc reads it', () => {
  test.each<[string, string?]>([
    ['hex 0x51/tcp', 'hex 81 tcp'],
    ['HEX 0X51/tcp', 'HEX 81 tcp'],
    ['octal 011/tcp bb', 'octal 9 tcp bb'],
    ['octal 09/tcp'],
    ['zero 0/tcp', 'zero 0 tcp'],
    ['plus +93/tcp', 'plus 93 tcp'],
    ['  lead 91//tcp a#b', 'lead 91 tcp a'],
    ['x 94/tcp#c', 'x 94 tcp'],
    ['slash 92/ tcp', 'slash 92  tcp'],
    ['bare 90', 'bare 90 '],
    ['apart 80 tcp', 'apart 80  tcp'],
    ['two 95/tc p', 'two 95 tc p'],
    ['\fff 96/tcp', 'ff 96 tcp'],
    ['vt\v97/tcp\r', 'vt 97 tcp'],
    ['nb\u00a0sp 98/tcp', 'nb\u00a0sp 98 tcp'],
    ['only'],
    ['99/tcp'],
    ['minus -5/tcp'],
    ['tail 80x/tcp'],
    ['# http 80/tcp'],
    ['   # http 80/tcp'],
    ['#'],
    [''],
  ])('%j', (line, expected) => {
    const [service] = parseServices(`${line}\n`).services
    expect(service && [service.name, service.port, service.protocol, ...service.aliases].join(' ')).toBe(expected)
  })

  test('a port above 65535 costs its own line alone', () => {
    const table = parseServices('over 65536/tcp\nhuge 4294967376/tcp\nedge 65535/tcp')
    expect(table.services.map(({ name }) => name)).toEqual(['edge'])
  })

  test('any text gives a table', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[ \t]?[a-z]{0,2}[ \t]?[-+0-9x/]{0,6}[ #a/]{0,5}$/),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const service of parseServices(lines.join('\n')).services) {
          expect(service.port).toBeGreaterThanOrEqual(0)
          expect(service.port).toBeLessThanOrEqual(65535)
          expect([service.name, service.protocol, ...service.aliases].join('')).not.toMatch(/[ \t\n\v\f\r#]/)
          expect(service.name).not.toBe('')
          expect(service.aliases).not.toContain('')
        }
      }),
    )
  })
})

describe('IANA’s registry, as bundled', async () => {
  const table = await ianaServices()
  const names = (port: number, protocol?: 'tcp' | 'udp' | 'sctp' | 'dccp'): string | undefined => {
    const service = table.byPort(port, protocol)
    return service && [service.name, ...service.aliases].join(' ')
  }

  test('has all names of a port, the conventional one first', () => {
    expect(table.byPort(80, 'tcp')).toEqual({
      name: 'http',
      port: 80,
      protocol: 'tcp',
      aliases: ['www', 'www-http'],
      description: 'World Wide Web HTTP',
      source: 'iana',
    })
    expect(names(80, 'sctp')).toBe('http')
    expect(names(123, 'udp')).toBe('ntp')
    expect(names(465, 'tcp')).toBe('submissions urd')
    expect(names(631, 'tcp')).toBe('ipp ipps')
    expect(names(2049, 'tcp')).toBe('nfs shilp')
    expect(names(3478, 'udp')).toBe('stun turn stun-behavior')
    expect(names(9, 'dccp')).toBe('discard')
  })

  test('says what most of them are, of the name that stands first', () => {
    expect(table.byPort(631, 'tcp')?.description).toBe('IPP (Internet Printing Protocol)')
    expect(table.byPort(465, 'tcp')?.description).toBe('Message Submission over TLS protocol')
    expect(table.byPort(2049, 'udp')?.description).toBe('Network File System - Sun Microsystems')
    expect(table.byPort(80, 'sctp')?.description).toBe('HTTP')
    expect(table.byPort(6010, 'tcp')?.description).toBe('X Window System')
    const described = table.services.filter(({ description }) => description !== undefined)
    expect(described.length).toBeGreaterThan(11_000)
    for (const { description } of described) expect(description).toMatch(/^\S(?:.*\S)?$/)
    expect(described.length).toBeLessThan(table.services.length)
    expect(table.services.some((service) => 'description' in service && service.description === undefined)).toBe(false)
  })

  test('is of today where the two sources differ: gone, renamed, new', () => {
    expect(names(143, 'udp')).toBeUndefined()
    expect(names(2371, 'tcp')).toBe('rda')
    expect(names(853, 'udp')).toBe('domain-s')
  })

  test('keeps ranges, both ends included', () => {
    expect([5999, 6000, 6001, 6063, 6064].map((port) => names(port, 'tcp'))).toEqual([
      'cvsup',
      'x11',
      'x11',
      'x11',
      'ndl-ahp-svc',
    ])
    expect([6664, 6665, 6667, 6669].map((port) => names(port, 'tcp'))).toEqual([undefined, 'ircu', 'ircu', 'ircu'])
    expect(names(6667, 'udp')).toBeUndefined()
    expect(table.byName('x11')).toMatchObject({ port: 6000, protocol: 'tcp' })
  })

  test('without a protocol TCP stands first', () => {
    expect(names(514)).toBe('shell')
    expect(names(514, 'udp')).toBe('syslog')
    expect(table.byName('www')?.port).toBe(80)
    expect(table.byName('www', 'dccp')).toBeUndefined()
  })

  test('holds thousands of services, each of which is found by each of its names', () => {
    expect(table.services.length).toBeGreaterThan(11_000)
    for (const { name, aliases, port, protocol } of table.services) {
      expect(['tcp', 'udp', 'sctp', 'dccp']).toContain(protocol)
      expect(Number.isInteger(port)).toBe(true)
      for (const any of [name, ...aliases]) {
        const found = table.byName(any, protocol as 'tcp')
        expect(found?.port, any).toBeLessThanOrEqual(port)
      }
    }
  })
})

describe('the caller’s mistakes', () => {
  const table = parseServices(FILE)

  test.each([-1, 65536, 1.5, NaN, '80' as unknown as number])('port %j', (port) => {
    expect(() => table.byPort(port)).toThrow(RangeError)
  })

  test.each(['TCP', '', 'ddp', 'any', null as unknown as string])('protocol %j', (protocol) => {
    const shown = protocol === null ? 'null' : `"${protocol}"`
    const expected = new TypeError(`protocol must be tcp, udp, sctp or dccp, got ${shown}`)
    expect(() => table.byPort(80, protocol as 'tcp')).toThrow(expected)
    expect(() => table.byName('http', protocol as 'tcp')).toThrow(expected)
  })

  test('a name that is no string', () => {
    expect(() => table.byName(80 as unknown as string)).toThrow(new TypeError('service name must be a string, got 80'))
  })
})
