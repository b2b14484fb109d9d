import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryDirectory } from '@plainwire/testing'
import { installNode, installPacked } from '@plainwire/testing/packed'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The supported lines; in a matrix each job takes its own. */
const MAJORS = (process.env['PLAINWIRE_NODES'] ?? '22,24,26').split(',').map(Number)

/** What a Node without the features answers; late releases of 24 took them over from 26. */
const NEEDS_NEWER = { threadPerClient: 'unsupported', bindOnly: 'unsupported', createSocket: 'unsupported' }

describe('the packed packages', () => {
  const directory = temporaryDirectory()
  let home = ''
  beforeAll(() => {
    home = installPacked(directory.path)
    cpSync(join(ROOT, 'test/consumer.mjs'), join(home, 'consumer.mjs'))
  }, 180_000)
  afterAll(() => directory[Symbol.dispose]())

  describe.each(MAJORS)('under Node %i', (major) => {
    let node = ''
    const run = (...args: string[]) => spawnSync(node, args, { cwd: home, encoding: 'utf8', timeout: 60_000 })
    const plainwire = (...args: string[]) => run('node_modules/@plainwire/cli/bin/plainwire.cjs', ...args)

    beforeAll(() => {
      node = installNode(major, directory.path)
      expect(run('-p', 'process.versions.node').stdout).toMatch(new RegExp(`^${major}\\.`))
    }, 180_000)

    test('do what they say, or say what they need', () => {
      const { stdout, stderr, status } = run('consumer.mjs')
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
      expect(JSON.parse(stdout)).toMatchObject({
        offsetMs: 60_000,
        falsetickers: 1,
        provenMs: 0,
        clockMs: 0,
        clockState: 'closed',
        body: 'hola',
        iterative: 'uno',
        concurrent: 'dos',
        service: 'http',
        ...(major < 24 ? NEEDS_NEWER : { threadPerClient: 'ok', bindOnly: 'ok', createSocket: 'ok' }),
      })
    })

    test('can be required', () => {
      const { stdout } = run(
        '-p',
        '["socket-utils","ntp-client","http-client","socket-server"].map((name) => typeof require("@plainwire/" + name)).join()',
      )
      expect(stdout).toBe('object,object,object,object\n')
    })

    test('plainwire runs, and names what this Node lacks', () => {
      expect(plainwire('get', '--json')).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/"statusCode": 200/),
      })
      expect(plainwire('time', '--json')).toMatchObject({ status: 0, stdout: expect.stringMatching(/"stratum": 1/) })
      const tour = JSON.parse(plainwire('tour', '--json').stdout) as { id: string; ok: boolean; fault?: string }[]
      const failed = tour.filter(({ ok }) => !ok)
      expect(failed.map(({ id }) => id)).toEqual(major < 24 ? ['socket-01', 'server-01', 'server-05'] : [])
      for (const { fault } of failed) expect(fault).toMatch(/26\.[46]/)
    })
  })
})
