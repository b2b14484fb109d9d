// The command as people install it: packed, alone in an empty folder, with nothing of this repository in reach.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
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
