// The command as people install it: packed, alone in an empty folder, with nothing of this repository in reach.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProgram, temporaryDirectory } from '@plainwire/testing'
import { installPacked } from '@plainwire/testing/packed'
import { connect } from '@plainwire/socket-utils'

describe('the packed command', () => {
  const directory = temporaryDirectory()
  let root = ''
  beforeAll(() => {
    root = join(installPacked(directory.path), 'node_modules/@plainwire/cli')
  }, 180_000)
  afterAll(() => directory[Symbol.dispose]())

  const plainwire = (...args: string[]): string =>
    runProgram(process.execPath, [join(root, 'bin/plainwire.cjs'), ...args])

  test('needs no other package', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies?: object }
    expect(dependencies).toBeUndefined()
  })

  test('says its version, whatever way it is asked', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    for (const args of [['--version'], ['-V']]) expect(plainwire(...args)).toBe(`${version}\n`)
  })

  test('brings its manual and its schemas', () => {
    expect(readFileSync(join(root, 'man/plainwire.1'), 'utf8')).toBe(plainwire('man'))
    expect(readdirSync(join(root, 'schemas'))).toContain('time.json')
  })

  test('answers from each of its parts', () => {
    expect(plainwire('get', '-q')).toMatch(/doctype/)
    expect(JSON.parse(plainwire('time', '-q', '--json'))).toMatchObject({ stratum: 1 })
    expect(plainwire('service', '80/tcp', '--iana')).toMatch(/^http /)
  })

  describe('keeps the code of a command that has run', () => {
    const folder = temporaryDirectory()
    afterAll(() => folder[Symbol.dispose]())

    const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): { status: number | null; stdout: string } =>
      spawnSync(process.execPath, [join(root, 'bin/plainwire.cjs'), ...args], {
        encoding: 'utf8',
        timeout: 30_000,
        env: { ...process.env, NODE_COMPILE_CACHE: folder.path, ...env },
      })
    const kept = (name: string): string[] =>
      readdirSync(folder.path, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith(`-${name}`))
        .map((path) => join(folder.path, path))

    test('for each command with its flags by itself, and of none that failed', () => {
      const first = run(['service', '80/tcp', '--iana'])
      expect([kept('service').length, kept('service--iana').length]).toEqual([0, 1])
      expect(run(['service', 'https/tcp', '--json', '--iana=true']).status).toBe(0)
      expect(run(['service', '443/tcp']).status).toBe(0)
      expect([kept('service').length, kept('service--iana').length]).toEqual([1, 1])
      expect(kept('service--json--iana')).toHaveLength(1)
      expect(run(['service', '80/tcp', '--iana'])).toMatchObject({ status: 0, stdout: first.stdout })
      expect(run(['get', 'http://127.0.0.1:1/']).status).toBe(7)
      expect(run(['nonsense']).status).toBe(2)
      expect(
        run(['service', '80/tcp', ...Array.from('abcdefgh', (letter) => `--${letter}${'x'.repeat(12)}`)]).status,
      ).toBe(2)
      expect([...kept('get'), ...kept('nonsense'), ...kept('help')]).toEqual([])
    })

    test('which the next run takes, unless it is not ours alone, or not code', () => {
      run(['host'])
      const [path = ''] = kept('host')
      const code = readFileSync(path)
      const uses = (): boolean => {
        const before = statSync(path).ino
        expect(run(['host']).status).toBe(0)
        return statSync(path).ino === before
      }
      expect(uses()).toBe(true)
      chmodSync(path, 0o666)
      expect(uses()).toBe(false)
      writeFileSync(path, 'no code')
      expect(uses()).toBe(false)
      expect(readFileSync(path).length).toBeGreaterThan(code.length / 2)
    })

    test('and runs where nothing can be kept', () => {
      const nowhere = join(folder.path, 'file')
      writeFileSync(nowhere, '')
      expect(run(['host'], { NODE_COMPILE_CACHE: nowhere }).status).toBe(0)
      expect(run(['host'], { NODE_DISABLE_COMPILE_CACHE: '1' }).status).toBe(0)
    })
  })

  test.each(['iterative', 'concurrent', 'thread-per-client'])('serves echo with %s', async (strategy) => {
    const args = [join(root, 'bin/plainwire.cjs'), 'serve', 'echo', '--strategy', strategy, '--listen', ':0', '--jsonl']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })
    const [line] = (await once(lines, 'line')) as [string]
    const { socket } = await connect({ host: '127.0.0.1', port: (JSON.parse(line) as { port: number }).port })
    socket.end('hola')
    let heard = ''
    for await (const piece of socket.setEncoding('utf8')) heard += String(piece)
    expect(heard).toBe('hola')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([143, null])
  })
})
