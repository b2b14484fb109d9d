// chronyd as our server, and chronyd as our client.

import { join } from 'node:path'
import { describeWithPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { type QueryResult } from '../../src/index.ts'
import { serveNtp } from '../../src/server.ts'
import { outcome, startChronyd, startChronydServer } from './chronyd.ts'

describeWithPeer('chronyd', 'beside chronyd', (program) => {
  /** By how many ms the offset is wrong beyond what its delay excuses: a busy machine delays, but must not deceive. */
  function errorOf({ offsetMs = NaN, delayMs = NaN }: Partial<QueryResult>, trueOffsetMs: number): number {
    return Math.abs(offsetMs - trueOffsetMs) - delayMs / 2
  }

  test('we read its time, stratum and reference', async () => {
    using directory = temporaryDirectory()
    const port = await unusedPort()
    await using chronyd = startChronydServer(program, directory.path, port, ['local stratum 9'])
    const result = await outcome(chronyd, `127.0.0.1:${port}`)
    expect(result).toMatchObject({ stratum: 9, leap: 0, referenceId: '127.127.1.1', dropped: {}, stoppedBy: undefined })
    expect(result.header).toMatchObject({ version: 4, mode: 4 })
    expect(result.samples).toHaveLength(4)
    expect(errorOf(result, 0)).toBeLessThan(5)
  })

  test('a server that is 50 ms ahead makes us 50 ms behind: the offset is positive', async () => {
    using directory = temporaryDirectory()
    const [truePort, falsePort] = [await unusedPort(), await unusedPort()]
    await using honest = startChronydServer(program, directory.path, truePort, ['local stratum 3'])
    await outcome(honest, `127.0.0.1:${truePort}`)
    const upstream = `server 127.0.0.1 port ${truePort} offset 0.05 minpoll -4 maxpoll -4 iburst`
    await using ahead = startChronydServer(program, directory.path, falsePort, [upstream])
    const result = await outcome(ahead, `127.0.0.1:${falsePort}`)
    expect(result).toMatchObject({ stratum: 4, referenceId: '127.0.0.1' })
    expect(errorOf(result, 50)).toBeLessThan(20)
  })

  test('a server without a source of its own is reported as not synchronized', async () => {
    using directory = temporaryDirectory()
    const port = await unusedPort()
    await using chronyd = startChronydServer(program, directory.path, port, ['stratumweight 0.001'])
    const failure = await outcome(chronyd, `127.0.0.1:${port}`, ['connect-refused'])
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
      await using chronyd = startChronyd(program, join(directory.path, 'pid'), ['-Q', '-t', '15'], [source])
      await chronyd.line(new RegExp(`System clock wrong by ${says}\\d* seconds`))
      expect(await chronyd.exited).toBe(0)
      expect(server.answered).toBeGreaterThan(0)
      expect(server.ignored).toEqual({})
    },
  )
})
