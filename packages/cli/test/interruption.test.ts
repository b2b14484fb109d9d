import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import http from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

interface Ended {
  readonly exitCode: number | null
  readonly stderr: string
  readonly afterMs: number
}

/** In a process group of its own, as a shell starts it. */
function start(args: readonly string[]) {
  return spawn(process.execPath, [MAIN, ...args], {
    detached: true,
    env: { ...process.env, LC_ALL: 'C.UTF-8', PLAINWIRE_LANG: '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs the command and presses Ctrl-C when it prints the line. */
async function interruptedAt(line: RegExp, args: readonly string[]): Promise<Ended> {
  const child = start(args)
  const group = -(child.pid ?? 0)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  let pressedAt = NaN
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (!line.test(text) || pressedAt > 0) return
    pressedAt = performance.now()
    process.kill(group, 'SIGINT')
  })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  // Whoever is left of the group would still be found by it.
  expect(() => process.kill(group, 0)).toThrow('ESRCH')
  expect(pressedAt, `${args.join(' ')} printed no ${line}`).toBeGreaterThan(0)
  return { exitCode, stderr, afterMs: performance.now() - pressedAt }
}

/** As `| head -1` does: the pipe closes after the first line. */
async function unreadAfter(args: readonly string[]): Promise<{ exitCode: number | null; stderr: string }> {
  const child = start(args)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout.once('data', () => child.stdout.destroy())
  const [exitCode] = (await once(child, 'exit')) as [number | null]
  expect(() => process.kill(-(child.pid ?? 0), 0)).toThrow('ESRCH')
  return { exitCode, stderr }
}

const onWindows = process.platform === 'win32'

describe.skipIf(onWindows)('Ctrl-C in the middle of a lesson ends it and its program, and exits with 130', () => {
  test.each(['server-02', 'server-03', 'server-04', 'server-05'])('%s, while it waits for a client', async (lesson) => {
    const { exitCode, stderr } = await interruptedAt(/listening on/, ['lesson', lesson, '0'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: 'plainwire: stopped\n' })
  })

  test.each(['basics-04', 'basics-05'])('%s, while it waits for an answer', async (lesson) => {
    await using silent = createSocket('udp4')
    silent.bind(0, '127.0.0.1')
    await once(silent, 'listening')
    const ended = await interruptedAt(/\$ node/, ['lesson', lesson, `127.0.0.1:${silent.address().port}`])
    expect(ended).toMatchObject({ exitCode: 130, stderr: 'plainwire: stopped\n' })
  })

  test('socket-05, while it waits for a response', async () => {
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`
    const ended = await interruptedAt(/\$ node/, ['lesson', 'socket-05', url])
    expect(ended).toMatchObject({ exitCode: 130, stderr: 'plainwire: stopped\n' })
    silent.close()
    await once(silent, 'close') // only when no connection is left
  })

  test.each(['basics-01', 'basics-02', 'basics-03', 'socket-01', 'socket-02', 'socket-03', 'socket-04', 'server-01'])(
    '%s, as it starts',
    { retry: 4 }, // over in a tenth of a second: a busy machine may press the key too late
    async (lesson) => {
      const { exitCode } = await interruptedAt(/\$ node/, ['lesson', lesson])
      expect(exitCode).toBe(130)
    },
  )
})

describe.skipIf(onWindows)('Ctrl-C ends the tour in any lesson', () => {
  test.each([/^basics-04/, /^ {2}listening on .* with a backlog of 10$/])('at %s', async (line) => {
    const { exitCode, stderr } = await interruptedAt(line, ['tour'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: 'plainwire: stopped\n' })
  })
})

describe.skipIf(onWindows)('Ctrl-C ends a server', () => {
  test.each([
    ['serve', 'echo', '--listen', ':0', '--strategy', 'bind-only'],
    ['serve', 'echo', '--listen', ':0', '--strategy', 'once'],
    ['serve', 'echo', '--listen', ':0', '--strategy', 'iterative'],
    ['serve', 'echo', '--listen', ':0', '--strategy', 'concurrent'],
    ['serve', 'echo', '--listen', ':0', '--strategy', 'thread-per-client'],
    ['serve', 'http', '--listen', ':0'],
    ['serve', 'time', '--listen', ':0'],
  ])('%s %s %s %s %s %s', async (...args) => {
    const { exitCode, stderr, afterMs } = await interruptedAt(/127\.0\.0\.1:\d+/, args.filter(Boolean))
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: 'plainwire: stopped\n' })
    expect(afterMs).toBeLessThan(5000) // the grace of a server that has clients; it has none
  })
})

test.skipIf(onWindows)('a tour that nobody reads on ends quietly, and its programs with it', async () => {
  expect(await unreadAfter(['tour'])).toEqual({ exitCode: 0, stderr: '' })
})

describe.skipIf(onWindows)('Ctrl-C is not kept waiting by a reader of stdout that does not read', () => {
  test.each([[[]], [['--json']]])('get of a megabyte %j', async (flags) => {
    const origin = http.createServer((_, response) => response.end('x'.repeat(1 << 20))).listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const { port } = origin.address() as AddressInfo
    const child = start(['get', `http://127.0.0.1:${port}/`, ...flags])
    // What has come can be read, and is not.
    await once(child.stdout.pause(), 'readable')
    process.kill(child.pid ?? 0, 'SIGINT')
    const [exitCode] = (await once(child, 'exit')) as [number | null]
    expect(exitCode).toBe(130)
    child.stdout.destroy()
    origin.close()
  })
})

test.skipIf(process.platform !== 'linux')('an answer that cannot be written exits with 23', () => {
  const full = openSync('/dev/full', 'w')
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'host'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  })
  closeSync(full)
  expect({ status, stderr }).toEqual({ status: 23, stderr: expect.stringMatching(/^plainwire: stdout: ENOSPC.*\n$/) })
})
