import { fileURLToPath } from 'node:url'
import { runNode } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { serveNtp } from '../src/server.ts'
import { startUdpPeer } from './udp-peer.ts'

// 7 February 2031, noon, and for each reading of the clock a quarter of a second more: T2 and T3 differ.
const NOON = BigInt(Date.parse('2031-02-07T12:00:00Z')) * 1_000_000n

const program = (name: string): string => fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url))

async function run(name: string, target: string): Promise<{ output: string; exitCode: number | null }> {
  await using peer = runNode(program(name), [target])
  const exitCode = await peer.exited
  return { output: peer.output(), exitCode }
}

describe('basics-04-time-with-library', () => {
  test('prints the time of the server, offset, round trip and stratum', async () => {
    // An hour behind; an hour is out of reach of any slowness of this machine.
    await using server = await serveNtp({ port: 0, stratum: 5, referenceId: '127.0.0.1', offsetMs: -3_600_000 })
    const { output, exitCode } = await run('basics-04-time-with-library', `127.0.0.1:${server.port}`)
    const shown =
      /^time: {7}(\S+Z)\noffset: {5}(-3\d{6}\.\d{3}) ms \(this clock is ahead\)\nround trip: \d+\.\d{3} ms\nstratum: {4}5$/.exec(
        output,
      )
    expect(shown, output).not.toBeNull()
    expect(Math.abs(Date.parse(shown![1]!) + 3_600_000 - Date.now())).toBeLessThan(60_000)
    expect(Math.abs(Number(shown![2]) + 3_600_000)).toBeLessThan(1000)
    expect(exitCode).toBe(0)
  })

  test('says on one line what failed', async () => {
    await using silent = await startUdpPeer(() => {})
    const { server } = silent
    await silent[Symbol.asyncDispose]()
    expect(await run('basics-04-time-with-library', server)).toEqual({
      output: `NetworkError: query ${server}: connection refused (ECONNREFUSED)`,
      exitCode: 1,
    })
  })
})

describe('basics-05-time-by-hand', () => {
  test('prints the bytes of request and answer, and the transmit time in the answer', async () => {
    let now = NOON
    await using server = await serveNtp({ port: 0, clock: () => (now += 250_000_000n) })
    const { output, exitCode } = await run('basics-05-time-by-hand', `127.0.0.1:${server.port}`)
    const lines = output.split('\n')
    const [, cookie] = /^request: 230{78}([0-9a-f]{16})$/.exec(lines[0]!) ?? []
    expect(cookie, output).toBeDefined()
    expect(lines).toEqual([
      `request: 23${'0'.repeat(78)}${cookie}`,
      // 0xf698fac0 seconds since 1900 are noon; received a quarter of a second after it, sent half a second after it.
      `answer:  240100ee00000000000000004c4f434cf698fac040000000${cookie}f698fac040000000f698fac080000000`,
      'time:    2031-02-07T12:00:00.500Z',
    ])
    expect(exitCode).toBe(0)
  })

  test('ignores what does not repeat its eight random bytes', async () => {
    await using peer = await startUdpPeer(async (request, _, send) => {
      await send(new Uint8Array(48))
      await send(new Uint8Array(47))
      const answer = new Uint8Array(48)
      const view = new DataView(answer.buffer)
      view.setBigUint64(24, request.transmitTimestamp)
      view.setUint32(40, 2_208_988_800 + 86_400)
      await send(answer)
    })
    const { output } = await run('basics-05-time-by-hand', peer.server)
    expect(output).toMatch(/\ntime: {4}1970-01-02T00:00:00\.000Z$/)
  })

  test.each([
    ['127.0.0.1:abc', /^time from 127\.0\.0\.1:abc: Invalid URL$/],
    ['127.0.0.1:0', /^time from 127\.0\.0\.1:0: .*$/],
    ['[::1]:9', /^time from \[::1\]:9: .*(ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH).*$/],
    ['ntp://nosuch.invalid', /^time from ntp:\/\/nosuch\.invalid: .*ENOTFOUND.*$/],
  ])('says on one line what is wrong with %s', async (target, line) => {
    const { output, exitCode } = await run('basics-05-time-by-hand', target)
    expect(output).toMatch(line)
    expect(exitCode).toBe(1)
  })

  test('gives up on silence after five seconds', async () => {
    await using silent = await startUdpPeer(() => {})
    expect(await run('basics-05-time-by-hand', silent.server)).toEqual({
      output: `time from ${silent.server}: no answer within 5 seconds`,
      exitCode: 1,
    })
  })
})
