import { spawnSync } from 'node:child_process'
import { cpSync, globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPeer, temporaryDirectory } from '@plainwire/testing'
import { installPacked } from '@plainwire/testing/packed'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const NAMES = ['socket-utils', 'ntp-client', 'http-client', 'socket-server', 'cli']

/** Whatever makes an installer bring, or ask for, another package. */
const KINDS = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies', 'bundledDependencies']

// Of the sources, and before anything is installed: an installation that fails says less.
test.each(NAMES)('%s needs at most socket-utils at run time', (name) => {
  const text = readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')
  const manifest = JSON.parse(text) as Record<string, object | undefined>
  const needed = KINDS.flatMap((kind) => Object.keys(manifest[kind] ?? {}))
  expect(needed).toEqual(['socket-utils', 'cli'].includes(name) ? [] : ['@plainwire/socket-utils'])
})

describe('the packed packages, installed into an empty folder', () => {
  const directory = temporaryDirectory()
  let home = ''
  beforeAll(() => {
    home = installPacked(directory.path)
  }, 120_000)
  afterAll(() => directory[Symbol.dispose]())

  const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: home, encoding: 'utf8', timeout: 60_000 })

  test('do what they say', () => {
    cpSync(join(ROOT, 'test/consumer.mjs'), join(home, 'consumer.mjs'))
    const { stdout, stderr, status } = run('consumer.mjs')
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(JSON.parse(stdout)).toEqual({
      offsetMs: 60_000,
      falsetickers: 1,
      provenMs: 0,
      clockMs: 0,
      clockState: 'closed',
      mode: 4,
      statusCode: 200,
      body: 'hola',
      parsed: true,
      requestLine: 'GET / HTTP/1.0',
      iterative: 'uno',
      concurrent: 'dos',
      threadPerClient: 'ok',
      bindOnly: 'ok',
      createSocket: 'ok',
      service: 'http',
      registry: 'ntp',
      u16: 0x0102,
      port: 123,
      dump: '00000000: 4869                                     Hi',
    })
  })

  test('can be required', () => {
    const { stdout, stderr } = run('-p', 'typeof require("@plainwire/ntp-client").query')
    expect({ stdout, stderr }).toEqual({ stdout: 'function\n', stderr: '' })
  })

  test('have declarations that TypeScript reads, without skipping any', () => {
    symlinkSync(join(ROOT, 'node_modules/@types'), join(home, 'node_modules/@types'), 'dir')
    writeFileSync(
      join(home, 'consumer.ts'),
      [
        `import { get, type StopAfter } from '@plainwire/http-client'`,
        `import { ResponseParser } from '@plainwire/http-client/parser'`,
        `import { query } from '@plainwire/ntp-client'`,
        `import { decodePacket } from '@plainwire/ntp-client/packet'`,
        `import { serveNtp } from '@plainwire/ntp-client/server'`,
        `import { serveThreadPerClient } from '@plainwire/socket-server'`,
        `import { connect } from '@plainwire/socket-utils'`,
        `import { ByteReader } from '@plainwire/socket-utils/bytes'`,
        `export const offsetNs: Promise<bigint> = query('host').then((result) => result.offsetNs)`,
        `export const bytesSent: Promise<number> = get('http://host/', { stopAfter: 'send' }).then((stopped) => stopped.bytesSent)`,
        `export const step: StopAfter = 'create'`,
        `export { connect, ByteReader, decodePacket, ResponseParser, serveNtp, serveThreadPerClient }`,
        `// @ts-expect-error a step that does not exist`,
        `export const wrong = get('http://host/', { stopAfter: 'lunch' })`,
      ].join('\n'),
    )
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--lib',
      'es2024,esnext.disposable',
    ]
    const args = [...options, '--types', 'node', '--ignoreConfig', 'consumer.ts']
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), args, { cwd: home, encoding: 'utf8' })
    expect(stdout).toBe('')
  })

  test.each(NAMES)('%s has its licence and its README, and exports what was built', (name) => {
    const folder = join(home, 'node_modules/@plainwire', name)
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, object>
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toMatch(new RegExp(`^# @plainwire/${name}\n`))
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toMatch(/^MIT License/)
    expect(JSON.stringify(manifest['exports'])).not.toContain('/src/')
    if (name === 'cli')
      expect(readFileSync(join(folder, 'THIRD-PARTY-NOTICES'), 'utf8')).toMatch(/@stricli\/core.*Apache-2\.0/)
  })

  test('bring nobody else', () => {
    const installed = globSync('{*,@*/*}/package.json', { cwd: join(home, 'node_modules') })
    const names = installed.map((path) => dirname(path).replace('\\', '/')).filter((name) => !name.startsWith('@types'))
    expect(names.toSorted()).toEqual(NAMES.map((name) => `@plainwire/${name}`).toSorted())
  })

  test('plainwire runs all lessons with what it brought', () => {
    const { stdout, status } = run('node_modules/@plainwire/cli/bin/plainwire.cjs', 'tour', '--json')
    const lessons = JSON.parse(stdout) as { ok: boolean }[]
    expect(lessons.map(({ ok }) => ok)).toEqual(Array.from({ length: 15 }, () => true))
    expect(status).toBe(0)
  }, 60_000)

  test('plainwire serves with a thread for each client', async () => {
    const main = join(home, 'node_modules/@plainwire/cli/bin/plainwire.cjs')
    await using server = startPeer(process.execPath, [main, 'serve', 'echo', '-l', ':0', '-s', 'thread-per-client'])
    const [, port] = await server.line(/:(\d+) \(thread-per-client/)
    const socket = connect({ host: '127.0.0.1', port: Number(port) }).end('hola')
    await server.line(/thread \d+ serves/)
    expect(String((await socket.toArray())[0])).toBe('hola')
  })
})
