// No command waits for longer than it was told to: whoever the peer is, whatever stdin is, whether or not anybody reads.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describeWithPeer, temporaryDirectory } from '@plainwire/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MAIN, plainwire } from './plainwire.ts'

/** Accepts, reads, and never says a word. */
const silent = createServer((socket) => socket.on('error', () => {}).resume())
/** Sends a byte now and then, so that no time-out of a single read would ever fire. */
const dripping = createServer((socket) => {
  socket.write('HTTP/1.0 200 OK\r\nX-Long: ')
  const drip = setInterval(() => socket.write('H'), 30)
  socket.on('error', () => {}).on('close', () => clearInterval(drip))
})
const nobody = createSocket('udp4')
const queue: Socket[] = []
const ports = { silent: 0, dripping: 0, udp: 0 }

beforeAll(async () => {
  ports.silent = await listening(silent)
  ports.dripping = await listening(dripping)
  nobody.bind(0, '127.0.0.1')
  await once(nobody, 'listening')
  ports.udp = nobody.address().port
})
afterAll(async () => {
  for (const socket of queue) socket.destroy()
  for (const server of [silent, dripping]) server.close()
  await nobody[Symbol.asyncDispose]()
})

async function listening(server: Server): Promise<number> {
  await once(server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }), 'listening')
  return (server.address() as AddressInfo).port
}

interface Ended {
  readonly exitCode: number | null
  readonly stderr: string
}

const TIMEOUT_MS = 400

/** With stdin open, closed or at its end. Rejects if it is not gone long after its time. */
async function ends(args: readonly string[], stdin: 'open' | 'closed' | 'empty'): Promise<Ended> {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    stdio: [stdin === 'closed' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', PLAINWIRE_LANG: '', NO_COLOR: '1' },
  })
  if (stdin === 'empty') child.stdin?.end()
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout?.resume()
  const kill = globalThis.setTimeout(() => child.kill('SIGKILL'), 10_000)
  const [exitCode] = (await once(child, 'close')) as [number | null]
  clearTimeout(kill)
  child.stdin?.destroy()
  return { exitCode, stderr }
}

const COMMANDS: readonly (readonly [name: string, args: () => string[], exitCode: number])[] = [
  ['time, nobody answers', () => ['time', `127.0.0.1:${ports.udp}`], 28],
  ['time of several', () => ['time', `127.0.0.1:${ports.udp}`, `localhost:${ports.udp}`], 28],
  ['get, silent', () => ['get', `http://127.0.0.1:${ports.silent}/`], 28],
  ['get, dripping', () => ['get', `http://127.0.0.1:${ports.dripping}/`], 28],
  ['get, its data never ends', () => ['get', `http://127.0.0.1:${ports.silent}/`, '-d', '@-'], 28],
  ['get https, silent', () => ['get', `https://127.0.0.1:${ports.silent}/`], 28],
  ['port wait', () => ['port', 'wait', '127.0.0.1:1'], 1],
  ['dissect, nothing comes', () => ['dissect', 'auto', '-'], 28],
]

describe.each(COMMANDS)('%s', (_, args, exitCode) => {
  test.each(['open', 'closed', 'empty'] as const)('ends in time, stdin %s', async (stdin) => {
    const line = args()
    const ended = await ends([...line, '--timeout', `${TIMEOUT_MS}ms`], stdin)
    const readsStdin = line.includes('-') || line.includes('@-')
    // Without a byte to dissect that is the fault; without data to wait for, the server's silence is.
    const expected = line[0] === 'dissect' && readsStdin && stdin !== 'open' ? 2 : exitCode
    expect(ended.exitCode, ended.stderr).toBe(expected)
    expect(ended.stderr).toMatch(/^plainwire: .*\n$/)
  })
})

describe.skipIf(process.platform === 'win32')('a file that is none', () => {
  const folder = temporaryDirectory()
  const pipe = join(folder.path, 'pipe')
  const heldOpen = join(folder.path, 'held')
  for (const path of [pipe, heldOpen]) execFileSync('mkfifo', [path])
  afterAll(() => folder[Symbol.dispose]())

  test.each([
    ['dissect, a named pipe that nobody writes to', ['dissect', 'http', pipe]],
    ['get, its data from one', ['get', ':1', '-d', `@${pipe}`]],
    ['time, its keys from one', ['time', '127.0.0.1:1', '--keys', pipe]],
    ['dissect, a device without end', ['dissect', 'http', '/dev/zero']],
  ])('%s: ends in time', async (_, args) => {
    const startedAt = performance.now()
    const ended = await ends([...args, '--timeout', '300ms'], 'closed')
    expect(ended).toEqual({
      exitCode: 28,
      stderr: expect.stringMatching(/^plainwire: read .*: timed out after 300 ms/),
    })
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })

  test('is read to its end when somebody writes, late and in pieces', async () => {
    const reading = plainwire(['dissect', 'http', heldOpen, '--timeout', '20s'])
    const writer = await open(heldOpen, 'w') // returns when it is read from
    await writer.write('GET / HTTP')
    await setTimeout(60)
    await writer.write('/1.0\r\n\r\n')
    await writer.close()
    expect(await reading).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('request line') })
  })
})

describeWithPeer('python3', 'a black hole: a listener that does not accept, with its queue full', (python) => {
  test.skipIf(process.platform !== 'linux')('get and port check give up in time', async () => {
    // Without a thread that accepts, the kernel completes backlog + 1 handshakes and lets further SYNs go unanswered.
    const held = await stopAccepting(python)
    for (let connected = 0; connected < 8; connected++)
      queue.push(connect(held.port, '127.0.0.1').on('error', () => {}))
    await Promise.race([once(queue[0] as Socket, 'connect'), once(queue[1] as Socket, 'connect')])
    const url = `http://127.0.0.1:${held.port}/`
    expect(await ends(['get', url, '--timeout', '400ms'], 'closed')).toMatchObject({ exitCode: 28 })
    const checked = await ends(['port', 'check', `127.0.0.1:${held.port}`, '--timeout', '400ms'], 'closed')
    expect([0, 1]).toContain(checked.exitCode)
    await held.stop()
  })
})

/** A Python process that listens and sleeps. */
async function stopAccepting(python: string): Promise<{ port: number; stop: () => Promise<void> }> {
  const script =
    'import socket,sys,time\ns=socket.socket()\ns.bind(("127.0.0.1",0))\ns.listen(0)\nprint(s.getsockname()[1],flush=True)\ntime.sleep(60)'
  const child = spawn(python, ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return {
    port: Number(line),
    async stop() {
      child.kill()
      await once(child, 'exit')
    },
  }
}
