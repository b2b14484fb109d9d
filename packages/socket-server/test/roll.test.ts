// Processes that come and go while their server is told to do something else, and what it counts meanwhile.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Socket } from 'node:net'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryDirectory } from '@plainwire/testing'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { type ProcessesOptions, type ProcessGroup, serveProcesses, type ServerInfo } from '../src/index.ts'
import { ask, connectError, connectTo, converse, outcome, until } from './client.ts'

const running: ProcessGroup[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.close({ graceMs: 0 }))))

async function start(moduleUrl: string, options: ProcessesOptions = {}): Promise<ProcessGroup> {
  const server = await serveProcesses(moduleUrl, { processes: 1, ...options })
  running.push(server)
  return server
}

/** A module that echoes, and whose import waits while the gate is shut; a message `hold` is answered once it may be. */
interface Gated {
  readonly url: string
  shut(): void
  open(): void
  release(): void
  /** The processes that have begun to import it. */
  pids(): readonly number[]
}

function gated({ meanwhile = 'await sleep(5)', leftovers = '' } = {}): Gated {
  const directory = temporaryDirectory()
  onTestFinished(() => directory[Symbol.dispose]())
  const [gate, released, log] = ['shut', 'released', 'log'].map((name) => join(directory.path, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(log, '')
  const source = `
    import { appendFileSync, existsSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    ${leftovers}
    appendFileSync(${JSON.stringify(log)}, process.pid + ' ')
    while (existsSync(${JSON.stringify(gate)})) ${meanwhile}
    export default async (connection) => {
      for await (const message of connection) {
        while (String(Buffer.from(message)) === 'hold' && !existsSync(${JSON.stringify(released)})) await sleep(5)
        await connection.write(message)
      }
    }`
  return {
    url: `data:text/javascript,${encodeURIComponent(source)}`,
    shut: () => writeFileSync(gate, ''),
    open: () => rmSync(gate),
    release: () => writeFileSync(released, ''),
    pids: () => readFileSync(log, 'utf8').split(' ').slice(0, -1).map(Number),
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** All that `info` tells until `over`. */
async function watch(server: ProcessGroup, over: Promise<unknown>): Promise<readonly ServerInfo[]> {
  const seen: ServerInfo[] = []
  const watching = new AbortController()
  const end = (): void => watching.abort()
  over.then(end, end)
  while (!watching.signal.aborted) {
    seen.push(server.info())
    await sleep(5)
  }
  return seen
}

async function talkers(server: ProcessGroup, count: number): Promise<readonly Socket[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => connectTo(server.port)))
  await Promise.all(clients.map((client) => ask(client, 'x')))
  for (const client of clients) client.on('end', () => client.end())
  return clients
}

/** Connects, and is served only once the server resumes. */
async function expectSuspended(server: ProcessGroup): Promise<void> {
  expect(server.info().state).toBe('suspended')
  const client = await connectTo(server.port)
  let replied = false
  const reply = ask(client, 'hello').then((text) => {
    replied = true
    return text
  })
  await sleep(200)
  expect(replied).toBe(false)
  server.resume()
  expect(await reply).toBe('hello')
  client.end()
}

const sharesSocket = typeof net.BoundSocket === 'function' && process.platform !== 'win32'

describe.runIf(sharesSocket)('close() while roll() waits for a process that comes up', () => {
  test('ends that one, too, and roll() with it', async () => {
    const module = gated()
    const server = await start(module.url)
    module.shut()
    const rolling = server.roll()
    await until(() => module.pids().length === 2)
    await server.close({ graceMs: Infinity })
    expect(server.info().state).toBe('closed')
    await rolling
    expect(module.pids().map(isAlive)).toEqual([false, false])
    module.open()
    expect(await connectError(server.port)).toBe('ECONNREFUSED')
  })

  test('ends one whose module loops, without waiting for a grace that is nobody’s', async () => {
    const module = gated({ meanwhile: ';' })
    const server = await start(module.url)
    module.shut()
    const rolling = server.roll()
    await until(() => module.pids().length === 2)
    await server.close({ graceMs: Infinity })
    await rolling
    expect(module.pids().map(isAlive)).toEqual([false, false])
  })

  test('or for one that drains', async () => {
    const module = gated()
    const server = await start(module.url)
    const client = await connectTo(server.port)
    client.write('hold')
    await until(() => server.info().bytesRead === 4)
    const over = outcome(client)
    const rolling = server.roll({ graceMs: Infinity })
    await until(() => server.processes()[0]?.pid === module.pids()[1])
    await server.close({ graceMs: 50 })
    await Promise.all([over, rolling])
    expect(module.pids().map(isAlive)).toEqual([false, false])
    expect(server.info()).toMatchObject({ accepted: 1, open: 0, closed: { drain: 1 } })
  })
})

describe.runIf(sharesSocket)('a process that still imports its module', () => {
  test('hears of a resume() during roll()', async () => {
    const module = gated()
    const server = await start(module.url)
    server.suspend()
    module.shut()
    const rolling = server.roll()
    await until(() => module.pids().length === 2)
    server.resume()
    module.open()
    await rolling
    expect(server.info().state).toBe('listening')
    expect(await converse(server.port, 'hello')).toBe('hello')
  })

  test('hears of a suspend() during roll()', async () => {
    const module = gated()
    const server = await start(module.url)
    module.shut()
    const rolling = server.roll()
    await until(() => module.pids().length === 2)
    server.suspend()
    module.open()
    await rolling
    await expectSuspended(server)
  })

  test('hears of a suspend() when it takes the place of one that crashed', async () => {
    const module = gated()
    const server = await start(module.url)
    module.shut()
    process.kill(server.processes()[0]?.pid ?? 0, 'SIGKILL')
    await until(() => module.pids().length === 2)
    server.suspend()
    module.open()
    await until(() => server.processes()[0]?.state === 'listening')
    await expectSuspended(server)
  })

  test('gives way to a newer one of roll(), when it has taken the place of one that crashed', async () => {
    const module = gated()
    const server = await start(module.url)
    module.shut()
    process.kill(server.processes()[0]?.pid ?? 0, 'SIGKILL')
    await until(() => module.pids().length === 2)
    const rolling = server.roll()
    await until(() => module.pids().length === 3)
    module.open()
    await rolling
    expect(server.processes()).toMatchObject([{ pid: module.pids()[2], state: 'listening' }])
    expect(module.pids().map(isAlive)).toEqual([false, false, true])
  })
})

describe.runIf(sharesSocket)('info() of processes', () => {
  test('counts those that drain during roll()', async () => {
    const module = gated()
    const server = await start(module.url)
    const clients = await talkers(server, 5)
    for (const client of clients) client.write('hold')
    await until(() => server.info().bytesRead === 25)
    const rolling = server.roll({ graceMs: 5000 })
    const watched = watch(server, rolling)
    await until(() => server.processes()[0]?.pid === module.pids()[1])
    await sleep(300) // longer than its figures may be old
    expect(server.info()).toMatchObject({ accepted: 5, open: 5, bytesRead: 25 })
    module.release()
    await rolling
    expect(new Set((await watched).map(({ accepted, bytesRead }) => `${accepted} ${bytesRead}`))).toEqual(
      new Set(['5 25']),
    )
    expect(server.info()).toMatchObject({ accepted: 5, open: 0 })
  })

  test('counts those that end once, though what their module left running keeps them', async () => {
    const module = gated({ leftovers: 'setInterval(() => {}, 1000)' })
    const exited = Promise.withResolvers<unknown>()
    const server = await start(module.url, { onProcessExit: exited.resolve })
    await talkers(server, 3)
    await until(() => server.info().accepted === 3)
    const watched = watch(server, exited.promise)
    process.kill(server.processes()[0]?.pid ?? 0, 'SIGTERM')
    expect(await exited.promise).toMatchObject({ code: 0, lostConnections: 0 })
    expect(new Set((await watched).map(({ accepted }) => accepted))).toEqual(new Set([3]))
    expect(server.info()).toMatchObject({ accepted: 3, open: 0 })
  })

  test('has a peak of those that were open at one time', async () => {
    const module = gated()
    const server = await start(module.url)
    const clients = await talkers(server, 5)
    await until(() => server.info().open === 5)
    for (const client of clients) client.destroy()
    for (const accepted of [6, 7]) {
      await server.roll()
      const [client] = (await talkers(server, 1)) as [Socket]
      await until(() => server.info().accepted === accepted)
      client.destroy()
      expect(server.info().peak).toBe(5)
    }
  })

  test('has a peak of all processes together, and of those that nobody looked at', async () => {
    const module = gated()
    const server = await start(module.url)
    const held = await talkers(server, 2)
    for (const client of held) client.write('hold')
    await until(() => server.info().bytesRead === 10)
    const rolling = server.roll({ graceMs: 5000 })
    await until(() => server.processes()[0]?.pid === module.pids()[1])
    await sleep(300) // the old one still accepts for a moment, and would end them
    const more = await talkers(server, 2)
    await until(() => server.info().open === 4)
    module.release()
    await rolling
    for (const client of [...held, ...more]) client.destroy()
    await until(() => server.info().open === 0)
    expect(server.info().peak).toBe(4)
    await Promise.all(Array.from({ length: 6 }, () => converse(server.port, 'short')))
    await until(() => server.info().accepted === 10)
    expect(server.info().peak).toBeLessThanOrEqual(6)
    expect(server.info().peak).toBeGreaterThanOrEqual(4)
  })
})
