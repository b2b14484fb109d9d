import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runNode } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'

async function run(example: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  await using peer = runNode(fileURLToPath(new URL(`../examples/${example}.ts`, import.meta.url)), args)
  const code = await peer.exited
  return { code, output: peer.output() }
}

describe('basics-01-host-name', () => {
  test('prints the name of this host', async () => {
    expect(await run('basics-01-host-name')).toEqual({ code: 0, output: `This host is called ${hostname()}` })
  })
})

describe('basics-02-host-by-name', () => {
  test('prints the addresses of a name', async () => {
    const { code, output } = await run('basics-02-host-by-name', 'localhost')
    expect(code).toBe(0)
    expect(output).toMatch(/^localhost has the IPv(4 address 127\.0\.0\.1|6 address ::1)$/m)
    expect(await run('basics-02-host-by-name', '192.0.2.7')).toEqual({
      code: 0,
      output: '192.0.2.7 has the IPv4 address 192.0.2.7',
    })
  })

  test('says in one line why there is none', async () => {
    const { code, output } = await run('basics-02-host-by-name', 'nosuch.invalid')
    expect(code).toBe(1)
    expect(output).toMatch(/^NetworkError: look up "nosuch\.invalid": .+$/)
  })
})

describe('basics-03-service-by-port', () => {
  const system = existsSync('/etc/services')

  test.each([
    ['80/tcp', '80/tcp is http'],
    ['123/udp', '123/udp is ntp'],
    ['22', '22/tcp is ssh'],
  ])('%s', async (target, first) => {
    const { code, output } = await run('basics-03-service-by-port', target)
    expect(code).toBe(0)
    const [name, aliases, source] = output.split('\n')
    expect(name).toBe(first)
    expect(aliases).toMatch(/^aliases: /)
    expect(source).toBe(system ? `source: this system's services file` : `source: IANA's registry`)
  })

  test('asks for 80/tcp when it is told nothing', async () => {
    expect((await run('basics-03-service-by-port')).output).toMatch(/^80\/tcp is http\n/)
  })

  test.each([
    ['99999/tcp', 'RangeError: port must be 0 to 65535, got "99999"'],
    ['80/TCP', 'TypeError: protocol must be tcp, udp, sctp or dccp, got "TCP"'],
    ['65535/dccp', 'Error: no service is known for 65535/dccp'],
  ])('%s fails in one line', async (target, line) => {
    expect(await run('basics-03-service-by-port', target)).toEqual({ code: 1, output: line })
  })
})
