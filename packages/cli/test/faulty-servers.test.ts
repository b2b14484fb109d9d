// Our servers with faults on command, asked by our own clients: each fault is the one that its exit code names.

import { describe, expect, test } from 'vitest'
import { json, linesOf } from './json.ts'
import { plainwire, start } from './plainwire.ts'

async function serving(args: readonly string[]) {
  const server = start(['serve', ...args, '--listen', ':0'])
  const [, at = ''] = await server.line(/^((?:http|ntp):\S+)/)
  return Object.assign(server, { at })
}

describe('serve http', () => {
  test.each([
    ['truncated', 18, /<!doc/],
    ['closed', 52, /^$/],
    ['garbage', 8, /^$/],
    ['silent', 28, /^$/],
    ['slow', 28, /^<!/],
    ['endless', 28, /^x{1000}/],
  ] as const)('--fault %s makes get exit with %i', async (fault, exitCode, body) => {
    await using server = await serving(['http', '--fault', fault])
    const ran = await plainwire(['get', server.at, '--timeout', '500ms'])
    expect(ran.exitCode, ran.stderr).toBe(exitCode)
    expect(ran.stdout).toMatch(body)
  })

  test('--fault chunked is odd, and right', async () => {
    await using server = await serving(['http', '--fault', 'chunked'])
    expect(await json('get', ['get', server.at, '--http', '1.1'])).toMatchObject({
      body: expect.stringMatching(/^<!doctype html>\n.*\n.*raw socket\.<\/p>\n$/),
      trailers: [['X-Last', 'yes']],
    })
  })

  test('has pages that say what they are', async () => {
    await using server = await serving(['http', '--delay', '50ms'])
    expect((await plainwire(['get', `${server.at}bytes/7`])).stdout).toBe('xxxxxxx')
    expect(await json('get', ['get', `${server.at}status/503`])).toMatchObject({ statusCode: 503 })
    expect(await json('get', ['get', '-L', `${server.at}redirect/3`])).toMatchObject({ redirects: [{}, {}, {}] })
    const echoed = await plainwire(['get', `${server.at}echo`, '-d', 'hola', '-H', 'X-One: 1'])
    expect(echoed.stdout).toMatch(/^POST \/echo HTTP\/1\.0\n(?:.*\n)*X-One: 1\n(?:.*\n)*\nhola$/)
  })

  test('tells its story line by line, and ends with --timeout as it should', async () => {
    const ran = await plainwire(['serve', 'http', '--listen', ':0', '--jsonl', '--timeout', '300ms'])
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' })
    expect(linesOf('serve-http', ran)).toMatchObject([{ event: 'listening' }])
  })
})

