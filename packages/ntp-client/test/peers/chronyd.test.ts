// chronyd as our server, and chronyd as our client. It never touches this machine's clock (-x) and listens on loopback.

import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describeWithPeer, startPeer, temporaryDirectory, unusedPort, type Peer } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { type WireError } from '@plainwire/socket-utils/errors'
import { query, type QueryResult } from '../../src/index.ts'
import { serveNtp } from '../../src/server.ts'

describeWithPeer('chronyd', 'beside chronyd', (program) => {
  const asUser = process.getuid?.() === 0 ? ['-u', 'root'] : ['-U', '-u', userInfo().username]

  function startChronyd(pidFile: string, args: readonly string[], directives: readonly string[]): Peer {
    const alone = [`pidfile ${pidFile}`, 'cmdport 0', 'bindcmdaddress /']
    return startPeer(program, ['-4', '-x', '-d', ...asUser, ...args, ...alone, ...directives])
  }

  function startServer(directory: string, port: number, directive: string): Peer {
    const directives = [`port ${port}`, 'bindaddress 127.0.0.1', 'allow 127.0.0.0/8', directive]
    return startChronyd(join(directory, `${port}.pid`), [], directives)
  }

  /** What a query gives once it fails no more with `notYet`: a daemon takes a moment to open its port and find its time. */
  async function outcome(chronyd: Peer, port: number, ...notYet: string[]): Promise<Partial<QueryResult & WireError>> {
    for (;;) {
      const found = await query(`127.0.0.1:${port}`).catch((error: unknown) => error as WireError)
      if (chronyd.process.exitCode !== null) throw new Error(`chronyd ended:\n${chronyd.output()}`)
      if (!('code' in found && notYet.includes(found.code))) return found
      await setTimeout(20)
    }
  }

  /** By how many ms the offset is wrong beyond what its delay excuses: a busy machine delays, but must not deceive. */
  function errorOf({ offsetMs = NaN, delayMs = NaN }: Partial<QueryResult>, trueOffsetMs: number): number {
    return Math.abs(offsetMs - trueOffsetMs) - delayMs / 2
  }

  test('we read its time, stratum and reference', async () => {
    using directory = temporaryDirectory()
    const port = await unusedPort()
    await using chronyd = startServer(directory.path, port, 'local stratum 9')
    const result = await outcome(chronyd, port, 'connect-refused', 'ntp/unsynchronized')
    expect(result).toMatchObject({ stratum: 9, leap: 0, referenceId: '127.127.1.1', dropped: {}, stoppedBy: undefined })
    expect(result.header).toMatchObject({ version: 4, mode: 4 })
    expect(result.samples).toHaveLength(4)
    expect(errorOf(result, 0)).toBeLessThan(5)
  })

  test('a server that is 50 ms ahead makes us 50 ms behind: the offset is positive', async () => {
    using directory = temporaryDirectory()
    const [truePort, falsePort] = [await unusedPort(), await unusedPort()]
    await using honest = startServer(directory.path, truePort, 'local stratum 3')
    await outcome(honest, truePort, 'connect-refused', 'ntp/unsynchronized')
    const upstream = `server 127.0.0.1 port ${truePort} offset 0.05 minpoll -4 maxpoll -4 iburst`
    await using ahead = startServer(directory.path, falsePort, upstream)
    const result = await outcome(ahead, falsePort, 'connect-refused', 'ntp/unsynchronized')
    expect(result).toMatchObject({ stratum: 4, referenceId: '127.0.0.1' })
    expect(errorOf(result, 50)).toBeLessThan(20)
  })

  test('a server without a source of its own is reported as not synchronized', async () => {
    using directory = temporaryDirectory()
    const port = await unusedPort()
    await using chronyd = startServer(directory.path, port, 'stratumweight 0.001')
    const failure = await outcome(chronyd, port, 'connect-refused')
    expect(failure.code).toBe('ntp/unsynchronized')
    expect(failure.message).toContain('leap 3, stratum 0')
  })

  test.each([
    [250, '0.2'],
    [-1500, '-1.[45]'],
  ])(
    'it reads our server, which is %i ms ahead, and says that its own clock is as much behind',
    async (offsetMs, says) => {
      using directory = temporaryDirectory()
      await using server = await serveNtp({ port: 0, offsetMs })
      const source = `server 127.0.0.1 port ${server.port} iburst minpoll -6 maxpoll -6 maxsamples 4`
      await using chronyd = startChronyd(join(directory.path, 'pid'), ['-Q', '-t', '15'], [source])
      await chronyd.line(new RegExp(`System clock wrong by ${says}\\d* seconds`))
      expect(await chronyd.exited).toBe(0)
      expect(server.answered).toBeGreaterThan(0)
      expect(server.ignored).toEqual({})
    },
  )
})
