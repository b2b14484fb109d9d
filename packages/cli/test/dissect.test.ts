import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { MAIN } from './plainwire.ts'
import { checked } from './schemas.ts'

const ANSWER = '240206e9000002910000011dc0a80001eead6400fc0000009d49babefaf66868eead653068ab5afceead653068b9a951'

function dissect(input: string | Buffer, ...args: string[]) {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', PLAINWIRE_LANG: '', NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'dissect', ...args], {
    input,
    encoding: 'utf8',
    env,
  })
  return { exitCode: status, stdout, stderr }
}

describe('the same packet, however it is written', () => {
  const bytes = Buffer.from(ANSWER, 'hex')
  const pairs = ANSWER.match(/../g) ?? []
  const xxd = Array.from({ length: 3 }, (_, row) => {
    const line = ANSWER.slice(row * 32, row * 32 + 32).replace(/.{4}(?=.)/g, '$& ')
    return `000000${row}0: ${line}  ................`
  })
  test.each<[string, string | Buffer, string[]]>([
    ['bytes', bytes, []],
    ['digits', ANSWER, ['--hex']],
    ['digits with spaces and 0x', pairs.map((pair) => `0x${pair}`).join(', '), ['--hex']],
    ['a dump of xxd', xxd.join('\n'), ['--hex']],
    ['base64', bytes.toString('base64'), ['--base64']],
  ])('%s', (_, input, flags) => {
    const { stdout, exitCode } = dissect(input, 'auto', '-', '--json', ...flags)
    expect(exitCode).toBe(0)
    expect(checked('dissect', JSON.parse(stdout))).toMatchObject({
      protocol: 'ntp',
      mode: 4,
      stratum: 2,
      precision: -23,
      referenceId: '192.168.0.1',
      originTimestamp: { hex: '9d49babefaf66868' },
      raw: ANSWER,
    })
  })
})

test('every byte of an HTTP message has its line, and what is wrong is told after what is right', () => {
  const wire = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\nX\r\n'
  const { stdout, stderr, exitCode } = dissect(wire, 'http', '-')
  expect(exitCode).toBe(8)
  expect(stderr).toMatch(/^plainwire: .*"X.*\n$/)
  const offsets = stdout
    .trimEnd()
    .split('\n')
    .map((line) => parseInt(line.slice(0, 4), 16))
  expect(offsets).toEqual([0, 17, 45, 47, 50, 54, 56])
  expect(stdout).toMatch(/^0032 {2}Wiki +content, 4 bytes$/m)
})

test.each([
  ['what is too short', 'abc', ['ntp', '-'], 8, /48 bytes, got 3/],
  ['nothing', '', ['auto', '-'], 2, /no bytes/],
  ['a text', 'hello world, this is a plain text with more than 48 bytes', ['auto', '-'], 8, /neither HTTP nor NTP/],
  ['a word', 'hola', ['auto', '-', '--lang', 'es'], 8, /no es ni HTTP ni NTP/],
  ['no hexadecimal digits', 'zz', ['ntp', '-', '--hex'], 2, /hexadecimal/],
  ['no base64', '%%', ['ntp', '-', '--base64'], 2, /base64/],
  ['a file that is not there', '', ['ntp', '/nosuch/file'], 26, /^plainwire: \/nosuch\/file: no such file or folder$/m],
  ['another protocol', '', ['smtp', '-'], 2, /auto, ntp or http/],
] as const)('%s is told', (_, input, args, exitCode, words) => {
  const ran = dissect(input, ...args)
  expect(ran).toMatchObject({ exitCode, stdout: '' })
  expect(ran.stderr).toMatch(words)
  expect(ran.stderr).not.toContain('check the address') // there is no peer
})
