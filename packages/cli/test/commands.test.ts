import { hostname } from 'node:os'
import { describe, expect, test } from 'vitest'
import { plainwire, start } from './plainwire.ts'

const json = async (args: readonly string[]): Promise<unknown> => {
  const { stdout, stderr, exitCode } = await plainwire([...args, '--json'])
  expect(exitCode, stderr).toBe(0)
  return JSON.parse(stdout)
}

describe('commands that ask', () => {
  test('host', async () => {
    expect((await plainwire(['host'])).stdout).toBe(`${hostname()}\n`)
    expect(await json(['host'])).toEqual({ name: hostname() })
  })

  test('resolve gives an address for a name and a name for an address', async () => {
    expect((await plainwire(['resolve', 'localhost', '--ipv4'])).stdout).toBe('127.0.0.1\n')
    expect(await json(['resolve', '127.0.0.1'])).toMatchObject({ address: '127.0.0.1', family: 4 })
  })

  test('service reads both ways', async () => {
    expect((await plainwire(['service', '80/tcp'])).stdout).toMatch(/^http +80\/tcp/)
    expect(await json(['service', 'ntp/udp'])).toMatchObject({ name: 'ntp', port: 123, protocol: 'udp' })
  })

  test('time asks a server of our own where none is given, and says so on stderr', async () => {
    const { stdout, stderr, exitCode } = await plainwire(['time'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringMatching(/^No server given.*127\.0\.0\.1:\d+\n$/),
    })
    expect(stdout).toMatch(/^offset +[+-]\d+\.\d{3} ms$/m)
  })

  test('time --json has what a script needs', async () => {
    const answer = await json(['time', '--samples', '3'])
    expect(answer).toMatchObject({ stratum: 1, referenceId: 'LOCL', leap: 0, dropped: {} })
    expect((answer as { samples: unknown[] }).samples).toHaveLength(3)
    expect(Math.abs((answer as { offsetMs: number }).offsetMs)).toBeLessThan(1000)
  })

  test('time --trace explains every byte of request and answer, on stderr, within 80 columns', async () => {
    const { stderr } = await plainwire(['time', '-n', '1', '--trace'])
    const lines = stderr.split('\n').slice(1)
    const offsets = lines.flatMap((line) => /^ {2}([0-9a-f]{2}) {2}(?:[0-9a-f]{2,4} ?)+ +\S/.exec(line)?.[1] ?? [])
    const header = ['00', '01', '02', '03', '04', '08', '0c', '10', '18', '20', '28']
    expect(offsets).toEqual([...header, ...header])
    expect(stderr).toMatch(/^T4 \d{4}-\d\d-\d\dT.*\n.* = -?\d+\.\d{6} ms {2}offset$/m)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  test('get prints the body, and with --include the head', async () => {
    const { stdout } = await plainwire(['get', '--include'])
    expect(stdout).toMatch(/^HTTP\/1\.0 200 OK\n(?:[\w-]+: .*\n)+\n<!doctype html>\n/)
    expect((await plainwire(['get'])).stdout).toMatch(/^<!doctype html>\n/)
    expect(await json(['get', '--http', '1.1'])).toMatchObject({ version: '1.1', statusCode: 200, reasonPhrase: 'OK' })
  })

  test('get --stop-after takes one step more each time', async () => {
    const names = ['create', 'resolve', 'connect', 'send']
    for (const [index, step] of names.entries()) {
      const { stdout } = await plainwire(['get', '--stop-after', step])
      const shown = stdout.split('\n\n')[0] ?? ''
      expect([...shown.matchAll(/^\w+/gm)].map(String)).toEqual(names.slice(0, index + 1))
    }
    expect(await json(['get', '--stop-after', 'connect'])).toMatchObject({
      address: '127.0.0.1',
      stoppedAfter: 'connect',
    })
  })
})

describe('commands that serve', () => {
  test('echo, once, is there for one client and then ends', async () => {
    await using server = start([
      'serve',
      'echo',
      '--listen',
      ':0',
      '--strategy',
      'once',
      '--messages',
      '1',
      '--backlog',
      '7',
    ])
    const [, at] = await server.line(/listening on (127\.0\.0\.1:\d+) \(once, backlog 7\)/)
    await echo(at, 'hola')
    expect(await server.exited).toBe(0)
    expect(server.output()).toMatch(/sent 4 bytes/)
  })

  test('echo, iterative, stops after as many clients as it was told', async () => {
    await using server = start(['serve', 'echo', '--listen', ':0', '--strategy', 'iterative', '--max-connections', '2'])
    const [, at] = await server.line(/listening on (\S+)/)
    await echo(at, 'uno')
    await echo(at, 'dos')
    expect(await server.exited).toBe(0)
  })

  test('echo, thread-per-client, names a thread for each', async () => {
    await using server = start(['serve', 'echo', '--listen', ':0', '--strategy', 'thread-per-client'])
    const [, at] = await server.line(/listening on (\S+)/)
    await Promise.all([echo(at, 'uno'), echo(at, 'dos')])
    await server.line(/thread \d+ serves/)
    server.process.kill('SIGTERM')
    expect(await server.exited).toBe(143)
    const threads = [...server.output().matchAll(/thread (\d+) serves/g)].map(([, id]) => id)
    expect(new Set(threads).size).toBe(2)
  })

  test('http and time answer our own client', async () => {
    await using http = start(['serve', 'http', '--listen', ':0'])
    const [, url] = await http.line(/^(http:\S+)/)
    expect((await plainwire(['get', url ?? ''])).stdout).toMatch(/doctype/)
    await http.line(/GET \/ HTTP\/1\.0/)
    await using time = start(['serve', 'time', '--listen', ':0'])
    const [, server] = await time.line(/^(ntp:\S+)/)
    expect((await plainwire(['time', server ?? ''])).exitCode).toBe(0)
  })
})

test('a reader that has enough is no fault', async () => {
  await using list = start(['lesson', 'list'])
  list.process.stdout?.destroy()
  expect(await list.exited).toBe(0)
})

async function echo(at: string | undefined, text: string): Promise<void> {
  const { connect } = await import('@plainwire/socket-utils')
  const { socket } = await connect({ host: '127.0.0.1', port: Number(at?.split(':')[1]) })
  socket.end(text)
  let heard = ''
  for await (const piece of socket.setEncoding('utf8')) heard += String(piece)
  expect(heard).toBe(text)
}
