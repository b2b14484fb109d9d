import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Peer, runNode } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { connectTo, converse, outcome, reply } from './client.ts'

const example = (name: string, port = '0'): Peer =>
  runNode(fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url)), [port])

async function portOf(program: Peer): Promise<number> {
  const [, port] = await program.line(/ 127\.0\.0\.1:(\d+)/)
  return Number(port)
}

test('server-01 binds, says that nobody listens, and ends', async () => {
  await using program = example('server-01-bind')
  const port = await portOf(program)
  expect(await program.exited).toBe(0)
  expect(program.output()).toBe(
    `bound to 127.0.0.1:${port}\nnothing listens there yet: a client that connects is refused`,
  )
})

test('server-02 waits until a client comes, prints who it was, and ends', async () => {
  await using program = example('server-02-accept')
  const port = await portOf(program)
  const listening = `listening on 127.0.0.1:${port} with a backlog of 5`
  expect(program.output()).toBe(listening)
  const client = await connectTo(port)
  const from = client.localPort
  expect(await outcome(client)).toEqual({ text: '', end: 'FIN' })
  expect(await program.exited).toBe(0)
  expect(program.output()).toBe(`${listening}\naccepted 127.0.0.1:${from}`)
})

describe('server-03', () => {
  test('prints one message and sends it back', async () => {
    await using program = example('server-03-echo-once')
    const port = await portOf(program)
    const client = await connectTo(port)
    const from = client.localPort
    client.write('caf\u00e9\n')
    expect(await outcome(client)).toEqual({ text: 'caf\u00e9\n', end: 'FIN' })
    expect(await program.exited).toBe(0)
    expect(program.output().split('\n')).toEqual([
      `listening on 127.0.0.1:${port} with a backlog of 5`,
      `accepted 127.0.0.1:${from}`,
      'received 6 bytes: "caf\u00e9\\n"',
      'sent 6 bytes back',
    ])
  })

  test('says so if the client sends none', async () => {
    await using program = example('server-03-echo-once')
    expect(await converse(await portOf(program), '')).toBe('')
    expect(await program.exited).toBe(0)
    expect(program.output()).toMatch(/\nreceived nothing: the client has finished$/)
  })
})

describe('server-04', () => {
  test('serves one at a time and stops on an empty message', async () => {
    await using program = example('server-04-iterative')
    const port = await portOf(program)
    const first = await connectTo(port)
    const second = await connectTo(port)
    const ports = [first.localPort, second.localPort]
    second.write('too early')
    first.write('abc')
    expect(await reply(first)).toBe('abc')
    await program.line(/^connection 1 from/)
    expect(program.output()).not.toContain('connection 2')
    first.end()
    expect(await reply(second)).toBe('too early')
    second.end()
    expect((await outcome(second)).end).toBe('FIN')
    expect(await converse(port, '')).toBe('')
    expect(await program.exited).toBe(0)
    expect(
      program
        .output()
        .replace(/(connection 3 from 127.0.0.1):\d+/, '$1')
        .split('\n'),
    ).toEqual([
      `listening on 127.0.0.1:${port} with a backlog of 10`,
      `connection 1 from 127.0.0.1:${ports[0]}`,
      'connection 1 ended after 3 bytes',
      `connection 2 from 127.0.0.1:${ports[1]}`,
      'connection 2 ended after 9 bytes',
      'connection 3 from 127.0.0.1',
      'connection 3 ended after 0 bytes',
      'stopped after 3 connections: an empty message',
    ])
  })

  test('stops after ten', async () => {
    await using program = example('server-04-iterative')
    const port = await portOf(program)
    for (let i = 0; i < 10; i++) expect(await converse(port, `client ${i}`)).toBe(`client ${i}`)
    expect(await program.exited).toBe(0)
    expect(program.output()).toMatch(/connection 10 ended after 8 bytes\nstopped after 10 connections: that is all$/)
  })
})

test('server-05 serves each client in a thread of its own until Ctrl-C', async () => {
  await using program = example('server-05-thread-per-client')
  const port = await portOf(program)
  const clients = [await connectTo(port), await connectTo(port)]
  const threads: string[] = []
  for (const client of clients) {
    client.write('hello')
    expect(await reply(client)).toBe('hello')
    const [, thread] = await program.line(new RegExp(`^thread (\\d+) serves 127\\.0\\.0\\.1:${client.localPort}$`))
    threads.push(String(thread))
  }
  expect(new Set(threads).size).toBe(2)
  for (const [i, client] of clients.entries()) {
    client.end()
    await outcome(client)
    await program.line(new RegExp(`^thread ${threads[i]} is done after 5 bytes$`))
  }
  program.process.kill('SIGINT')
  expect(await program.exited).toBe(0)
  expect(program.output()).toMatch(
    new RegExp(`^listening on 127\\.0\\.0\\.1:${port} with a backlog of 10, a thread for each client\n`),
  )
})

describe.each([
  'server-01-bind',
  'server-02-accept',
  'server-03-echo-once',
  'server-04-iterative',
  'server-05-thread-per-client',
])('%s', (name) => {
  test('says in one line what is wrong with its port', async () => {
    await using wrong = example(name, '70000')
    expect(await wrong.exited).toBe(1)
    expect(wrong.output()).toBe('RangeError: port must be 0 to 65535, got "70000"')

    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    await using taken = example(name, String(port))
    expect(await taken.exited).toBe(1)
    expect(taken.output()).toMatch(
      new RegExp(
        `^NetworkError: (bind to|listen on) 127\\.0\\.0\\.1:${port}: address already in use \\(EADDRINUSE\\)$`,
      ),
    )
    other.close()
  })
})