describe('serve time', () => {
  test('--skew is what a client measures', async () => {
    await using server = await serving(['time', '--skew=-2s', '--stratum', '5', '--leap', '1'])
    const { offsetMs, stratum, leap } = (await json('time', ['time', server.at])) as Record<string, number>
    expect(offsetMs).toBeGreaterThan(-2100)
    expect(offsetMs).toBeLessThan(-1900)
    expect({ stratum, leap }).toEqual({ stratum: 5, leap: 1 })
  })

  test('--drift grows', async () => {
    await using server = await serving(['time', '--drift', '100000'])
    const args = ['time', server.at, '--watch', '--count', '6', '--interval', '250ms']
    const { driftPpm, readings } = (await json('time', args)) as { driftPpm: number; readings: object[] }
    expect(readings).toHaveLength(6)
    expect(driftPpm).toBeGreaterThan(70_000)
    expect(driftPpm).toBeLessThan(130_000)
  })

  test('--kiss refuses, --drop 100% is silent, --delay shows in the delay', async () => {
    await using denying = await serving(['time', '--kiss', 'DENY'])
    const denied = await plainwire(['time', denying.at])
    expect(denied).toMatchObject({ exitCode: 8, stderr: expect.stringMatching(/DENY/) })
    await using silent = await serving(['time', '--drop', '100%'])
    expect(await plainwire(['time', silent.at, '--timeout', '300ms'])).toMatchObject({ exitCode: 28 })
    const watched = await plainwire([
      'time',
      silent.at,
      '--watch',
      '--count',
      '2',
      '--interval',
      '10ms',
      '--timeout',
      '100ms',
      '--jsonl',
    ])
    expect(watched).toMatchObject({ exitCode: 28, stderr: expect.stringMatching(/^0 answers, 2 lost\n/) })
    expect(linesOf('time', watched)).toMatchObject([{ error: { code: 'timed-out' } }, {}])
    await using late = await serving(['time', '--delay', '60ms'])
    const { delayMs } = (await json('time', ['time', late.at, '-n', '1'])) as { delayMs: number }
    expect(delayMs).toBeGreaterThan(55)
  })

  test('of several servers the one that lies is told apart', async () => {
    await using one = await serving(['time'])
    await using two = await serving(['time'])
    await using three = await serving(['time'])
    await using liar = await serving(['time', '--skew', '10s'])
    const servers = [one.at, two.at, three.at, liar.at, '127.0.0.1:1']
    const { stdout } = await plainwire(['time', ...servers])
    expect(stdout).toMatch(/^server +offset +delay +stratum$/m)
    expect(stdout).toMatch(new RegExp(`^${liar.at} +\\+\\d+\\.\\d{3} ms .* falseticker$`, 'm'))
    const { servers: rows } = (await json('time', ['time', ...servers])) as {
      servers: { verdict: string }[]
    }
    expect(rows.map(({ verdict }) => verdict)).toEqual(['survivor', 'survivor', 'survivor', 'falseticker', 'failed'])
  })

  test('that do not agree are shown all the same, with what each says', async () => {
    await using one = await serving(['time'])
    await using other = await serving(['time', '--skew', '10s'])
    const servers = [one.at, other.at, '127.0.0.1:1']
    const { exitCode, stdout, stderr } = await plainwire(['time', ...servers])
    expect({ exitCode, stderr }).toEqual({ exitCode: 8, stderr: expect.stringContaining('Ask more servers') })
    expect(stdout).toMatch(new RegExp(`^${other.at} +\\+\\d+\\.\\d{3} ms .* no majority$`, 'm'))
    const { servers: rows, quorum } = (await json('time', ['time', ...servers], 8)) as {
      servers: { verdict: string }[]
      quorum: number
    }
    expect(rows.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided', 'failed'])
    expect(quorum).toBe(2)
  })
})

test('bench says how many answers came, and what limited them', async () => {
  await using server = await serving(['http', '-q'])
  const { port, host } = new URL(server.at)
  for (const target of [`:${port}/json`, `${host}/json`]) {
    const report = await json('bench', ['bench', 'http', target, '-d', '200ms', '-c', '1', '--rate', '50'])
    expect(report).toMatchObject({ target: `http://127.0.0.1:${port}/json`, errors: {} })
    // On a machine that is busy with other things it is the generator, which then says so.
    const { limitedBy, generator } = report as { limitedBy: string; generator: { utilization: number } }
    expect(limitedBy).toBe(generator.utilization < 0.85 ? 'rate' : 'generator')
  }
  expect(await json('bench', ['bench', 'http', server.at, '-d', '300ms', '-c', '2'])).toMatchObject({ errors: {} })
  const { stdout } = await plainwire(['bench', 'http', server.at, '-d', '300ms', '-c', '2', '--ascii', '--rate', '50'])
  expect(stdout).toMatch(/replies a second/)
  expect(stdout).toMatch(/^ *< \d+\.\d{3} ms +=+ +\d+$/m)
  expect(stdout).toMatch(/^min [\d.]+ {2}50 % [\d.]+ {2}90 % .* ms$/m)
})

test('bench has no answer to give where every reply says no', async () => {
  await using server = await serving(['http', '-q', '--status', '503'])
  const report = await json('bench', ['bench', 'http', server.at, '-d', '200ms', '-c', '1'], 1)
  expect(report).toMatchObject({ errors: { 'http-503': expect.any(Number) } })
})
